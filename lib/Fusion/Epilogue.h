//===- Epilogue.h - What may follow a kernel's main part --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Ops behind a linear layer or a sum of embeddings that become a part of it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_EPILOGUE_H
#define SYLVITE_LIB_FUSION_EPILOGUE_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include <optional>

namespace sylvite {

/// A layer norm or root-mean-square norm without its kind's class.
struct NormParts {
  mlir::Operation *op;
  graph::NormKind kind;
  mlir::Value input, residual, scale, bias;
  llvm::APFloat eps;
};

std::optional<NormParts> getNormParts(mlir::Operation *op);

/// "layer norm" or "rms norm".
llvm::StringRef getName(graph::NormKind kind);

/// The activation that `op` is, or None.
graph::Activation getActivation(mlir::Operation *op);

/// The limits of a norm at the end of another op.
struct NormEpiloguePolicy {
  /// A norm needs a whole row of results before its first element is known. In
  /// a kernel the row stays in the first-level cache up to this many features.
  int64_t maxFeatures = 4096;
};

/// Should the norm, whose input is a result of another op, become a part of
/// that op? If not, why.
std::optional<MissedFusion> shouldNotFuseNorm(const NormParts &norm,
                                              const NormEpiloguePolicy &policy);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_EPILOGUE_H
