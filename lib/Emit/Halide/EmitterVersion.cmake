# Writes the hash over the sources below this folder, as a string of C++, to OUTPUT.
# Objects in the cache of kernels are known by it.
file(GLOB_RECURSE sources "${SOURCE_DIR}/*.cpp" "${SOURCE_DIR}/*.h")
list(SORT sources)
set(text "")
foreach(source IN LISTS sources)
  file(SHA256 "${source}" hash)
  string(APPEND text "${hash}")
endforeach()
string(SHA256 hash "${text}")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "\"${hash}\"\n")
