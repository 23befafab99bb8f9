//===- TempFolder.h - A folder for one test ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A folder for one test, removed at its end.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_UNIT_PACKAGE_TEMPFOLDER_H
#define SYLVITE_TEST_UNIT_PACKAGE_TEMPFOLDER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <set>
#include <string>

class TempFolder {
public:
  TempFolder() {
    std::error_code code =
        llvm::sys::fs::createUniqueDirectory("sylvite-test", folder);
    (void)code;
  }
  ~TempFolder() { llvm::sys::fs::remove_directories(folder); }

  std::string getPath(llvm::StringRef name) const {
    llvm::SmallString<128> path = folder;
    llvm::sys::path::append(path, name);
    return std::string(path);
  }
  void write(llvm::StringRef name, llvm::StringRef bytes) const {
    std::error_code code;
    llvm::raw_fd_ostream(getPath(name), code) << bytes;
  }
  std::string read(llvm::StringRef name) const {
    auto buffer = llvm::MemoryBuffer::getFile(getPath(name));
    return buffer ? (*buffer)->getBuffer().str() : "(none)";
  }
  std::set<std::string> list() const {
    std::set<std::string> names;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator it(folder, code), end;
         it != end && !code; it.increment(code))
      names.insert(llvm::sys::path::filename(it->path()).str());
    return names;
  }

private:
  llvm::SmallString<128> folder;
};

#endif // SYLVITE_TEST_UNIT_PACKAGE_TEMPFOLDER_H
