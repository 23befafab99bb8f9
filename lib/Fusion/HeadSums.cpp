//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The output projection of multi-head attention, taken apart by heads.
///
/// The concatenation of the heads times W is the sum of each head times its
/// rows of W, and some models are written so. As a concatenation and one layer
/// it is the definition again.
///
//===----------------------------------------------------------------------===//

#include "HeadSums.h"
#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace sylvite;

/// The summands of a sum, whose inner sums nothing else uses.
static void collectSummands(graph::AddOp sum, SmallVectorImpl<Value> &summands,
                            SmallVectorImpl<Operation *> &sums) {
  sums.push_back(sum);
  for (Value operand : sum->getOperands()) {
    auto inner = operand.getDefiningOp<graph::AddOp>();
    if (inner && inner->hasOneUse() && inner.getType() == sum.getType())
      collectSummands(inner, summands, sums);
    else
      summands.push_back(operand);
  }
}

/// The layer that gives a summand, if it is one of a head.
static graph::LinearOp matchLayer(Value summand, graph::AddOp sum,
                                  llvm::function_ref<bool(Value)> isHead) {
  auto layer = summand.getDefiningOp<graph::LinearOp>();
  bool isPlain =
      layer && layer->hasOneUse() && layer.getType() == sum.getType() &&
      layer.getActivation() == graph::Activation::None &&
      !layer.getResidual() && layer.getNorm() == graph::NormKind::None &&
      layer->getBlock() == sum->getBlock();
  bool isTrainedLayer = isPlain && isTrained(layer.getWeight()) &&
                        (!layer.getBias() || isTrained(layer.getBias()));
  return isTrainedLayer && isHead(layer.getInput()) ? layer : graph::LinearOp();
}

static void join(graph::AddOp sum, ArrayRef<graph::LinearOp> layers,
                 ArrayRef<Value> rest) {
  OpBuilder builder(sum);
  graph::LinearOp first = layers.front();
  SmallVector<Operation *> ops(layers.begin(), layers.end());
  Location loc = fuseLocs(ops);
  SmallVector<Value> heads, weights;
  Value bias;
  auto addBias = [&](Value other) {
    bias = bias ? graph::AddOp::create(builder, loc, bias, other) : other;
  };
  for (graph::LinearOp layer : layers) {
    heads.push_back(layer.getInput());
    Value weight = layer.getWeight();
    if (layer.getTransposeWeight() != first.getTransposeWeight())
      weight = graph::TransposeOp::create(builder, loc, weight, {1, 0});
    weights.push_back(weight);
    if (layer.getBias())
      addBias(layer.getBias());
  }
  SmallVector<Value> behind;
  for (Value summand : rest) {
    Value vector = matchVector(summand, first.getOutFeatures());
    if (vector && isTrained(vector))
      addBias(vector);
    else
      behind.push_back(summand);
  }
  int64_t last = graph::getDims(first.getInput()).size() - 1;
  Value input = graph::ConcatOp::create(builder, loc, heads, last),
        weight = graph::ConcatOp::create(builder, loc, weights,
                                         first.getTransposeWeight() ? 1 : 0);
  Value result = graph::LinearOp::create(
      builder, loc, first.getType(), input, weight, Value(), bias, Value(),
      Value(), Value(), graph::Activation::None, graph::NormKind::None,
      first.getEps(), first.getTransposeWeight());
  for (Value summand : behind)
    result = graph::AddOp::create(builder, sum.getLoc(), result, summand);
  sum.replaceAllUsesWith(result);
  eraseDead(sum);
}

void sylvite::joinHeadSums(func::FuncOp function,
                           llvm::function_ref<bool(Value)> isHead) {
  // The outermost sums come last, and take what is inside.
  SmallVector<graph::AddOp> sums;
  function.walk([&](graph::AddOp op) { sums.push_back(op); });
  llvm::SmallPtrSet<Operation *, 8> seen;
  for (graph::AddOp sum : llvm::reverse(sums)) {
    if (seen.contains(sum))
      continue;
    SmallVector<Value> summands, rest;
    SmallVector<Operation *> inner;
    collectSummands(sum, summands, inner);
    seen.insert_range(inner);
    SmallVector<graph::LinearOp> layers;
    for (Value summand : summands) {
      graph::LinearOp layer = matchLayer(summand, sum, isHead);
      bool isAlike =
          layer && (layers.empty() ||
                    getElementTypeOrSelf(layer.getWeight()) ==
                        getElementTypeOrSelf(layers.front().getWeight()));
      if (isAlike)
        layers.push_back(layer);
      else
        rest.push_back(summand);
    }
    if (layers.size() > 1)
      join(sum, layers, rest);
  }
}
