//===- SafeTensorsFile.h - A memory-mapped safetensors file -----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A safetensors file is
///
///     8 bytes            header length N, little-endian
///     N bytes            a JSON object: name -> dtype, shape, data_offsets
///                        [begin, end) within the data, and "__metadata__"
///     the rest           the data: every byte belongs to exactly one tensor
///
/// Nothing of it is trusted. After `open` has succeeded, each tensor's bytes
/// lie within the file, are as many as its shape and dtype say, and overlap
/// with no other tensor's.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSFILE_H
#define SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSFILE_H

#include "sylvite/Import/SafeTensors/WeightFile.h"
#include <utility>

namespace sylvite {

/// What a header says, before the data is looked at.
struct SafeTensorsHeader {
  /// In the order of the data.
  std::vector<TensorInfo> tensors;
  /// The pairs of "__metadata__", in the order of the header.
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// The format's limit for the length of a header.
constexpr uint64_t maxSafeTensorsHeader = 100'000'000;

/// Begins the names of tensors that hold nothing: `SafeTensorsLayout` fills
/// gaps with them, as the format allows none.
constexpr llvm::StringLiteral safeTensorsPaddingPrefix = "__padding__.";

/// Parses and checks a header, without the 8 bytes of its length. `dataSize` is
/// the number of bytes after it; `path` names the file in errors.
llvm::Expected<SafeTensorsHeader> parseSafeTensorsHeader(llvm::StringRef path,
                                                         llvm::StringRef json,
                                                         uint64_t dataSize);

/// A file mapped into memory, read-only. Its functions may be called from
/// several threads. A file that shrinks while it is mapped ends the process, as
/// with any mapping: do not write over a model that is being compiled.
class SafeTensorsFile : public WeightFile {
public:
  /// Opens a file and checks its header. Errors name the file, and the tensor
  /// and the byte where there is one.
  static llvm::Expected<SafeTensorsFile> open(llvm::StringRef path);

  llvm::ArrayRef<std::pair<std::string, std::string>> getMetadata() const {
    return metadata;
  }

  /// The format promises no alignment.
  llvm::ArrayRef<uint8_t> getBytes(const TensorInfo &tensor) const override;
  void release(const TensorInfo &tensor) const override;

private:
  SafeTensorsFile() = default;

  std::unique_ptr<llvm::sys::fs::mapped_file_region> mapping;
  uint64_t dataStart = 0;
  std::vector<std::pair<std::string, std::string>> metadata;
};

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSFILE_H
