//===- Transformer.h - "Attention Is All You Need" --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The encoder-decoder Transformer of "Attention Is All You Need" as graphs.
///
/// Both sides begin with embedding sqrt(features) + sinusoidal positions, from
/// one table of embeddings; both end with a norm, as torch.nn.Transformer does.
/// The feed-forward blocks have ReLU. Weights have the names and shapes of
/// PyTorch's modules: `encoder.layers.0.self_attn.in_proj_weight`, [3 features,
/// features].
///
/// A module has these functions, or those of them that are asked for, whose
/// weights are shared:
///
/// - encode(source_ids, source_lengths) -> memory, zero past the lengths;
/// - decode(target_ids, memory, source_lengths) -> logits, probabilities of
///   every next token at once;
/// - cross_kv(memory) -> cross_keys, cross_values: all that the decoder's
/// layers
///   need of a source, [layers, batch, heads, source, features of a head];
/// - step(token, position, source_lengths, cross_keys, cross_values, self_keys,
///   self_values) -> logits of the next token of each sequence. The last two,
///   of as many keys as `capacity`, take the token's own and are updated in
///   place;
/// - generate(source_ids, source_lengths, begin_token, end_token) -> tokens,
///   lengths: `capacity` tokens behind the first one of each sequence, every
///   one with the largest logit. From the end token on, where the length of the
///   sequence is counted, all of them are that; it is -1 where none is to end
///   them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_MODELS_TRANSFORMER_H
#define SYLVITE_MODELS_TRANSFORMER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sylvite {

/// What tells one Transformer from another; the paper's base model unless
/// changed.
struct TransformerConfig {
  int64_t vocabulary = 37000;
  /// On either side.
  int64_t layers = 6;
  int64_t features = 512;
  int64_t heads = 8;
  /// The width of the feed-forward blocks.
  int64_t hidden = 2048;
  /// Norms before the blocks and not behind the sums (pre-norm).
  bool normFirst = false;
  /// Of all norms.
  double eps = 1e-5;
  /// The longest source and target.
  int64_t maxLength = 1024;

  int64_t getHeadFeatures() const { return features / heads; }
};

/// The configuration of a name: `base`, the paper's, or `base-pre-norm`.
std::optional<TransformerConfig> lookupTransformer(llvm::StringRef name);

/// All names, separated by commas.
std::string listTransformers();

/// Why there is no such model, or nothing.
std::optional<std::string> checkTransformer(const TransformerConfig &config);

/// A tensor of the model's weights.
struct TransformerWeight {
  std::string name;
  llvm::SmallVector<int64_t, 2> shape;
};

/// All weights of a model, in the order of its layers.
std::vector<TransformerWeight>
getTransformerWeights(const TransformerConfig &config);

/// What a module of a model offers.
enum class TransformerFunction { Encode, Decode, CrossKv, Step, Generate };

/// All of them, which a module has unless told.
inline constexpr TransformerFunction kTransformerFunctions[] = {
    TransformerFunction::Encode, TransformerFunction::Decode,
    TransformerFunction::CrossKv, TransformerFunction::Step,
    TransformerFunction::Generate};

/// Adds functions of a model, which `checkTransformer` has nothing against, to
/// a module; others that these call are private.
llvm::LogicalResult buildTransformer(
    mlir::ModuleOp module, const TransformerConfig &config,
    llvm::ArrayRef<TransformerFunction> functions = kTransformerFunctions);

} // namespace sylvite

#endif // SYLVITE_MODELS_TRANSFORMER_H
