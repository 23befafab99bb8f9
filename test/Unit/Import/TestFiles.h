//===- TestFiles.h - Files that a test writes and forgets -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Files that a test writes and forgets.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_UNIT_IMPORT_TESTFILES_H
#define SYLVITE_UNIT_IMPORT_TESTFILES_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <string>

namespace sylvite::test {

/// A folder that is removed with all that is in it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("sylvite-import", path));
  }
  ~TemporaryFolder() { llvm::sys::fs::remove_directories(path); }

  std::string getPath() const { return std::string(path); }

  /// The path of `name` in the folder.
  std::string operator/(llvm::StringRef name) const {
    llvm::SmallString<128> joined(path);
    llvm::sys::path::append(joined, name);
    return std::string(joined);
  }

  /// Writes a file and gives its path.
  std::string write(llvm::StringRef name, llvm::StringRef contents) const {
    std::string file = *this / name;
    std::error_code code;
    llvm::raw_fd_ostream os(file, code);
    EXPECT_FALSE(code) << code.message();
    os << contents;
    return file;
  }

  /// The names in the folder, sorted.
  std::vector<std::string> list() const {
    std::vector<std::string> names;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator i(path, code), end;
         i != end && !code; i.increment(code))
      names.push_back(llvm::sys::path::filename(i->path()).str());
    llvm::sort(names);
    return names;
  }

private:
  llvm::SmallString<128> path;
};

/// The contents of a file.
inline std::string slurp(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  EXPECT_TRUE(bool(buffer)) << path.str();
  return buffer ? (*buffer)->getBuffer().str() : "";
}

/// A safetensors file with this header and so many bytes of data, which count
/// up from zero.
inline std::string makeSafeTensors(llvm::StringRef header, size_t dataSize) {
  std::string file(8, '\0');
  llvm::support::endian::write64le(file.data(), header.size());
  file += header;
  for (size_t i = 0; i < dataSize; ++i)
    file += char(i);
  return file;
}

/// The message of what must be an error.
template <typename T>
std::string messageOf(llvm::Expected<T> result) {
  if (result) {
    ADD_FAILURE() << "expected an error";
    return "";
  }
  return llvm::toString(result.takeError());
}

inline std::string messageOf(llvm::Error error) {
  EXPECT_TRUE(bool(error)) << "expected an error";
  return llvm::toString(std::move(error));
}

} // namespace sylvite::test

/// Expects success of an llvm::Error, and prints the error otherwise.
#define EXPECT_SUCCESS(EXPRESSION) EXPECT_EQ("", llvm::toString(EXPRESSION))

/// Takes the value out of an llvm::Expected, or ends the test with the error.
#define ASSERT_VALUE(VARIABLE, EXPRESSION)                                     \
  auto VARIABLE##OrError = EXPRESSION;                                         \
  ASSERT_TRUE(bool(VARIABLE##OrError))                                         \
      << llvm::toString(VARIABLE##OrError.takeError());                        \
  auto &VARIABLE = *VARIABLE##OrError

#endif // SYLVITE_UNIT_IMPORT_TESTFILES_H
