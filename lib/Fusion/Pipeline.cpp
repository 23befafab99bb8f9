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

  // The products of layers and what goes on in their loops are fused as all
  // else is.
  passes.addPass(createDecomposeRecurrentPass());
  // Behind layers, whose loops may be in loops; before anything is fused with
  // what is to leave.
  passes.addPass(createNormalizeScansPass());
  passes.addPass(createNormalizeScanOutputsPass());
  // Picks the directions' parts out of weights that were joined for a layer.
  passes.addPass(createCanonicalizerPass());

  // Single functions, in any order: none of them is a part of another.
  passes.addPass(createRaiseGeluPass());
  passes.addPass(createRaiseSiluPass());
  passes.addPass(createRaiseSoftmaxPass());
  passes.addPass(createRaiseL2NormalizePass());
  passes.addPass(createRaiseLayerNormPass());
  passes.addPass(createRaiseRmsNormPass());
  passes.addPass(createRaiseRotaryPass());

  // Before attention follows queries, keys and values back through the moves
  // that it leaves.
  passes.addPass(createFuseHeadProjectionsPass());
  // Behind the softmax, which is the root of its pattern, and before anything
  // that takes its products or summands.
  passes.addPass(createFuseAttentionPass());
  // Folds what the layouts of attentions leave of transposes and reshapes.
  passes.addPass(createCanonicalizerPass());
  // Behind the attentions, whose biases it reads.
  passes.addPass(createRaiseMasksPass());
  // One mask of several heads is one value.
  passes.addPass(createCSEPass());

  // Behind the normalisation, which may be a part of it.
  passes.addPass(createFusePoolPass());
  // What looks positions up is a part of sums of lookups.
  passes.addPass(createFusePositionsPass());
  // Before residual sums: a sum of lookups is no residual.
  passes.addPass(createFuseEmbeddingsPass());
  // Behind activations, which become a part of layers.
  passes.addPass(createFuseLinearPass());
  // Behind layers, whose weights it changes, and before what joins them.
  passes.addPass(createFuseBatchNormPass());
  // Behind layers and attentions, which it joins, and before what joins the
  // layers of one attention.
  passes.addPass(createFuseHeadsPass());
  // Behind layers, of which it joins those that one attention reads.
  passes.addPass(createFuseQkvPass());
  // Behind layers, so that sums and norms find the layer before them.
  passes.addPass(createFuseResidualNormPass());

  // What the fused ops no longer use.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  // About all that there is in the end.
  passes.addPass(createFindBatchPass());
}
