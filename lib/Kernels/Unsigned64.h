//===- Unsigned64.h - Unsigned integers of 64 bits --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers of 64 bits without a sign, calculated with signed ones: no wider
/// type holds them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_UNSIGNED64_H
#define SYLVITE_LIB_KERNELS_UNSIGNED64_H

#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

/// Has an op that depends on the order of its ui64 operands (comparisons,
/// extremes) compare i64 of the same order: with the first bit the other way.
void orderUnsigned64(mlir::Operation *op);

/// Writes the quotient, or the remainder, of ui64 elements in terms of i64, and
/// erases the op.
void divideUnsigned64(mlir::Operation *op);

/// Writes a cast from ui64 to floats, or from floats to ui64, and erases it.
void castUnsigned64(graph::CastOp op);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_UNSIGNED64_H
