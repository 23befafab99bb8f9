//===- SafeTensorsWriter.h - Write safetensors files ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writing is in two steps, so that tensors can stream through: a layout is
/// made from names, types and shapes alone and fixes every byte's place; then
/// each tensor's bytes are asked for in turn.
///
/// The data, and each tensor in it, start at a multiple of 64 bytes of the
/// file, so that a program that maps the file can use vectors on it. The format
/// allows no holes: where a tensor does not end at such a multiple, a tensor of
/// U8 zeros named `__padding__.N` fills up. Any reader of the format takes such
/// a file.
///
/// The same layout and bytes give the same file, always.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSWRITER_H
#define SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSWRITER_H

#include "sylvite/Import/SafeTensors/DType.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <string>
#include <utility>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace sylvite {

/// What is said about a tensor before its bytes are written.
struct TensorSpec {
  std::string name;
  DType dtype = DType::F32;
  llvm::SmallVector<int64_t, 4> shape;
};

/// Where everything lies in a file that is about to be written.
class SafeTensorsLayout {
public:
  static constexpr uint64_t alignment = 64;

  /// Lays out tensors in the order given. Fails for a name that is empty,
  /// stands twice, is not UTF-8 or begins with "__", for a negative extent, and
  /// for a file whose size would overflow.
  static llvm::Expected<SafeTensorsLayout>
  create(std::vector<TensorSpec> tensors,
         llvm::ArrayRef<std::pair<std::string, std::string>> metadata = {});

  llvm::ArrayRef<TensorSpec> getTensors() const { return tensors; }

  /// Bytes of a tensor.
  uint64_t getSize(size_t tensor) const { return sizes[tensor]; }

  /// First byte of a tensor, counted from the start of the data; a multiple of
  /// `alignment`.
  uint64_t getOffset(size_t tensor) const { return offsets[tensor]; }

  /// First byte of the data in the file; a multiple of `alignment`.
  uint64_t getDataStart() const { return header.size(); }

  /// Bytes of the whole file.
  uint64_t getFileSize() const { return header.size() + dataSize; }

  /// The first `getDataStart()` bytes of the file.
  llvm::StringRef getHeader() const { return header; }

private:
  SafeTensorsLayout() = default;

  std::vector<TensorSpec> tensors;
  std::vector<uint64_t> sizes, offsets;
  uint64_t dataSize = 0;
  std::string header;
};

/// Writes the bytes of a tensor, given by its number in the layout, to the
/// stream. It may do so in pieces, and must write as many as the layout says.
using WriteTensor =
    llvm::function_ref<llvm::Error(size_t tensor, llvm::raw_ostream &os)>;

/// Writes a whole file to a stream.
llvm::Error writeSafeTensors(const SafeTensorsLayout &layout,
                             WriteTensor writeTensor, llvm::raw_ostream &os);

/// Writes the data alone, without the header in front.
llvm::Error writeSafeTensorsData(const SafeTensorsLayout &layout,
                                 WriteTensor writeTensor,
                                 llvm::raw_ostream &os);

/// Writes a file under a temporary name beside `path` and renames it. On any
/// failure, of the callback or of the disk, nothing is left behind and what was
/// at `path` before is untouched.
llvm::Error writeSafeTensorsFile(llvm::StringRef path,
                                 const SafeTensorsLayout &layout,
                                 WriteTensor writeTensor);

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_SAFETENSORSWRITER_H
