//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One function per op, in files by family, and the list of all.
///
/// Every `evaluate` fills `result` (or `results`, in the order of the op's),
/// which has the shape of the op's result type already and holds zeros. The
/// graph is verified: shapes and element types agree as the op's rules say. It
/// emits an error and fails where values, and not types, make the op
/// meaningless.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_OPEVALUATORS_H
#define SYLVITE_LIB_REFERENCE_OPEVALUATORS_H

#include "Frame.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

/// Declares the evaluator of each op that the list names.
#define SYLVITE_EVALUATED_OP(Op)                                               \
  mlir::LogicalResult evaluate(graph::Op op, const Frame &frame,               \
                               Tensor &result);
#define SYLVITE_EVALUATED_OP_WITH_RESULTS(Op)                                  \
  mlir::LogicalResult evaluate(graph::Op op, const Frame &frame,               \
                               llvm::MutableArrayRef<Tensor> results);
#include "EvaluatedOps.def"

/// Evaluates any op of the list; emits an error for one that is not on it.
mlir::LogicalResult evaluateOp(mlir::Operation *op, const Frame &frame,
                               llvm::MutableArrayRef<Tensor> results);

//===----------------------------------------------------------------------===//
// What several ops have in common
//===----------------------------------------------------------------------===//

/// y = activation(x), elementwise.
double activate(graph::Activation activation, double x);

/// max(a, b), NaN if one of them is.
double maximum(double a, double b);
double minimum(double a, double b);

/// Normalises each line along the last axis in place; `scale` and `bias` are
/// vectors or null. `NormKind::None` does nothing.
void normalize(Tensor &tensor, graph::NormKind kind, const Tensor *scale,
               const Tensor *bias, double eps);

/// Turns scores into weights in place: exp(x - max) / sum, zeros where all are
/// -inf.
void softmax(llvm::MutableArrayRef<double> scores);

/// A product of matrices whose leading dimensions broadcast to the result's.
void multiply(const Tensor &lhs, bool transposeLhs, const Tensor &rhs,
              bool transposeRhs, Tensor &result);

/// The row of `table` that `index` names. Emits an error at `op` for an index
/// outside; `position` is where it stands in `indices`.
mlir::FailureOr<llvm::ArrayRef<double>>
getRow(mlir::Operation *op, const Tensor &table, double index);

/// The rows of a [batch, sequence] that are within their lengths, by their
/// number in it.
llvm::SmallVector<int64_t> listRows(const Tensor &lengths, int64_t sequence);

/// The tensor of an optional operand, or null.
inline const Tensor *lookup(const Frame &frame, mlir::Value value) {
  return value ? &frame[value] : nullptr;
}

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_OPEVALUATORS_H
