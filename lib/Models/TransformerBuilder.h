//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The blocks and layers of the Transformer in plain ops.
///
/// Each function states a block as the paper does; weights are found by the
/// path of modules. Attention, its projections and its masks are spelled out:
/// to find them is for the fusion phase.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_MODELS_TRANSFORMERBUILDER_H
#define SYLVITE_LIB_MODELS_TRANSFORMERBUILDER_H

#include "sylvite/Dialect/Graph/GraphBuilder.h"
#include "sylvite/Models/Transformer.h"

namespace sylvite {

/// What an attention looks at: [batch, heads, keys, features of a head] each.
struct KeysValues {
  mlir::Value keys, values;
};

/// One function of the model. Those that generate tokens are in
/// TransformerGeneration.cpp.
class TransformerBuilder {
public:
  using Built = mlir::FailureOr<mlir::func::FuncOp>;
  static Built buildEncode(mlir::ModuleOp module,
                           const TransformerConfig &config);
  static Built buildDecode(mlir::ModuleOp module,
                           const TransformerConfig &config);
  static Built buildCrossKv(mlir::ModuleOp module,
                            const TransformerConfig &config);
  static Built buildStep(mlir::ModuleOp module,
                         const TransformerConfig &config);
  /// Calls the others.
  static Built buildGenerate(mlir::ModuleOp module,
                             const TransformerConfig &config,
                             mlir::func::FuncOp encode,
                             mlir::func::FuncOp crossKv,
                             mlir::func::FuncOp step);

private:
  TransformerBuilder(mlir::ModuleOp module, llvm::StringRef name,
                     const TransformerConfig &config);

  //===--------------------------------------------------------------------===//
  // Inputs
  //===--------------------------------------------------------------------===//

  /// Tokens: i64 of these dimensions, inside of the vocabulary.
  mlir::Value tokens(llvm::StringRef name, llvm::ArrayRef<graph::Dim> dims);
  /// How many tokens of each source count: [batch], all of them by default.
  mlir::Value sourceLengths();
  /// The number of a token, from `lowest` on.
  mlir::Value token(llvm::StringRef name, int64_t lowest,
                    std::optional<int64_t> defaultValue = {});

  //===--------------------------------------------------------------------===//
  // Masks: booleans that broadcast to [batch, heads, queries, keys]
  //===--------------------------------------------------------------------===//

  /// The first keys of each sequence, as many as its length says.
  mlir::Value isWithin(mlir::Value lengths, graph::Dim keys);
  /// Keys that are not behind the query.
  mlir::Value isCausal(graph::Dim sequence);

  //===--------------------------------------------------------------------===//
  // The model
  //===--------------------------------------------------------------------===//

  /// Embedding sqrt(features) + positions: [.., features] of tokens [..]. The
  /// positions are 0, 1, 2, ... along `places`, or the one that is given.
  mlir::Value embed(mlir::Value tokens, llvm::ArrayRef<graph::Dim> places,
                    mlir::Value position = {});

  /// An attention of the layer of that number.
  using Attention = llvm::function_ref<mlir::Value(mlir::Value, int64_t)>;

  /// All layers and the norm at their end.
  mlir::Value encoder(mlir::Value x, mlir::Value kept);
  mlir::Value decoder(mlir::Value x, Attention self, Attention cross);

  /// Numbers whose softmax are the probabilities of the next token.
  mlir::Value logits(mlir::Value x);

  //===--------------------------------------------------------------------===//
  // Blocks and modules
  //===--------------------------------------------------------------------===//

  /// A parameter of the current module.
  mlir::Value parameter(llvm::StringRef name, llvm::ArrayRef<int64_t> shape);
  /// x W^T + bias, with the weights of a module.
  mlir::Value linear(llvm::StringRef module, mlir::Value x, int64_t inputs,
                     int64_t outputs);
  mlir::Value layerNorm(llvm::StringRef module, mlir::Value x);
  /// What `block` makes of x, added to it, with the norm in its place.
  mlir::Value residual(llvm::StringRef norm, mlir::Value x,
                       llvm::function_ref<mlir::Value(mlir::Value)> block);

  /// Parts [begin, end) of the three that an attention's packed projection
  /// has: queries, keys, values. Each is [batch, heads, sequence, features];
  /// where x is one token of each sequence, [batch, features], that is 1 long.
  llvm::SmallVector<mlir::Value> project(mlir::Value x, int64_t begin,
                                         int64_t end);
  mlir::Value splitHeads(mlir::Value x);
  mlir::Value mergeHeads(mlir::Value x);
  /// softmax(q k^T / sqrt(features)) v, over the keys of the mask.
  mlir::Value attend(mlir::Value queries, const KeysValues &from,
                     mlir::Value mask);
  mlir::Value selfAttention(mlir::Value x, mlir::Value mask);
  mlir::Value crossAttention(mlir::Value x, mlir::Value memory,
                             mlir::Value mask);
  mlir::Value feedForward(mlir::Value x);

  //===--------------------------------------------------------------------===//
  // Keys and values of all layers: [layers, batch, heads, keys, features]
  //===--------------------------------------------------------------------===//

  llvm::SmallVector<graph::Dim> getCacheDims(graph::Dim keys) const;
  /// Those of one layer.
  mlir::Value getLayer(mlir::Value cache, int64_t layer);
  /// The cache with what a layer has for the key at `position`.
  mlir::Value store(mlir::Value cache, int64_t layer, mlir::Value position,
                    mlir::Value key);

  graph::GraphBuilder b;
  const TransformerConfig &config;
  graph::Dim batch, source;
};

} // namespace sylvite

#endif // SYLVITE_LIB_MODELS_TRANSFORMERBUILDER_H
