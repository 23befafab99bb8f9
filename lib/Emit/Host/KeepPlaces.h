//===- KeepPlaces.h - Values that must end in a given place -----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A loop's carried value has one buffer, and a result in place its argument's.
/// One-shot bufferization wants that to be so already.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_KEEPPLACES_H
#define SYLVITE_LIB_EMIT_HOST_KEEPPLACES_H

#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sylvite {

/// Copies what a loop carries on, and results in place, to where they belong,
/// but for values that the analysis finds there already (a cache with one row
/// updated).
mlir::LogicalResult
keepPlaces(mlir::func::FuncOp function,
           const mlir::bufferization::OneShotBufferizationOptions &options);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_KEEPPLACES_H
