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
//===----------------------------------------------------------------------===//

#include "sylvite/Support/FileTransaction.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace sylvite;
using namespace llvm;
namespace fs = llvm::sys::fs;

Error sylvite::makeFileError(StringRef path, const Twine &message) {
  StringRef name = path == "-" ? "standard output" : path;
  return createStringError(inconvertibleErrorCode(),
                           Twine(name) + ": " + message);
}

FileTransaction::~FileTransaction() { discard(); }

void FileTransaction::discard() {
  for (std::unique_ptr<File> &file : files) {
    // What could not be written has been told, or does not matter any more.
    if (file->stream)
      file->stream->clear_error();
    file->stream.reset();
    if (file->temporary)
      consumeError(file->temporary->discard());
  }
  files.clear();
}

/// Whether there is something at `path` that must not be replaced by a file.
static bool isSpecial(StringRef path) {
  return path == "-" || (fs::exists(path) && !fs::is_regular_file(path) &&
                         !fs::is_directory(path));
}

Error FileTransaction::add(StringRef path) {
  if (fs::is_directory(path))
    return makeFileError(path, "is a folder, not a file to write");
  SmallString<256> model = sys::path::parent_path(path);
  sys::path::append(model, "." + sys::path::filename(path) + "-%%%%%%.tmp");
  Expected<fs::TempFile> temporary = fs::TempFile::create(model);
  if (!temporary)
    return makeFileError(path, "cannot be written: " +
                                   toString(temporary.takeError()));
  files.push_back(
      std::make_unique<File>(File{path.str(), std::move(*temporary), nullptr}));
  return Error::success();
}

Error FileTransaction::addDirect(StringRef path) {
  std::error_code code;
  auto stream =
      std::make_unique<raw_fd_ostream>(path, code, fs::CD_OpenExisting);
  if (code)
    return makeFileError(path, "cannot be written: " + code.message());
  files.push_back(std::make_unique<File>(
      File{path.str(), std::nullopt, std::move(stream)}));
  return Error::success();
}

Expected<raw_fd_ostream &> FileTransaction::addStream(StringRef path) {
  if (isSpecial(path)) {
    if (Error error = addDirect(path))
      return std::move(error);
  } else {
    if (Error error = add(path))
      return std::move(error);
    files.back()->stream = std::make_unique<raw_fd_ostream>(
        files.back()->temporary->FD, /*shouldClose=*/false);
  }
  return *files.back()->stream;
}

Expected<std::string> FileTransaction::addFile(StringRef path) {
  if (isSpecial(path))
    return makeFileError(path, "is no file that could be replaced");
  if (Error error = add(path))
    return std::move(error);
  return files.back()->temporary->TmpName;
}

Error FileTransaction::commit() {
  for (std::unique_ptr<File> &file : files) {
    if (!file->stream)
      continue;
    file->stream->flush();
    if (std::error_code code = file->stream->error()) {
      Error error =
          makeFileError(file->path, "cannot be written: " + code.message());
      discard();
      return error;
    }
    file->stream.reset();
  }

  // Renaming within a folder needs no space; a failure is rare, yet must not
  // leave half of the files.
  Error error = Error::success();
  std::vector<std::string> renamed;
  for (std::unique_ptr<File> &file : files) {
    if (!file->temporary)
      continue;
    if (error) {
      consumeError(file->temporary->discard());
    } else if (Error failed = file->temporary->keep(file->path)) {
      error = joinErrors(
          std::move(error),
          makeFileError(file->path,
                        "cannot be written: " + toString(std::move(failed))));
    } else {
      renamed.push_back(file->path);
    }
  }
  if (error)
    for (const std::string &path : renamed)
      fs::remove(path);
  files.clear();
  return error;
}
