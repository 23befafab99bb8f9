//===- ModelFile.h - Models and dumped phases as files ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The import phase, and its counterpart: what a phase left, as a file that the
/// next phase can start at.
///
/// Weights stay in the files that `graph.weight_files` names; see WeightPaths.h
/// for the meaning of relative paths.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_MODELFILE_H
#define SYLVITE_PIPELINES_MODELFILE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "sylvite/Import/ONNX/ImportONNX.h"
#include "sylvite/Pipelines/Phases.h"

namespace sylvite {

/// Reads a Hugging Face folder, an ONNX model, the weights of a Transformer (see
/// ImportTransformer.h), or IR of any phase from a file ("-": from the standard
/// input). `transformer:base` and the like are models without weights. Null
/// after an error, which has been emitted.
mlir::OwningOpRef<mlir::ModuleOp> readModel(llvm::StringRef path,
                                            mlir::MLIRContext *context,
                                            const OnnxOptions &onnx = {});

/// The name of a model in `transformer:base` and the like; empty for all else.
llvm::StringRef getModelName(llvm::StringRef path);

/// Prints the module as a file that will lie in `folder`.
void printModel(mlir::ModuleOp module, llvm::StringRef folder,
                llvm::raw_ostream &os);

/// The last phase that can have left this IR: import for graphs, fused or not.
/// An error where there is nothing to compile.
mlir::FailureOr<Phase> findPhase(mlir::ModuleOp module);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_MODELFILE_H
