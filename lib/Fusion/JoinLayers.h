//===- JoinLayers.h - Layers of one input as one layer ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Linear layers that read one input, computed together: the weights and biases
/// stand one after the other, and so do the results.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_JOINLAYERS_H
#define SYLVITE_LIB_FUSION_JOINLAYERS_H

#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include <optional>

namespace sylvite {

/// Why layers cannot be computed together, or nothing.
std::optional<MissedFusion> checkJoin(llvm::ArrayRef<graph::LinearOp> layers);

/// One layer for all, in their order. What their weights and biases are made of
/// moves up to where it is built.
graph::LinearOp joinLayers(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<graph::LinearOp> layers);

/// The concatenation of tensors, where neighbouring slices of one are one slice
/// of it, or the whole.
mlir::Value joinParts(mlir::OpBuilder &builder, mlir::Location loc,
                      llvm::ArrayRef<mlir::Value> parts, int64_t axis);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_JOINLAYERS_H
