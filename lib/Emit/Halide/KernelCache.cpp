//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A file of the cache is the SHA-256 of the object, as text and a newline,
/// then the object. Files that do not fit their checksum count as missing, and
/// are written anew.
///
//===----------------------------------------------------------------------===//

#include "KernelCache.h"
#include "sylvite/Support/FileTransaction.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

/// Hash over the sources of this library, made while it is built.
static constexpr StringRef kEmitterVersion =
#include "EmitterVersion.inc"
    ;

static std::string hash(StringRef bytes) {
  auto digest = llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes));
  return llvm::toHex(digest, /*LowerCase=*/true);
}

llvm::Expected<KernelCache> KernelCache::open(StringRef folder) {
  if (!folder.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(folder))
      return makeFileError(folder, error.message());
  KernelCache cache;
  cache.folder = folder;
  return cache;
}

std::string KernelCache::computeKey(const Kernel &kernel,
                                    const EmitKernelsOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.useLocalScope();
  os << kEmitterVersion << '\n' << getHalideVersion() << '\n';
  os << getHalideTarget(*kernel.target, options) << '\n';
  os << options.argvWrapper << '\n';
  halide::PipelineOp(kernel.pipeline)->print(os, flags);
  os << '\n';
  if (kernel.schedule)
    halide::ScheduleOp(kernel.schedule)->print(os, flags);
  return hash(text);
}

std::string KernelCache::getPath(StringRef key) const {
  SmallString<128> path(folder);
  llvm::sys::path::append(path, key + ".kernel");
  return path.str().str();
}

std::optional<std::string> KernelCache::find(StringRef key) const {
  if (folder.empty())
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(getPath(key), /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return std::nullopt;
  auto [checksum, object] = (*buffer)->getBuffer().split('\n');
  if (checksum != hash(object))
    return std::nullopt;
  return object.str();
}

llvm::Error KernelCache::store(StringRef key, StringRef object) const {
  if (folder.empty())
    return llvm::Error::success();
  FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> os =
      transaction.addStream(getPath(key));
  if (!os)
    return os.takeError();
  *os << hash(object) << '\n' << object;
  return transaction.commit();
}
