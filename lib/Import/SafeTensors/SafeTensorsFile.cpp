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
#include "llvm/Support/Endian.h"

using namespace sylvite;

llvm::Expected<SafeTensorsFile> SafeTensorsFile::open(llvm::StringRef path) {
  auto mapping = mapFile(path, "a safetensors file");
  if (!mapping)
    return mapping.takeError();
  uint64_t size = *mapping ? (*mapping)->size() : 0;
  if (size < 8)
    return fileError(path, "the file has " + llvm::Twine(size) +
                               " bytes; a safetensors file has at least 8, the "
                               "length of its header: fetch it again");
  SafeTensorsFile file;
  file.path = path.str();
  file.mapping = std::move(*mapping);
  const char *contents = file.mapping->const_data();
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
  file.tensors = std::move(header->tensors);
  file.metadata = std::move(header->metadata);
  file.makeIndex();
  return file;
}

llvm::ArrayRef<uint8_t>
SafeTensorsFile::getBytes(const TensorInfo &tensor) const {
  const char *data = mapping->const_data() + dataStart;
  return {reinterpret_cast<const uint8_t *>(data + tensor.begin),
          reinterpret_cast<const uint8_t *>(data + tensor.end)};
}

void SafeTensorsFile::release(const TensorInfo &tensor) const {
  releasePages(getBytes(tensor));
}
