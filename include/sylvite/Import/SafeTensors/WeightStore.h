//===- WeightStore.h - The weights of a model by name -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights never enter the IR: a `graph.weight` holds a name, and the module's
/// attribute `graph.weight_files` lists the safetensors files in which the
/// names are looked up. A weight store is that look-up. Files are mapped, not
/// read, and each reader asks for one tensor at a time and releases it, so that
/// memory is bounded by the largest tensor and not by the model.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_WEIGHTSTORE_H
#define SYLVITE_IMPORT_SAFETENSORS_WEIGHTSTORE_H

#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Import/SafeTensors/WeightFile.h"
#include <functional>
#include <memory>
#include <mutex>

namespace sylvite {

/// Several files of weights as one, and tensors calculated of theirs. All
/// functions that are const may be called from several threads at once.
class WeightStore {
public:
  /// Opens the files. A name that stands in two of them is an error.
  static llvm::Expected<WeightStore> open(llvm::ArrayRef<std::string> paths);

  /// Opens the weights of a model folder: `model.safetensors`, or else the
  /// files that `model.safetensors.index.json` lists, each of which must be
  /// there and hold the tensors that the index says it holds.
  static llvm::Expected<WeightStore> openFolder(llvm::StringRef folder);

  /// Opens the files that a module's `graph.weight_files` lists (none without
  /// the attribute) and checks that they hold each `graph.weight` of the module
  /// with its shape and a dtype that can be read. Errors are diagnostics at the
  /// weight or, about the files, in them.
  static mlir::FailureOr<WeightStore> fromModule(mlir::ModuleOp module);

  /// Gives the bytes of a tensor that no file holds.
  using Compute = std::function<llvm::Expected<std::vector<uint8_t>>()>;

  /// Adds a tensor that is calculated when it is read, and kept until it is
  /// released. `compute` may read other tensors of the store, but not itself.
  /// Replaces a tensor of that name.
  void add(llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape,
           Compute compute);

  /// A tensor and the file that holds it, null for one that is calculated.
  struct Entry {
    const WeightFile *file;
    const TensorInfo *tensor;
  };

  /// The paths of the files, as they were given.
  std::vector<std::string> getPaths() const;

  /// All files, in the order in which they were given.
  llvm::ArrayRef<std::unique_ptr<WeightFile>> getFiles() const { return files; }

  /// The tensor of that name, if there is one.
  std::optional<Entry> lookup(llvm::StringRef name) const;

  /// The tensor of that name, or an error that says where it was looked for.
  llvm::Expected<Entry> get(llvm::StringRef name) const;

  /// The stored bytes of a tensor, in the file's dtype and at no particular
  /// alignment.
  llvm::Expected<llvm::ArrayRef<uint8_t>> getBytes(llvm::StringRef name) const;

  /// Reads `out.size()` elements of a tensor, from element `first` on
  /// (row-major order), widening F16 and BF16. Other types, and a range beyond
  /// the tensor's end, are errors.
  llvm::Error readAsF32(llvm::StringRef name, llvm::MutableArrayRef<float> out,
                        int64_t first = 0) const;

  /// Reads a whole tensor.
  llvm::Expected<std::vector<float>> readAsF32(llvm::StringRef name) const;

  /// Lets go of the memory that reading a tensor has taken. Does nothing for an
  /// unknown name.
  void release(llvm::StringRef name) const;

private:
  WeightStore() = default;

  /// A tensor that is calculated.
  struct Computed {
    TensorInfo tensor;
    Compute compute;
    std::mutex mutex;
    std::optional<std::vector<uint8_t>> bytes;
  };

  std::vector<std::unique_ptr<WeightFile>> files;
  /// On the heap, so that entries may point to them.
  llvm::StringMap<std::unique_ptr<Computed>> computed;
  llvm::StringMap<Entry> index;
};

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_WEIGHTSTORE_H
