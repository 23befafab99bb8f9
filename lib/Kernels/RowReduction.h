//===- RowReduction.h - One number of each row ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Sums and maxima along the innermost dimension, as vectors can compute them.
///
/// A loop that adds element after element to one number waits for each
/// addition, and rounds as often as there are elements. A reduction over rows
/// is therefore two functions: NAME_lanes(lane, rows...) reduces every L-th
/// element, and NAME(rows...) reduces the lanes. L is four vectors of the
/// target, which hides the latency of an addition, or the greatest power of two
/// that a shorter row has. Rows whose length is not known have two vectors: what
/// is left over at their end goes through all lanes under a mask.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_ROWREDUCTION_H
#define SYLVITE_LIB_KERNELS_ROWREDUCTION_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// What is reduced, and how.
struct RowReduction {
  /// NAME of the functions.
  llvm::StringRef name;
  /// The variables of rows, innermost first.
  llvm::ArrayRef<llvm::StringRef> rows;
  /// Elements of a row.
  Extent length;
  /// Other dimensions that are reduced too.
  llvm::ArrayRef<Range> others;
  /// The value that `combine` does not change anything with.
  Expr neutral;
  /// An associative function of two values.
  llvm::function_ref<Expr(Expr, Expr)> combine;
  /// The element at a place in its row and of `others`, innermost first, and
  /// the row.
  llvm::function_ref<Expr(Vars, Vars)> element;
};

/// Writes NAME_lanes and NAME; gives NAME. Booleans have no lanes.
Func reduceRows(KernelBuilder &kernel, const RowReduction &reduction);

/// a + b, for `combine`.
Expr addElements(Expr a, Expr b);
/// max(a, b), for `combine`.
Expr maxElements(Expr a, Expr b);

/// The sum of f(k, row) over rows of that many elements.
Func sumRows(KernelBuilder &kernel, llvm::StringRef name,
             llvm::ArrayRef<llvm::StringRef> rows, const Extent &length,
             mlir::Type type, llvm::function_ref<Expr(Expr, Vars)> element);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_ROWREDUCTION_H
