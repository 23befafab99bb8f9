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
  return createStringError(inconvertibleErrorCode(),
                           Twine(path) + ": " + message);
}

FileTransaction::~FileTransaction() { discard(); }

void FileTransaction::discard() {
  for (std::unique_ptr<File> &file : files) {
    // What could not be written has been told, or does not matter any more.
    if (file->stream)
      file->stream->clear_error();
    file->stream.reset();
    consumeError(file->temporary.discard());
  }
  files.clear();
}

Expected<FileTransaction::File &> FileTransaction::add(StringRef path) {
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
  return *files.back();
}

Expected<raw_fd_ostream &> FileTransaction::addStream(StringRef path) {
  Expected<File &> file = add(path);
  if (!file)
    return file.takeError();
  file->stream = std::make_unique<raw_fd_ostream>(file->temporary.FD,
                                                  /*shouldClose=*/false);
  return *file->stream;
}

Expected<std::string> FileTransaction::addFile(StringRef path) {
  Expected<File &> file = add(path);
  if (!file)
    return file.takeError();
  return file->temporary.TmpName;
}

Error FileTransaction::commit() {
  for (std::unique_ptr<File> &file : files) {
    if (!file->stream)
      continue;
    file->stream->flush();
    if (std::error_code code = file->stream->error()) {
      Error error = makeFileError(file->path,
                                  "cannot be written: " + code.message());
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
    if (error) {
      consumeError(file->temporary.discard());
    } else if (Error failed = file->temporary.keep(file->path)) {
      error = joinErrors(std::move(error),
                         makeFileError(file->path,
                                       "cannot be written: " +
                                           toString(std::move(failed))));
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
