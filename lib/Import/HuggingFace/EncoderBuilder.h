//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The layers of an encoder in plain ops, for all families.
///
/// Each function states a layer as its definition does, with the ops located at
/// the layer's module path; weights are found by that path.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERBUILDER_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERBUILDER_H

#include "Checkpoint.h"
#include "EncoderFamily.h"
#include "sylvite/Dialect/Graph/GraphBuilder.h"
#include "sylvite/Import/HuggingFace/ImportHuggingFace.h"

namespace sylvite {

class EncoderBuilder {
public:
  EncoderBuilder(graph::GraphBuilder &builder, const EncoderFamily &family,
                 const EncoderConfig &config, const Checkpoint &checkpoint);

  /// The graph's own builder, for single ops.
  graph::GraphBuilder *operator->() { return &builder; }

  const EncoderConfig &getConfig() const { return config; }

  [[nodiscard]] graph::GraphBuilder::Scope enter(const llvm::Twine &name) {
    return builder.enter(name);
  }

  mlir::Value add(mlir::Value lhs, mlir::Value rhs) {
    return builder.add(lhs, rhs);
  }

  //===--------------------------------------------------------------------===//
  // Modules with weights; `module` is relative to the path of modules
  //===--------------------------------------------------------------------===//

  /// Rows of the module's table: [..., columns] for indices [...].
  mlir::Value embedding(llvm::StringRef module, mlir::Value indices);

  /// x W^T + bias.
  mlir::Value linear(llvm::StringRef module, mlir::Value x);

  /// (x - mean) / sqrt(variance + eps) weight + bias, along the last axis.
  mlir::Value layerNorm(llvm::StringRef module, mlir::Value x);

  //===--------------------------------------------------------------------===//
  // The parts of an encoder
  //===--------------------------------------------------------------------===//

  /// Declares the function's inputs, with lengths in place of a mask or
  /// without.
  EncoderInputs inputs(bool byLengths);

  /// 0, 1, 2, ...: [sequence].
  mlir::Value positions();

  /// What is added to the scores: 0 where the inputs keep a key, else
  /// -infinity; [batch, 1, 1, sequence].
  mlir::Value attentionBias(const EncoderInputs &inputs);

  /// A whole layer: attention, feed-forward block, residual additions, norms.
  mlir::Value layer(int64_t number, mlir::Value x, mlir::Value bias);

  /// One vector a sentence: [batch, hidden] from [batch, sequence, hidden].
  /// Mean and maximum of a sentence without any kept token are zero.
  mlir::Value pool(Pooling pooling, mlir::Value x, const EncoderInputs &inputs);

  /// Zero for positions that the inputs do not keep.
  mlir::Value zeroPadding(mlir::Value x, const EncoderInputs &inputs);

  /// x / max(|x|, 1e-12), along the last axis.
  mlir::Value normalize(mlir::Value x);

private:
  /// Is a token kept? [batch, sequence].
  mlir::Value isKept(const EncoderInputs &inputs);
  /// The tensor `name` of the current module.
  mlir::Value parameter(llvm::StringRef name);
  mlir::Value splitHeads(mlir::Value x);
  mlir::Value selfAttention(mlir::Value x, mlir::Value bias);
  mlir::Value feedForward(mlir::Value x);
  mlir::Value activation(mlir::Value x);
  mlir::Value maskedMean(mlir::Value x, mlir::Value kept);
  mlir::Value maskedMax(mlir::Value x, mlir::Value kept);

  graph::GraphBuilder &builder;
  const EncoderFamily &family;
  const EncoderConfig &config;
  const Checkpoint &checkpoint;
  graph::Dim batch, sequence;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERBUILDER_H
