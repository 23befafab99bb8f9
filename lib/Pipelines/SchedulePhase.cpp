//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Schedule: each kernel gets the loops that it runs as on the target.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Pipelines.h"

#include "sylvite/Schedule/Passes.h"

using namespace sylvite;

void sylvite::populateSchedulePhase(mlir::OpPassManager &passes,
                                    const PipelineOptions &options) {
  // First, because a kernel that has a schedule keeps it.
  if (!options.schedules.empty())
    passes.addPass(createApplySchedulesPass(
        {options.schedules, llvm::to_vector(options.otherTargets)}));
  passes.addPass(createSchedulePass());
  // Also of what policies write: Halide's own messages name no line.
  passes.addPass(createVerifySchedulesPass());
}
