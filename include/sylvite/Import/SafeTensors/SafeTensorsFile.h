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

#include "sylvite/Import/SafeTensors/DType.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <string>
#include <utility>
#include <vector>

namespace sylvite {

/// One tensor of a file.
struct TensorInfo {
  std::string name;
  DType dtype;
  /// Extents, outermost first; none for a scalar.
  llvm::SmallVector<int64_t, 4> shape;
  /// The tensor's bytes within the data: [begin, end).
  uint64_t begin, end;

  uint64_t getSizeInBytes() const { return end - begin; }

  /// The product of the extents; cannot overflow, the reader has checked it.
  int64_t getNumElements() const;
};

/// Spells a type for messages: "F32 [384, 1536]".
std::string describe(DType dtype, llvm::ArrayRef<int64_t> shape);

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
class SafeTensorsFile {
public:
  /// Opens a file and checks its header. Errors name the file, and the tensor
  /// and the byte where there is one.
  static llvm::Expected<SafeTensorsFile> open(llvm::StringRef path);

  llvm::StringRef getPath() const { return path; }

  /// All tensors in the order of the data.
  llvm::ArrayRef<TensorInfo> getTensors() const { return header.tensors; }

  llvm::ArrayRef<std::pair<std::string, std::string>> getMetadata() const {
    return header.metadata;
  }

  /// The tensor of that name, or null.
  const TensorInfo *lookup(llvm::StringRef name) const;

  /// The bytes of one of this file's tensors. They start at any address; the
  /// format promises no alignment.
  llvm::ArrayRef<uint8_t> getBytes(const TensorInfo &tensor) const;

  /// Tells the system that these bytes of a tensor will not be read again soon,
  /// so that the mapping's pages need not stay in memory. Reading them again is
  /// allowed and reads the file again.
  void release(const TensorInfo &tensor) const;

private:
  SafeTensorsFile() = default;

  std::string path;
  llvm::sys::fs::mapped_file_region mapping;
  uint64_t dataStart = 0;
  SafeTensorsHeader header;
  llvm::StringMap<size_t> index;
};

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSFILE_H
