//===- Bf16Product.h - Products with a weight of bf16 -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The sum over k of x[m, k] W[k, n], with x of f32 and W of bf16.
///
/// Weights lie in words of two neighbours along k. Where the target has a fast
/// instruction for it, a word is multiplied with a word of x: x is rounded to
/// bf16, once for all products that read it, and the sum of two products is
/// added in one step. Elsewhere the two elements of a word are made f32 by one
/// instruction each, which is exact and less than a load of bf16 takes, and x
/// stays as it is.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_BF16PRODUCT_H
#define SYLVITE_LIB_KERNELS_BF16PRODUCT_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Is this product of such types, with a weight that is packed ahead of time?
bool isBf16Product(mlir::Value weight, mlir::Type input, mlir::Type sum);

/// What a kernel multiplies with a weight of bf16: the tensor of rows [M, K],
/// or one of rows in words [M, ceil(K / 2)], which a kernel of its own makes.
mlir::Value getBf16Rows(LoweringContext &context, mlir::Location loc,
                        mlir::Value rows);

/// Writes the function "acc"(n, m). `rows` are those that getBf16Rows() gave,
/// `depth` is K, and rows behind `last` are those of `last`.
Func writeBf16Product(KernelBuilder &kernel, Buffer rows, mlir::Value weight,
                      bool transposed, int64_t depth, Expr last);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_BF16PRODUCT_H
