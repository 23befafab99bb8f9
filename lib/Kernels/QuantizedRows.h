//===- QuantizedRows.h - Products with quantised weights --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The sum over k of x[m, k] W[k, n], with x of f32 and W of integers of eight
/// bits with a scale for each n.
///
/// A kernel of its own quantises rows, once for all products that read them. It
/// writes words of several integers, as the target's instruction takes them:
///
/// - VPDPBUSD, and DP4A of CUDA, multiply four u8 with four i8; other devices
///   take such words apart. Rows are written with 128 added
///   to each integer, and sums begin with what that adds: the weight's offsets.
/// - PMADDWD multiplies two i16 with two. Weights have two i8 in a word, which
///   are widened where they are loaded.
///
/// Integers that stand in one word are far apart in their row, so that vectors
/// of neighbours become vectors of words without a shuffle. Both sums are
/// exact, so that all targets have the same bits.
///
/// A row's number of largest magnitude, the first of them, stays a float: it is
/// multiplied apart. One number far larger than all others is common, and the
/// step of all would be as much larger.
///
/// A row ends with a vector of words for its scale and that number.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_QUANTIZEDROWS_H
#define SYLVITE_LIB_KERNELS_QUANTIZEDROWS_H

#include "RightSide.h"

namespace sylvite {

/// The rows [M, K] as words [M, ceil(K / parts) + a vector], which a kernel of
/// its own makes.
mlir::Value getQuantizedRows(LoweringContext &context, mlir::Location loc,
                             mlir::Value rows);

/// A product of which the sums are integers.
class QuantizedProduct {
public:
  /// Writes the function "acc"(n, m) of i32. `rows` are those that
  /// getQuantizedRows() gave, of that number, and rows behind the last one are
  /// that.
  QuantizedProduct(KernelBuilder &kernel, Buffer rows, mlir::Value weight,
                   bool transposed, int64_t depth, const Extent &number);

  Func getSums() const { return acc; }
  /// The sum times the row's scale, with the number that is apart: all but the
  /// scale of output n.
  Expr at(Expr n, Expr m) const;

private:
  /// What the sum of a column begins with.
  Expr getOffset(Expr n) const;

  Buffer rows;
  Expr last;
  int64_t parts, words;
  RightSide panels;
  std::optional<RightSide> offsets;
  Func acc;
  /// Is that left to at()? On devices sums of threads begin with zero.
  bool addsOffsets = false;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_QUANTIZEDROWS_H
