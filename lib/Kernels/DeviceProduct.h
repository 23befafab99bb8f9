//===- DeviceProduct.h - Products for devices -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matrix products for devices, in one of two forms. Variables `...` are the
/// batch's.
///
/// Blocks of threads share what a step multiplies. With step ko of kStepDepth
/// numbers along k, the functions are
///
///     left(ki, m, ko, ...)    left side of a step
///     right(n, ki, ko, ...)   right side of a step
///     part(n, m, ko, ...)     += left * right over ki, in registers
///     acc(n, m, ...)          += part over ko
///
/// A left side that is known to have few rows, as in a step of generation,
/// reads the right side about once, and what bounds the product is how many
/// threads read it at a time: they share columns. With lane ki of kRowLanes,
///
///     lane(n, ki, m, ...)     += left * right over every kRowLanes-th k
///     acc(n, m, ...)          += lane over ki
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_DEVICEPRODUCT_H
#define SYLVITE_LIB_KERNELS_DEVICEPRODUCT_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// What a product multiplies. Coordinates of the batch are innermost first, as
/// the variables are.
struct DeviceProduct {
  /// n and m, then the batch's.
  llvm::ArrayRef<llvm::StringRef> vars;
  /// Of the sums.
  mlir::Type type;
  Extent rows;
  Expr depth;
  /// Elements of a row at k, and of a column at k, of any type; k is less than
  /// the depth.
  llvm::function_ref<Expr(Expr k, Expr m, Vars batch)> left;
  llvm::function_ref<Expr(Expr k, Expr n, Vars batch)> right;
  /// Adds the product of both to a sum; without it they are numbers, which
  /// become of the sums' type. Of zeros it adds none.
  llvm::function_ref<Expr(Expr sum, Expr left, Expr right)> add;
};

/// Writes `acc`, and what it is made of.
Func writeDeviceProduct(KernelBuilder &kernel, const DeviceProduct &product);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_DEVICEPRODUCT_H
