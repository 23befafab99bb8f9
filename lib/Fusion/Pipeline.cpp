//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The order of the fusion passes: single functions are recognised before what
/// is built of them, and normal forms come before recognition.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Fusion/Pipeline.h"
#include "mlir/Transforms/Passes.h"
#include "sylvite/Fusion/Passes.h"

using namespace mlir;
using namespace sylvite;

void sylvite::populateFusionPipeline(OpPassManager &module) {
  OpPassManager &passes = module.nest<func::FuncOp>();
  // Equal masks and constants become one, so that matching compares values.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());

  // Single functions, in any order: none of them is a part of another.
  passes.addPass(createRaiseGeluPass());
  passes.addPass(createRaiseSiluPass());
  passes.addPass(createRaiseSoftmaxPass());

  // What the fused ops no longer use.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}
