//===- WeightFile.h - A file that holds tensors -----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What files of weights have in common, whatever their format: tensors with a
/// name, a type and a shape, whose bytes are mapped into memory.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_WEIGHTFILE_H
#define SYLVITE_IMPORT_SAFETENSORS_WEIGHTFILE_H

#include "sylvite/Import/SafeTensors/DType.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <memory>
#include <string>
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

/// `F32 [384, 1536]`.
std::string describe(DType dtype, llvm::ArrayRef<int64_t> shape);

class WeightFile {
public:
  virtual ~WeightFile();

  /// Opens a file of the format that its name tells: `.onnx`, or else
  /// safetensors. Errors name the file, and the tensor where there is one.
  static llvm::Expected<std::unique_ptr<WeightFile>> open(llvm::StringRef path);

  llvm::StringRef getPath() const { return path; }

  /// All tensors in the order of the data.
  llvm::ArrayRef<TensorInfo> getTensors() const { return tensors; }

  /// The tensor of that name, or null.
  const TensorInfo *lookup(llvm::StringRef name) const;

  /// The bytes of one of this file's tensors. They start at any address.
  virtual llvm::ArrayRef<uint8_t> getBytes(const TensorInfo &tensor) const = 0;

  /// Tells the system that these bytes of a tensor will not be read again soon,
  /// so that the mapping's pages need not stay in memory. Reading them again is
  /// allowed and reads the file again.
  virtual void release(const TensorInfo &tensor) const = 0;

protected:
  WeightFile() = default;
  WeightFile(WeightFile &&) = default;
  WeightFile &operator=(WeightFile &&) = default;

  /// Finds tensors by their names from now on.
  void makeIndex();

  std::string path;
  std::vector<TensorInfo> tensors;

private:
  llvm::StringMap<size_t> index;
};

/// Maps a whole file into memory for reading; what it is (`kind`) is told in
/// errors. A pipe or a folder is refused.
llvm::Expected<std::unique_ptr<llvm::sys::fs::mapped_file_region>>
mapFile(llvm::StringRef path, llvm::StringRef kind);

/// Lets the pages of mapped bytes go that no neighbour shares.
void releasePages(llvm::ArrayRef<uint8_t> bytes);

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_WEIGHTFILE_H
