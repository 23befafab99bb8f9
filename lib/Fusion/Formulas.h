//===- Formulas.h - Small formulas, however they are spelled ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the raising passes ask about values: is this a square, a mean along
/// an axis, a product of which factors? Each question knows the ways in which
/// models spell the answer.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_FORMULAS_H
#define SYLVITE_LIB_FUSION_FORMULAS_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>

namespace sylvite {

/// The value that `graph.broadcast` ops have repeated: operands of pointwise
/// ops are the same with and without them.
mlir::Value skipBroadcasts(mlir::Value value);

/// The base of x x or x^2, or null.
mlir::Value matchSquare(mlir::Value value);

/// The x of max(x, lowest), in either order, and the number.
std::optional<std::pair<mlir::Value, double>>
matchLowerBound(mlir::Value value);

/// Numerator and denominator of a / b, a (1 / b) or (1 / b) a.
std::optional<std::pair<mlir::Value, mlir::Value>>
matchQuotient(mlir::Value value);

/// A reduction whose axes have stayed, with extent 1.
struct Reduction {
  mlir::Value input;
  llvm::SmallVector<int64_t> axes;
};

/// `value` as a reduction: `keepdims`, or a reshape that puts the axes back. A
/// mean may be a sum over static axes times or by a number.
std::optional<Reduction> matchReduction(mlir::Value value,
                                        graph::ReduceKind kind);

/// A factor of a product: value^power.
struct Factor {
  mlir::Value value;
  double power;
};

/// The factors of a product of quotients, roots and powers. Values for which
/// `isFactor` holds are not taken apart.
llvm::SmallVector<Factor>
getFactors(mlir::Value product, llvm::function_ref<bool(mlir::Value)> isFactor);

/// The values that are products or quotients with `value` in them, at most
/// `depth` ops away, nearest first.
llvm::SmallVector<mlir::Value> getProductsWith(mlir::Value value,
                                               unsigned depth);

/// The vector of that many elements that `value` is, or that it repeats along
/// all dimensions but the last; or null.
mlir::Value matchVector(mlir::Value value, int64_t extent);

/// Is the value made of weights and constants alone, by moving elements?
bool isTrained(mlir::Value value);

/// The op that has the only use of `value`, or null.
mlir::Operation *getOnlyUser(mlir::Value value);

/// A user of `value` other than `user`, or null.
mlir::Operation *getOtherUser(mlir::Value value, mlir::Operation *user);

/// The shortest decimal that is `number` in the precision of the element type:
/// constants are read as 1.0e-12, not as the f32 nearest to it.
double getShortest(double number, mlir::Type element);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_FORMULAS_H
