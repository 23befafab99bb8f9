//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Fusion: from the model's own words to one op per idea.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Pipelines.h"

#include "sylvite/Fusion/Pipeline.h"
#include "sylvite/Precision/Passes.h"

using namespace sylvite;

void sylvite::populateFusionPhase(mlir::OpPassManager &passes,
                                  const PipelineOptions &options) {
  // The families and their order: lib/Fusion/Pipeline.cpp.
  populateFusionPipeline(passes);
  // Behind all that makes layers and their weights.
  if (options.precision.empty())
    return;
  LowerPrecisionPassOptions lower{options.precision, options.calibrate,
                                  options.precisionLimit};
  passes.addPass(options.precisionReport
                     ? createLowerPrecisionPass(lower, *options.precisionReport)
                     : createLowerPrecisionPass(lower));
}
