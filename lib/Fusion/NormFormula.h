//===- NormFormula.h - Norms that are spelled out ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Layer norm and root-mean-square norm differ in one place, whether the mean
/// is taken away, and are recognised together.
///
/// A norm begins at the root of a mean of squares. The formula is read
/// downwards from there (u = mean(w^2) + eps, w = x or x - mean(x)) and then
/// upwards: the nearest product with the root in it whose factors are w and
/// u^(-1/2), and perhaps a vector, is the norm. A product with a vector and a
/// sum with a vector behind it are its scale and bias.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_NORMFORMULA_H
#define SYLVITE_LIB_FUSION_NORMFORMULA_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include <optional>

namespace sylvite {

/// A root of a mean of squares.
struct NormRoot {
  /// The sqrt, rsqrt or pow.
  mlir::Operation *op;
  /// What it is the root of.
  mlir::Value radicand;
  /// The x of mean(x^2), mean((x - mean(x))^2) or mean(x^2) - mean(x)^2.
  mlir::Value input;
  llvm::SmallVector<int64_t> axes;
  /// Is the mean taken away from x?
  bool isCentred;
  double eps;
};

/// `op` as the root that a norm begins at.
std::optional<NormRoot> matchNormRoot(mlir::Operation *op);

/// Replaces the layer norms of a function, or its root-mean-square norms, by
/// their ops. Every root of the kind leaves a remark.
void raiseNorms(mlir::func::FuncOp function, graph::NormKind kind);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_NORMFORMULA_H
