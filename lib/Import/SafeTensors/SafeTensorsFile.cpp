//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Maps a file and has its header checked.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include <sys/mman.h>

using namespace sylvite;

namespace fs = llvm::sys::fs;

llvm::Expected<SafeTensorsFile> SafeTensorsFile::open(llvm::StringRef path) {
  auto cannotRead = [&](std::error_code code) {
    return fileError(path, "cannot read the file: " + code.message());
  };
  // The kind of file is asked first: opening a pipe would wait for its writer.
  fs::file_status status;
  if (std::error_code code = fs::status(path, status))
    return cannotRead(code);
  if (status.type() != fs::file_type::regular_file)
    return fileError(path, "expected a safetensors file, found a directory or "
                           "a device");

  llvm::Expected<fs::file_t> handle = fs::openNativeFileForRead(path);
  if (!handle)
    return cannotRead(llvm::errorToErrorCode(handle.takeError()));
  // The mapping outlives the handle.
  llvm::scope_exit close([&] { fs::closeFile(*handle); });
  if (std::error_code code = fs::status(*handle, status))
    return cannotRead(code);

  uint64_t size = status.getSize();
  if (size < 8)
    return fileError(path, "the file has " + llvm::Twine(size) +
                               " bytes; a safetensors file has at least 8, the "
                               "length of its header: fetch it again");
  SafeTensorsFile file;
  file.path = path.str();
  std::error_code code;
  file.mapping = fs::mapped_file_region(
      *handle, fs::mapped_file_region::readonly, size, /*offset=*/0, code);
  if (code)
    return fileError(path,
                     "cannot map the file into memory: " + code.message());

  const char *contents = file.mapping.const_data();
  uint64_t headerSize = llvm::support::endian::read64le(contents);
  if (headerSize > maxSafeTensorsHeader)
    return fileError(path, "byte 0: the header is said to have " +
                               llvm::Twine(headerSize) +
                               " bytes, the format's limit is " +
                               llvm::Twine(maxSafeTensorsHeader) +
                               "; is this a safetensors file?");
  if (headerSize > size - 8)
    return fileError(path, "byte 0: the header is said to have " +
                               llvm::Twine(headerSize) + " bytes, but only " +
                               llvm::Twine(size - 8) +
                               " follow; the file was cut short: fetch it "
                               "again");
  file.dataStart = 8 + headerSize;
  llvm::Expected<SafeTensorsHeader> header = parseSafeTensorsHeader(
      path, llvm::StringRef(contents + 8, headerSize), size - file.dataStart);
  if (!header)
    return header.takeError();
  file.header = std::move(*header);
  for (auto [position, tensor] : llvm::enumerate(file.header.tensors))
    file.index[tensor.name] = position;
  return file;
}

const TensorInfo *SafeTensorsFile::lookup(llvm::StringRef name) const {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &header.tensors[found->second];
}

llvm::ArrayRef<uint8_t>
SafeTensorsFile::getBytes(const TensorInfo &tensor) const {
  const char *data = mapping.const_data() + dataStart;
  return {reinterpret_cast<const uint8_t *>(data + tensor.begin),
          reinterpret_cast<const uint8_t *>(data + tensor.end)};
}

void SafeTensorsFile::release(const TensorInfo &tensor) const {
  // Only pages that belong to the tensor alone; its neighbours may be in use.
  uint64_t page = llvm::sys::Process::getPageSizeEstimate();
  uint64_t begin = llvm::alignTo(dataStart + tensor.begin, page);
  uint64_t end = llvm::alignDown(dataStart + tensor.end, page);
  if (begin >= end)
    return;
  // A hint: that it failed would change nothing but the memory in use.
  (void)madvise(const_cast<char *>(mapping.const_data()) + begin, end - begin,
                MADV_DONTNEED);
}
