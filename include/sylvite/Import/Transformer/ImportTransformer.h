//===- ImportTransformer.h - The paper's model from its weights -*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The Transformer of "Attention Is All You Need" (see Models/Transformer.h) by
/// name, or from a safetensors file that says what it is: its metadata has
///
/// | key | value |
/// | --- | --- |
/// | `vocab`, `d_model`, `heads`, `layers`, `feed_forward` | numbers |
/// | `norm_first` | `true` for pre-norm, `false` for post-norm |
/// | `eps` | of the norms; 1e-5 without |
/// | `activation` | `relu`, if anything |
/// | `max_length` | of sources and targets; 1024 without |
///
/// and its tensors are exactly those that this asks for. Weights of no meaning
/// are made where only time and memory matter.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_TRANSFORMER_IMPORTTRANSFORMER_H
#define SYLVITE_IMPORT_TRANSFORMER_IMPORTTRANSFORMER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "sylvite/Models/Transformer.h"
#include "llvm/Support/Error.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace sylvite {

/// What a file says about its model, checked against its tensors.
llvm::Expected<TransformerConfig> readTransformerConfig(llvm::StringRef file);

/// A module of the model; `file` holds its weights, or will, or is empty. Null
/// after a failure, which has been emitted.
mlir::OwningOpRef<mlir::ModuleOp> makeTransformer(
    const TransformerConfig &config, llvm::StringRef file,
    mlir::MLIRContext *context,
    llvm::ArrayRef<TransformerFunction> functions = kTransformerFunctions);

/// A module of the model in a file. Null after a failure, which has been
/// emitted as a diagnostic that names the file, and the key or the tensor.
mlir::OwningOpRef<mlir::ModuleOp> importTransformer(
    llvm::StringRef file, mlir::MLIRContext *context,
    llvm::ArrayRef<TransformerFunction> functions = kTransformerFunctions);

/// Writes random weights of a model: matrices as Glorot and Bengio start them,
/// so that numbers neither grow nor vanish on their way through the layers.
/// A seed gives the same bytes everywhere. Tensors are streamed.
llvm::Error writeRandomTransformer(llvm::StringRef file,
                                   const TransformerConfig &config,
                                   uint64_t seed);

/// Registers the dialects that such a module consists of.
void registerTransformerDialects(mlir::DialectRegistry &registry);

} // namespace sylvite

#endif // SYLVITE_IMPORT_TRANSFORMER_IMPORTTRANSFORMER_H
