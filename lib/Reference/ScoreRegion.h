//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Regions of scalars: the score of graph.attention, and the formula of
/// graph.positional_encoding.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_SCOREREGION_H
#define SYLVITE_LIB_REFERENCE_SCOREREGION_H

#include "Frame.h"

#include "mlir/IR/Region.h"

namespace sylvite {

/// A number of the region. Floats are doubles; integers and indices have 64
/// bits, narrower ones wrapped to their width and sign-extended (so that a true
/// i1 is -1).
struct Scalar {
  double number = 0;
  int64_t integer = 0;
};

/// Evaluates such a region. It may hold `arith` and `math` ops on numbers and
/// `tensor.extract` from tensors of the surrounding function.
class ScoreRegion {
public:
  ScoreRegion(mlir::Region &region, const Frame &frame)
      : region(region), frame(frame) {}

  /// Replaces a score by what the region yields for it; `indices` are batch,
  /// head, query and key. Without a region the score stays. Emits an error for
  /// an op that has no evaluator and for a division by zero.
  mlir::LogicalResult apply(double &score, llvm::ArrayRef<int64_t> indices);

  /// What the region yields for these arguments.
  mlir::FailureOr<double> evaluate(llvm::ArrayRef<Scalar> arguments);

private:
  mlir::Region &region;
  const Frame &frame;
  /// Of the last pair; kept because its memory is used again.
  llvm::DenseMap<mlir::Value, Scalar> values;
};

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_SCOREREGION_H
