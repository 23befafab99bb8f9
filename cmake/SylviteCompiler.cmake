# Settings of the compiler and the linker that hold for every target.

# Objects of libraries and of tools are all -fPIC: with CMake's own switch the
# tools would be -fPIE, and clang refuses a precompiled header across the two.
add_compile_options(-fPIC)

add_compile_options(-Wall -Wextra -Wno-unused-parameter
                    $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
if(SYLVITE_WERROR)
  add_compile_options(-Werror)
endif()

# Colours survive Ninja's buffering.
set(CMAKE_COLOR_DIAGNOSTICS ON)

if(SYLVITE_SANITIZERS)
  add_compile_options(-fsanitize=${SYLVITE_SANITIZERS} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SYLVITE_SANITIZERS})
endif()

# Code tells libFuzzer which ways it took.
if(SYLVITE_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Static archives of ours carry what no tool may use; the linker drops it.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

# ccache, with the settings under which precompiled headers hit as well. They
# travel in the launcher, so that nothing has to be exported by hand. The base
# directory makes paths relative, and so several clones share their hits.
if(SYLVITE_USE_CCACHE)
  find_program(CCACHE_PROGRAM ccache)
  if(CCACHE_PROGRAM)
    set(launcher
      "${CMAKE_COMMAND}" -E env
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
      "CCACHE_NOHASHDIR=1"
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "${CCACHE_PROGRAM}")
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # A time stamp inside the precompiled header would make each one new.
      add_compile_options(
        "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
    endif()
  endif()
endif()
