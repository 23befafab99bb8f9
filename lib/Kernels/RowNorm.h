//===- RowNorm.h - Normalised rows ------------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Layer and RMS norms along rows, for all kernels that end in one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_ROWNORM_H
#define SYLVITE_LIB_KERNELS_ROWNORM_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// A norm along the innermost dimension.
struct RowNorm {
  graph::NormKind kind;
  double eps;
  /// One element a feature, or none.
  std::optional<Operand> scale, bias;
};

/// Writes the norm of x, whose first variable goes along `features`, as
/// functions behind it, and "out" of that element type, which is returned.
///
/// - layer: "sum" and "mean" of each row, then "squares", the sum of
///   (x - mean)^2, and "inverse", 1 / sqrt(squares / features + eps); each sum
///   is a row reduction. Two passes, because the difference of the mean of
///   squares and the square of the mean loses all digits where the mean is
///   large.
/// - rms: "squares", of x, and "inverse".
/// - none: "out" alone.
Func normalizeRows(KernelBuilder &kernel, Func x, const Extent &features,
                   const RowNorm &norm, mlir::Type element);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_ROWNORM_H
