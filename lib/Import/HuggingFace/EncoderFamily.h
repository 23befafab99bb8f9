//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What distinguishes one family of encoders from another, as data: the names
/// of its modules, their shapes, and the two functions that differ in code.
///
/// All families here are post-norm Transformers: embeddings, then per layer
/// self-attention and a feed-forward block, each followed by a residual
/// addition and a layer norm. A new family is a file with a table like Bert.cpp
/// and a line in EncoderFamily.cpp.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERFAMILY_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERFAMILY_H

#include "ConfigReader.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"

namespace sylvite {

class EncoderBuilder;

/// The extents that a configuration fixes.
enum class Extent { Vocabulary, Positions, TokenTypes, Hidden, Intermediate };
constexpr unsigned numExtents = 5;

enum class HiddenActivation { Gelu, GeluTanh, Relu, Silu };

/// What a configuration says, in words common to all families.
struct EncoderConfig {
  /// Extents, and the keys of the configuration that they come from. A family
  /// without token types leaves theirs zero.
  struct {
    int64_t value = 0;
    llvm::StringRef key;
  } extents[numExtents];

  int64_t numLayers = 0;
  int64_t numHeads = 0;
  HiddenActivation activation = HiddenActivation::Gelu;
  double layerNormEps = 1e-12;
  int64_t padToken = 0;
  /// The longest sequence.
  int64_t maxLength = 0;

  int64_t get(Extent extent) const { return extents[unsigned(extent)].value; }
  void set(Extent extent, int64_t value, llvm::StringRef key) {
    extents[unsigned(extent)] = {value, key};
  }
};

/// A module that owns weights. Its tensors and their shapes:
///   Embedding   weight [rows, columns]
///   Linear      weight [rows, columns], bias [rows]
///   Norm        weight [rows], bias [rows]
struct ModuleRule {
  enum Kind { Embedding, Linear, Norm } kind;
  llvm::StringLiteral path;
  Extent rows;
  /// Nothing to a norm.
  Extent columns = Extent::Hidden;
};

/// Module paths within a layer.
struct LayerPaths {
  llvm::StringLiteral attention, query, key, value, attentionOutput,
      attentionNorm, up, activation, down, outputNorm;
};

struct EncoderInputs {
  mlir::Value inputIds;
  /// One of these: a mask [batch, sequence], or lengths [batch].
  mlir::Value attentionMask, lengths;
  /// Null for a family without token types.
  mlir::Value tokenTypeIds;
};

struct EncoderFamily {
  /// Values of `model_type`.
  llvm::ArrayRef<llvm::StringLiteral> modelTypes;
  /// What stands before the module paths when a checkpoint was saved with a
  /// head; tried after no prefix at all.
  llvm::ArrayRef<llvm::StringLiteral> prefixes;
  /// Tensors that an encoder does not need. "pooler." passes over all that
  /// begins so, a name without a dot at its end only over itself.
  llvm::ArrayRef<llvm::StringLiteral> passedOver;
  llvm::ArrayRef<ModuleRule> embeddingModules;
  /// The path of layer 7 is this, a dot, and 7.
  llvm::StringLiteral layersPath;
  /// Relative to the layer's path.
  llvm::ArrayRef<ModuleRule> layerModules;
  LayerPaths layer;

  /// Reads what the configuration of this family says.
  void (*readConfig)(ConfigReader &reader, EncoderConfig &config);
  /// The sum of the embeddings, normalised: [batch, sequence, hidden].
  mlir::Value (*buildEmbeddings)(EncoderBuilder &builder,
                                 const EncoderInputs &inputs);
};

const EncoderFamily &getBertFamily();
const EncoderFamily &getRobertaFamily();
const EncoderFamily &getDistilBertFamily();

/// The family of a `model_type`, or null.
const EncoderFamily *lookupEncoderFamily(llvm::StringRef modelType);

/// All values of `model_type` that are known, separated by commas.
std::string listModelTypes();

//===----------------------------------------------------------------------===//
// Parts of readConfig that families share
//===----------------------------------------------------------------------===//

/// The activation under `key`, which must be one of the known.
HiddenActivation readActivation(ConfigReader &reader, llvm::StringRef key);

/// Reads the keys that BERT and RoBERTa have in common.
void readBertConfig(ConfigReader &reader, EncoderConfig &config);

/// Checks that the heads divide the hidden size. The keys are those the values
/// came from.
void checkHeads(ConfigReader &reader, const EncoderConfig &config,
                llvm::StringRef headsKey);

/// Refuses what no family here can do, such as decoders and quantised weights.
void refuseUnsupported(ConfigReader &reader);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_ENCODERFAMILY_H
