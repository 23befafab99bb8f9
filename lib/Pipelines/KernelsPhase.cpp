//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels: functions of graph ops are cut into kernels and calls.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "sylvite/Fusion/Passes.h"
#include "sylvite/Kernels/Passes.h"

using namespace sylvite;

void sylvite::populateKernelsPhase(mlir::OpPassManager &passes,
                                   const PipelineOptions &options) {
  passes.addNestedPass<mlir::func::FuncOp>(createDecomposeBatchNormPass());
  // Before constants of unsigned types are calculated with.
  passes.addPass(createDropSignsPass());
  // Behind all that writes expressions of weights.
  passes.addPass(createDeriveWeightsPass());
  // Functions have been fused by themselves; now each is one program. Behind
  // the derived weights: in loops that call functions, nothing looks for them.
  passes.addPass(mlir::createInlinerPass());
  // Behind calls, so that rows of two calls have two names.
  passes.addNestedPass<mlir::func::FuncOp>(createPackRowsPass());
  if (options.trace)
    passes.addPass(createTraceOpsPass(options.trace));
  // Shares equal kernels itself, so that nothing has to follow it.
  passes.addPass(createFormKernelsPass());
}
