//===- HeadSums.h - Sums of what heads add to the output --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The output projection of multi-head attention, taken apart by heads.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_HEADSUMS_H
#define SYLVITE_LIB_FUSION_HEADSUMS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

/// Makes one layer of the concatenation of h_1, ..., h_n of the sum h_1 W_1 +
/// ... + h_n W_n + rest, for results h of attentions as `isHead` says.
void joinHeadSums(mlir::func::FuncOp function,
                  llvm::function_ref<bool(mlir::Value)> isHead);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_HEADSUMS_H
