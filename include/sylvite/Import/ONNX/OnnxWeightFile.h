//===- OnnxWeightFile.h - The initializers of an ONNX file ------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The initializers of an ONNX model, read where they lie: in the file itself
/// or in files beside it ("external data"), all of them mapped into memory.
/// Only the frame of the protobuf is walked, so that opening a model of any
/// size takes no more memory than its names.
///
/// Nothing of it is trusted. After `open` has succeeded, each tensor's bytes
/// lie within their file, which lies within the model's folder, and are as many
/// as shape and type say.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_ONNX_ONNXWEIGHTFILE_H
#define SYLVITE_IMPORT_ONNX_ONNXWEIGHTFILE_H

#include "sylvite/Import/SafeTensors/WeightFile.h"

namespace sylvite {

class OnnxWeightFile : public WeightFile {
public:
  /// Opens a model. Errors name the file and the tensor.
  static llvm::Expected<OnnxWeightFile> open(llvm::StringRef path);

  /// Reads a model that lies in memory, and must stay there: one that is called
  /// `name` in messages and finds external data beside `path`.
  static llvm::Expected<OnnxWeightFile>
  read(llvm::StringRef name, llvm::StringRef path, llvm::StringRef model);

  llvm::ArrayRef<uint8_t> getBytes(const TensorInfo &tensor) const override;
  void release(const TensorInfo &tensor) const override;

  /// The model without the bytes of initializers larger than a kilobyte: all
  /// that a reader of the graph needs.
  std::string getGraph() const;

private:
  friend class OnnxScanner;

  OnnxWeightFile() = default;

  using Mapping = std::unique_ptr<llvm::sys::fs::mapped_file_region>;

  /// The model.
  llvm::ArrayRef<uint8_t> model;
  /// That of the model, if it is a file, then those of external data.
  std::vector<Mapping> mappings;
  /// Of each tensor.
  std::vector<llvm::ArrayRef<uint8_t>> bytes;
  /// What was written as numbers of variable length, one by one.
  std::vector<std::unique_ptr<std::vector<uint8_t>>> decoded;

  /// A field of the file that `getGraph` leaves out, and the messages around
  /// it, whose lengths change with it: offsets in the model's file.
  struct Dropped {
    uint64_t begin, end;
  };
  std::vector<Dropped> dropped;
  /// Of the graph and of its initializers: where the length stands, and the
  /// message.
  struct Message {
    uint64_t lengthBegin, begin, end;
  };
  std::vector<Message> graphs, initializers;
};

} // namespace sylvite

#endif // SYLVITE_IMPORT_ONNX_ONNXWEIGHTFILE_H
