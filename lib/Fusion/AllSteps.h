//===- AllSteps.h - Ops of a step for all steps at once ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an op of a loop's body does in each step can often be done for all
/// steps at once, outside of the loop, by the same op with one dimension more
/// in front. This is so where each step reads rows of its own, and beside them
/// what is the same in all steps.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_ALLSTEPS_H
#define SYLVITE_LIB_FUSION_ALLSTEPS_H

#include "mlir/IR/IRMapping.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

/// A product of rows with one matrix. It reads the matrix once for all steps,
/// in place of once a step.
bool isProduct(mlir::Operation *op);

/// Can the op be done for all steps at once? `isRow` says of an operand whether
/// it differs between steps.
bool canDoAllSteps(mlir::Operation *op,
                   llvm::function_ref<bool(mlir::Value)> isRow);

/// The op for all steps. `all` has what its rows are in all steps, and gets the
/// result.
mlir::Value doAllSteps(mlir::OpBuilder &builder, mlir::Operation *op,
                       const graph::Dim &steps, mlir::IRMapping &all);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_ALLSTEPS_H
