//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Host: the calls of kernels become a program in the LLVM dialect.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Pipelines.h"

#include "sylvite/Emit/Host/HostModule.h"

using namespace sylvite;

void sylvite::populateHostPhase(mlir::OpPassManager &passes,
                                const PipelineOptions &options) {
  // Kernels stay as they are beside it, for the package phase to compile.
  populateHostPipeline(passes, {options.prefix, !options.otherTargets.empty()});
}
