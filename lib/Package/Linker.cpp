//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls of the linker.
///
//===----------------------------------------------------------------------===//

#include "Linker.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace sylvite;
using namespace llvm;

static Expected<std::string> findLinker(StringRef program) {
  if (!program.empty())
    return program.str();
  if (sys::fs::can_execute(SYLVITE_LLD))
    return std::string(SYLVITE_LLD);
  for (const char *name : {"ld.lld-22", "ld.lld"})
    if (ErrorOr<std::string> path = sys::findProgramByName(name))
      return *path;
  return createStringError("cannot find the linker ld.lld; install lld-22");
}

/// The linker's own words in one line, for a diagnostic: its errors without
/// their prefix, separated by semicolons.
static std::string summarize(StringRef output) {
  SmallVector<StringRef> lines, errors;
  output.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    size_t at = line.find("error: ");
    if (at != StringRef::npos)
      errors.push_back(line.drop_front(at + strlen("error: ")).rtrim());
  }
  // A crash has no line of that form.
  return join(errors.empty() ? lines : errors, "; ");
}

Error sylvite::runLinker(StringRef program, ArrayRef<std::string> arguments) {
  Expected<std::string> linker = findLinker(program);
  if (!linker)
    return linker.takeError();
  SmallString<128> log;
  if (std::error_code code =
          sys::fs::createTemporaryFile("sylvite-link", "txt", log))
    return createStringError("cannot make a temporary file: " + code.message());
  FileRemover remover(log);

  // The program's name tells lld which linker to be.
  SmallVector<StringRef> argv{"ld.lld"};
  append_range(argv, arguments);
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log),
                                          StringRef(log)};
  std::string message;
  int status = sys::ExecuteAndWait(*linker, argv, /*Env=*/std::nullopt,
                                   redirects, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &message);
  if (status == 0)
    return Error::success();
  if (message.empty())
    if (auto buffer = MemoryBuffer::getFile(log))
      message = summarize((*buffer)->getBuffer());
  return createStringError(*linker + " failed: " +
                           (message.empty() ? "it gave no reason" : message));
}

Expected<std::vector<std::string>> sylvite::findCLibraries() {
  std::vector<std::string> found;
  for (const char *folder :
       {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64",
        "/usr/lib64", "/lib", "/usr/lib"}) {
    SmallString<64> path(folder);
    sys::path::append(path, "libc.so.6");
    if (!sys::fs::exists(path))
      continue;
    // All of one folder: they belong together.
    for (const char *name :
         {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2"}) {
      path = folder;
      sys::path::append(path, name);
      if (sys::fs::exists(path))
        found.push_back(std::string(path));
    }
    return found;
  }
  return createStringError("cannot find the C library libc.so.6, against which "
                           "shared libraries are linked");
}
