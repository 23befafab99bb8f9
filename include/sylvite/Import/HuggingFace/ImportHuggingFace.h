//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Hugging Face model folders in, plain graphs out.
///
/// A folder holds `config.json` and safetensors weights, in one file or in
/// shards with an index. Understood are the encoders BERT, RoBERTa (with
/// XLM-RoBERTa and CamemBERT) and DistilBERT, and what is built from them
/// (MiniLM and the like), as well as sentence-transformers folders, whose
/// `modules.json` adds pooling and normalisation.
///
/// The result is one function, `encode`, with the inputs and outputs that the
/// model's own library has: `input_ids`, `attention_mask` (all ones when left
/// out; or `lengths`) and, where the model knows them, `token_type_ids` (all
/// zeros); `last_hidden_state` and, with pooling, `sentence_embedding`. It is
/// written in plain ops, as the model's definition states them; finding
/// attention, layer norms and the like in it is for the fusion phase.
///
/// Everything is checked before an op is made: each value of the configuration,
/// and that the weights are exactly those the configuration asks for, in their
/// shapes. Heads that an encoder does not need (pooler, language model,
/// classifier) are passed over; any other tensor that is left over is an error,
/// as it means that the model is not what it says.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_HUGGINGFACE_IMPORTHUGGINGFACE_H
#define SYLVITE_IMPORT_HUGGINGFACE_IMPORTHUGGINGFACE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <optional>

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace sylvite {

/// How one vector is made from those of all tokens.
enum class Pooling {
  /// Not at all: the only output is `last_hidden_state`.
  None,
  /// The mean over the tokens that the mask keeps.
  Mean,
  /// The first token's vector.
  Cls,
  /// The maximum over the tokens that the mask keeps.
  Max
};

struct HuggingFaceOptions {
  /// Unset: what `modules.json` of a sentence-transformers folder says, and
  /// none for a folder without one. Set: this, and of `modules.json` only the
  /// place of the encoder is read.
  std::optional<Pooling> pooling;
  /// Whether the sentence embedding is divided by its Euclidean norm. Unset: as
  /// `modules.json` says where it decides the pooling too, otherwise not.
  std::optional<bool> normalize;
  /// Takes `lengths`, [batch], in place of `attention_mask`: each sentence is
  /// its first tokens. Padding is not computed then, and zero in
  /// `last_hidden_state`.
  bool lengths = false;
};

/// Imports the model in `folder`. Null after a failure, which has been emitted
/// as a diagnostic that names the file, the tensor or key, and what to do.
/// The dialects of `registerHuggingFaceDialects` must be in the context.
mlir::OwningOpRef<mlir::ModuleOp>
importHuggingFace(llvm::StringRef folder, const HuggingFaceOptions &options,
                  mlir::MLIRContext *context);

/// Registers the dialects that an imported module consists of.
void registerHuggingFaceDialects(mlir::DialectRegistry &registry);

} // namespace sylvite

#endif // SYLVITE_IMPORT_HUGGINGFACE_IMPORTHUGGINGFACE_H
