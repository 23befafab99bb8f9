//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Output files that appear together or not at all.
///
/// Each file is written under a temporary name in its own folder and gets its
/// name when all are complete. Until then a failure, or a signal that ends the
/// process, leaves nothing behind and what was there before stays. What is no
/// file that could be replaced, as /dev/null or a pipe, is written to directly;
/// "-" is the standard output.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_FILETRANSACTION_H
#define SYLVITE_SUPPORT_FILETRANSACTION_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sylvite {

class FileTransaction {
public:
  FileTransaction() = default;
  /// Without a commit, removes what was written.
  ~FileTransaction();
  FileTransaction(const FileTransaction &) = delete;
  FileTransaction &operator=(const FileTransaction &) = delete;

  /// Begins the file `path` and returns the stream to write it to, which lives
  /// until the commit. Fails where the folder is missing or not writable, and
  /// where `path` is a folder.
  llvm::Expected<llvm::raw_fd_ostream &> addStream(llvm::StringRef path);

  /// Begins the file `path` and returns the temporary path that another program
  /// is to write.
  llvm::Expected<std::string> addFile(llvm::StringRef path);

  /// Completes all files and gives them their names. Fails, and leaves nothing
  /// behind, where something could not be written.
  llvm::Error commit();

private:
  struct File {
    std::string path;
    /// None for a path that is written to directly.
    std::optional<llvm::sys::fs::TempFile> temporary;
    std::unique_ptr<llvm::raw_fd_ostream> stream;
  };

  llvm::Error add(llvm::StringRef path);
  llvm::Error addDirect(llvm::StringRef path);
  void discard();

  std::vector<std::unique_ptr<File>> files;
};

/// "PATH: MESSAGE" as an error, about a file to write.
llvm::Error makeFileError(llvm::StringRef path, const llvm::Twine &message);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_FILETRANSACTION_H
