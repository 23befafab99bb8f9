//===- QuantizationError.h - What quantising costs --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How far quantised weights, and products with them, are from those of floats.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_QUANTIZATIONERROR_H
#define SYLVITE_REFERENCE_QUANTIZATIONERROR_H

#include "sylvite/Reference/Tensor.h"

namespace sylvite {

/// Sums of squares: of differences, and of what they are differences from.
struct SquaredError {
  double difference = 0, size = 0;

  void add(double exact, double rounded) {
    difference += (rounded - exact) * (rounded - exact);
    size += exact * exact;
  }
  void add(const SquaredError &other) {
    difference += other.difference;
    size += other.size;
  }
  /// The root of their ratio; 0 where there is nothing.
  double getRelative() const;
};

/// Each line of a tensor along its last axis, quantised and scaled back.
Tensor roundLines(const Tensor &tensor);

/// The position of a line's number of largest magnitude, the first of them; a
/// NaN is the largest.
int64_t findLargest(const Tensor &tensor, Line line);

/// The rows of a layer's input, quantised and scaled back; one number of each
/// stays.
Tensor roundRows(const Tensor &rows);

/// A matrix as [outputs, inputs], each a line.
Tensor getOutputLines(const Tensor &weight, bool transposed);

/// The error of a weight whose outputs are lines.
SquaredError measureWeightError(const Tensor &lines);

/// The error of rows times a weight whose outputs are lines, where both are
/// quantised: that of a layer's product.
SquaredError measureProductError(const Tensor &rows, const Tensor &lines);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_QUANTIZATIONERROR_H
