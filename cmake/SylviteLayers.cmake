# The folders of lib/ (and include/sylvite/) in the order of the flow. A folder
# may use the ones above it as scripts/check-layers.py states, never one below.
# Runtime stands first because it knows nothing of the compiler.
set(SYLVITE_LAYERS
  Runtime
  Support
  Dialect/Graph
  Dialect/Halide
  Models
  Import
  Fusion
  Reference
  Precision
  Kernels
  Schedule
  Emit/Halide
  Emit/Host
  Package
  Pipelines
  Measure
)

# Adds the sub-folders of the current folder that exist, in the order given.
function(sylvite_add_subdirectories)
  foreach(folder IN LISTS ARGN)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()
