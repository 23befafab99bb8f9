//===- Matchers.h - Pieces of matching --------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matching pieces that the fusion passes share.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_MATCHERS_H
#define SYLVITE_LIB_FUSION_MATCHERS_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <optional>

namespace sylvite {

/// The number that a value holds in all its elements, where it is a constant or
/// calculated of constants.
std::optional<double> getNumber(mlir::Value value);

/// Are the numbers equal, up to rounding in the precision of the element type?
bool isClose(double number, double expected, mlir::Type element);

/// Both orders of a commutative op's operands: calls `match(a, b)` and then
/// `match(b, a)` until one holds.
template <typename OpTy, typename Match>
bool matchEither(OpTy op, Match match) {
  return match(op.getLhs(), op.getRhs()) || match(op.getRhs(), op.getLhs());
}

/// The dimensions other than 1.
llvm::SmallVector<graph::Dim> dropOnes(llvm::ArrayRef<graph::Dim> dims);

/// One location for an op that stands for several: those of all of them.
mlir::Location fuseLocs(llvm::ArrayRef<mlir::Operation *> ops);

/// Erases an op without users, and then what it alone used. Their addresses are
/// added to `erased`, for lists of ops that are still to be visited.
void eraseDead(mlir::Operation *op,
               llvm::SmallPtrSetImpl<mlir::Operation *> *erased = nullptr);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_MATCHERS_H
