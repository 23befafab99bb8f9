# Writes the text of INPUTS (files, separated by commas), as a string of C++, to
# OUTPUT.
string(REPLACE "," ";" inputs "${INPUTS}")
set(strings "")
foreach(input IN LISTS inputs)
  file(READ "${input}" text)
  string(APPEND strings "R\"cpp(${text})cpp\"\n")
endforeach()
file(WRITE "${OUTPUT}.new" "${strings}")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
