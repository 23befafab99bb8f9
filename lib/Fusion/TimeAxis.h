//===- TimeAxis.h - The axis that loops go along ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Loops go along the first axis: what a step reads or writes of a tensor lies
/// together then, and between two loops nothing has to move.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_TIMEAXIS_H
#define SYLVITE_LIB_FUSION_TIMEAXIS_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

/// The tensor with `axis` as its first one.
mlir::Value moveToFront(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value tensor, int64_t axis);

/// The tensor with its first axis at `axis`.
mlir::Value moveFromFront(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value tensor, int64_t axis);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_TIMEAXIS_H
