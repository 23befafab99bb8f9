# What the libraries, tools and unit tests of Sylvite have in common.
#
#   sylvite_add_library(NAME source... [DEPENDS target...] [LINK library...])
#   sylvite_add_tool(NAME source... [DEPENDS target...] [LINK library...])
#   sylvite_add_unittest(NAME source... [DEPENDS target...] [LINK library...])
#
# DEPENDS names TableGen targets; LINK names libraries, which bring the TableGen
# targets that they depend on along. MLIR and LLVM are always linked, as shared
# libraries: MLIR does not export LLVM, so both are named. add_mlir_library()
# is not used because it adds -fno-exceptions.

# Include paths, definitions and libraries of MLIR and LLVM.
add_library(sylvite_mlir INTERFACE)
target_include_directories(sylvite_mlir SYSTEM INTERFACE
  ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(sylvite_mlir INTERFACE ${definitions})
target_include_directories(sylvite_mlir INTERFACE
  "${CMAKE_SOURCE_DIR}/include" "${CMAKE_BINARY_DIR}/include")
target_link_libraries(sylvite_mlir INTERFACE MLIR LLVM)

# One precompiled header for all: the MLIR headers that nearly every source
# includes anyway. Sources still include what they use.
if(SYLVITE_USE_PCH)
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/pch/pch.cpp"
       CONTENT "// Holds the shared precompiled header.\n")
  add_library(sylvite_pch STATIC "${CMAKE_BINARY_DIR}/pch/pch.cpp")
  target_link_libraries(sylvite_pch PRIVATE sylvite_mlir)
  target_precompile_headers(sylvite_pch PRIVATE
    <mlir/Dialect/Arith/IR/Arith.h>
    <mlir/Dialect/Func/IR/FuncOps.h>
    <mlir/Dialect/Tensor/IR/Tensor.h>
    <mlir/IR/Builders.h>
    <mlir/IR/BuiltinOps.h>
    <mlir/IR/DialectImplementation.h>
    <mlir/IR/PatternMatch.h>
    <mlir/Interfaces/InferTypeOpInterface.h>
    <mlir/Interfaces/SideEffectInterfaces.h>
    <mlir/Pass/Pass.h>
    <mlir/Pass/PassManager.h>
    <mlir/Transforms/GreedyPatternRewriteDriver.h>
    <llvm/ADT/TypeSwitch.h>
    <llvm/Support/Debug.h>
    <llvm/Support/FormatVariadic.h>
    <llvm/Support/raw_ostream.h>
    <memory>
    <string>
    <vector>
  )
endif()

function(_sylvite_configure_target name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  target_link_libraries(${name} PUBLIC ${ARG_LINK} sylvite_mlir)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(SYLVITE_USE_PCH AND NOT ARG_NO_PCH)
    target_precompile_headers(${name} REUSE_FROM sylvite_pch)
  endif()
endfunction()

function(sylvite_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${ARGV})
endfunction()

function(sylvite_add_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${ARGV})
  set_property(GLOBAL APPEND PROPERTY SYLVITE_TOOLS ${name})
endfunction()

function(sylvite_add_unittest name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${ARGV})
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main)
  # lit looks for files with this suffix; bin/ stays for the tools.
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  set_property(GLOBAL APPEND PROPERTY SYLVITE_UNITTESTS ${name})
endfunction()
