//===- Pipeline.h - The fusion phase ----------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The fusion phase as a list of passes.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PIPELINE_H
#define SYLVITE_FUSION_PIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace sylvite {

/// The passes from plain graph ops to fused ones, for a manager of modules.
void populateFusionPipeline(mlir::OpPassManager &passes);

} // namespace sylvite

#endif // SYLVITE_FUSION_PIPELINE_H
