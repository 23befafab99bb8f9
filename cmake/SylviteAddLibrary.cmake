# What the libraries, tools and unit tests of Sylvite have in common.
#
#   sylvite_add_library(NAME source... [DEPENDS target...] [LINK library...])
#   sylvite_add_tool(NAME source... [DEPENDS target...] [LINK library...])
#   sylvite_add_unittest(NAME source... [DEPENDS target...] [LINK library...])
#
# A further argument NO_PCH keeps the precompiled header away, for sources that
# hardly include MLIR.
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
target_compile_features(sylvite_mlir INTERFACE cxx_std_20)
target_link_libraries(sylvite_mlir INTERFACE MLIR LLVM)

# _sylvite_add_pch(NAME LINK library... HEADERS header...)
#
# Makes a precompiled header of the headers. target_precompile_headers() is not
# used because it writes a header into the build folder, whose path then lies
# inside the precompiled file, and no two clones could share what ccache holds.
# Here all paths are those of the packages: a header of MLIR is the source, the
# given ones are included before it.
function(_sylvite_add_pch name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "LINK;HEADERS")
  find_file(SYLVITE_PCH_SOURCE mlir/Transforms/GreedyPatternRewriteDriver.h
    PATHS ${MLIR_INCLUDE_DIRS} NO_DEFAULT_PATH REQUIRED)
  set_source_files_properties("${SYLVITE_PCH_SOURCE}"
    PROPERTIES LANGUAGE CXX)
  add_library(${name} OBJECT "${SYLVITE_PCH_SOURCE}")
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  foreach(header IN LISTS ARG_HEADERS)
    target_compile_options(${name} PRIVATE "SHELL:-include ${header}")
  endforeach()
  target_compile_options(${name} PRIVATE
    -fpch-instantiate-templates "SHELL:-x c++-header")
  # Depending on the object library itself would not wait for its object.
  add_custom_target(${name}_built DEPENDS $<TARGET_OBJECTS:${name}>)
endfunction()

# One precompiled header for all: the MLIR headers that nearly every source
# includes anyway. Sources still include what they use. That of the unit tests
# has GoogleTest as well.
if(SYLVITE_USE_PCH AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(headers
    mlir/Dialect/Arith/IR/Arith.h
    mlir/Dialect/Func/IR/FuncOps.h
    mlir/Dialect/Tensor/IR/Tensor.h
    mlir/IR/Builders.h
    mlir/IR/BuiltinOps.h
    mlir/IR/DialectImplementation.h
    mlir/IR/PatternMatch.h
    mlir/Interfaces/InferTypeOpInterface.h
    mlir/Interfaces/SideEffectInterfaces.h
    mlir/Pass/Pass.h
    mlir/Pass/PassManager.h
    llvm/ADT/TypeSwitch.h
    llvm/Support/Debug.h
    llvm/Support/FormatVariadic.h
  )
  _sylvite_add_pch(sylvite_pch LINK sylvite_mlir HEADERS ${headers})
  if(SYLVITE_BUILD_TESTS)
    _sylvite_add_pch(sylvite_unittest_pch LINK sylvite_mlir GTest::gmock
      HEADERS ${headers} gmock/gmock.h)
  endif()
endif()

# What the three functions below share; PCH names the precompiled header.
function(_sylvite_configure_target name pch)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "NO_PCH" "" "DEPENDS;LINK")
  target_link_libraries(${name} PUBLIC ${ARG_LINK} sylvite_mlir)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(TARGET ${pch} AND NOT ARG_NO_PCH)
    add_dependencies(${name} ${pch}_built)
    target_compile_options(${name} PRIVATE
      "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include-pch $<TARGET_OBJECTS:${pch}>>")
  endif()
endfunction()

function(sylvite_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${name} sylvite_pch ${ARGN})
endfunction()

function(sylvite_add_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${name} sylvite_pch ${ARGN})
  set_property(GLOBAL APPEND PROPERTY SYLVITE_TOOLS ${name})
endfunction()

function(sylvite_add_unittest name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_PCH" "" "DEPENDS;LINK")
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _sylvite_configure_target(${name} sylvite_unittest_pch ${ARGN})
  target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest_main)
  # lit looks for files with this suffix; bin/ stays for the tools.
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  set_property(GLOBAL APPEND PROPERTY SYLVITE_UNITTESTS ${name})
endfunction()
