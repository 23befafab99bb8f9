//===- RightSide.h - The right side of a matrix product ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A matrix [K, N] in panels: columns in groups of the target's panel width,
/// each group's rows one after the other, so that the innermost loops of a
/// product read it from its first element to its last. The last panel is
/// filled up, and products may calculate all of its columns.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_RIGHTSIDE_H
#define SYLVITE_LIB_KERNELS_RIGHTSIDE_H

#include "sylvite/Kernels/Lowering.h"

namespace sylvite {

class RightSide {
public:
  /// Gets the value of the graph as the right side of products with `batch`
  /// leading dimensions, outermost first. With `transposed` it is [N, K]. A
  /// weight is packed ahead of time; anything else by the kernel's function
  /// "rhs", in the type `wide`.
  static mlir::FailureOr<RightSide> read(KernelBuilder &kernel,
                                         mlir::Value value, bool transposed,
                                         unsigned batch, mlir::Type wide);

  /// The same of a weight in words of so many `parts` along K: two neighbours
  /// of bf16, or what `halide.weight` says of quantised ones.
  static RightSide readWords(KernelBuilder &kernel, mlir::Value weight,
                             bool transposed, int64_t parts);

  /// The offsets of a quantised weight's columns: one row.
  static RightSide readOffsets(KernelBuilder &kernel, mlir::Value weight,
                               bool transposed);

  /// The element, or the word, of a column that is at most the last one of the
  /// last panel;
  /// `batch` outermost first.
  Expr at(Vars batch, Expr k, Expr n) const;

private:
  static RightSide readPacked(KernelBuilder &kernel, mlir::Value weight,
                              WeightPacking packing);

  int64_t width = 0;
  /// One of them.
  Buffer packed;
  Func func;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_RIGHTSIDE_H
