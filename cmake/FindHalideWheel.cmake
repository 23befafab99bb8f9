# Halide as the Python wheel ships it. The wheel's own HalideConfig.cmake needs
# a newer CMake than Debian 12 has, and PNG and JPEG besides; this needs neither.
#
# Input:   HALIDE_ROOT, the folder with include/Halide.h. Its default is the
#          virtual environment in the source tree (scripts/setup makes it), else
#          the environment variable of the same name.
# Result:  target Halide::Halide; HALIDE_LIBRARY_DIR, for run paths.
if(NOT HALIDE_ROOT)
  file(GLOB candidates
    "${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/halide")
  if(candidates)
    list(GET candidates 0 default)
  else()
    set(default "$ENV{HALIDE_ROOT}")
  endif()
  set(HALIDE_ROOT "${default}" CACHE PATH "folder of the halide wheel" FORCE)
endif()

find_path(HALIDE_INCLUDE_DIR Halide.h
  PATHS "${HALIDE_ROOT}/include" NO_DEFAULT_PATH)
find_library(HALIDE_LIBRARY Halide
  PATHS "${HALIDE_ROOT}/lib64" "${HALIDE_ROOT}/lib" NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HalideWheel
  REQUIRED_VARS HALIDE_LIBRARY HALIDE_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run scripts/setup, or pass -DHALIDE_ROOT=FOLDER")

if(HalideWheel_FOUND AND NOT TARGET Halide::Halide)
  get_filename_component(HALIDE_LIBRARY_DIR "${HALIDE_LIBRARY}" DIRECTORY)
  add_library(Halide::Halide SHARED IMPORTED)
  # Without HALIDE_WITH_EXCEPTIONS an error of Halide ends the process.
  set_target_properties(Halide::Halide PROPERTIES
    IMPORTED_LOCATION "${HALIDE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${HALIDE_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS
      "HALIDE_VERSION_MAJOR=21;HALIDE_VERSION_MINOR=0;HALIDE_VERSION_PATCH=0;HALIDE_ENABLE_RTTI;HALIDE_WITH_EXCEPTIONS")
endif()
