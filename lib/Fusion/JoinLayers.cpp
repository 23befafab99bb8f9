//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Layers of one input as one layer.
///
/// A weight that is stored the other way round is transposed, and a layer
/// without bias gets one of zeros; both are calculated at compile time.
///
//===----------------------------------------------------------------------===//

#include "JoinLayers.h"
#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace sylvite;

/// Is anything calculated behind the product and the bias?
static bool hasEpilogue(graph::LinearOp op) {
  return op.getActivation() != graph::Activation::None || op.getResidual() ||
         op.getNorm() != graph::NormKind::None;
}

std::optional<MissedFusion>
sylvite::checkJoin(ArrayRef<graph::LinearOp> layers) {
  graph::LinearOp first = layers.front();
  for (graph::LinearOp layer : layers) {
    if (layer.getInput() != first.getInput())
      return MissedFusion{"the projections have different inputs", layer, ""};
    if (hasEpilogue(layer))
      return MissedFusion{"a projection has more than a product and a bias",
                          layer, ""};
    if (!isTrained(layer.getWeight()) ||
        (layer.getBias() && !isTrained(layer.getBias())))
      return MissedFusion{"a weight or bias is calculated", layer,
                          "store it in the model's files"};
    if (layer->getBlock() != first->getBlock())
      return MissedFusion{"the projections are in different regions", layer,
                          ""};
    if (getElementTypeOrSelf(layer.getWeight()) !=
        getElementTypeOrSelf(first.getWeight()))
      return MissedFusion{"the weights have different element types", layer,
                          ""};
  }
  return std::nullopt;
}

/// Moves what a trained value is made of in front of the insertion point.
static void hoist(OpBuilder &builder, Value value) {
  Operation *op = value.getDefiningOp();
  Block *block = builder.getInsertionBlock();
  auto point = builder.getInsertionPoint();
  if (op->getBlock() != block ||
      (point != block->end() && op->isBeforeInBlock(&*point)))
    return;
  for (Value operand : op->getOperands())
    hoist(builder, operand);
  op->moveBefore(block, point);
}

Value sylvite::joinParts(OpBuilder &builder, Location loc,
                         ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> joined;
  for (Value part : parts) {
    auto next = part.getDefiningOp<graph::SliceOp>();
    auto last = joined.empty() ? graph::SliceOp()
                               : joined.back().getDefiningOp<graph::SliceOp>();
    if (!next || !last || last.getInput() != next.getInput() ||
        int64_t(last.getAxis()) != axis || int64_t(next.getAxis()) != axis ||
        last.getEnd() != next.getBegin()) {
      joined.push_back(part);
      continue;
    }
    Value all = next.getInput();
    int64_t extent = cast<RankedTensorType>(all.getType()).getDimSize(axis);
    if (last.getBegin() != 0 || int64_t(next.getEnd()) != extent)
      all = graph::SliceOp::create(builder, loc, all, axis, last.getBegin(),
                                   next.getEnd());
    joined.back() = all;
  }
  if (joined.size() == 1)
    return joined.front();
  return graph::ConcatOp::create(builder, loc, joined, axis);
}

/// One tensor of several. Tensors that are such ones are taken apart, so that
/// packing sees the weights themselves.
static Value concatenate(OpBuilder &builder, Location loc,
                         ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> all;
  for (Value part : parts) {
    hoist(builder, part);
    auto concat = part.getDefiningOp<graph::ConcatOp>();
    if (concat && int64_t(concat.getAxis()) == axis)
      llvm::append_range(all, concat.getInputs());
    else
      all.push_back(part);
  }
  return joinParts(builder, loc, all, axis);
}

graph::LinearOp sylvite::joinLayers(OpBuilder &builder, Location loc,
                                    ArrayRef<graph::LinearOp> layers) {
  graph::LinearOp first = layers.front();
  Type element = getElementTypeOrSelf(first.getResult());
  bool transposed = first.getTransposeWeight();
  bool hasBias = llvm::any_of(
      layers, [](graph::LinearOp layer) { return bool(layer.getBias()); });
  SmallVector<Value> weights, biases;
  int64_t width = 0;
  for (graph::LinearOp layer : layers) {
    Value weight = layer.getWeight(), bias = layer.getBias();
    if (layer.getTransposeWeight() != transposed) {
      hoist(builder, weight);
      weight = graph::TransposeOp::create(builder, loc, weight, {1, 0});
    }
    weights.push_back(weight);
    if (hasBias && !bias)
      bias = graph::ConstantOp::create(
          builder, loc,
          DenseElementsAttr::get(
              RankedTensorType::get({layer.getOutFeatures()}, element),
              builder.getZeroAttr(element)));
    if (bias)
      biases.push_back(bias);
    width += layer.getOutFeatures();
  }
  Value weight = concatenate(builder, loc, weights, transposed ? 0 : 1);
  Value bias = hasBias ? concatenate(builder, loc, biases, 0) : Value();

  SmallVector<graph::Dim> dims = graph::getDims(first.getResult());
  dims.back() = graph::Dim(width);
  return graph::LinearOp::create(
      builder, loc, graph::getTensorType(dims, element), first.getInput(),
      weight, /*weight_scale=*/Value(), bias, Value(), Value(), Value(),
      graph::Activation::None, graph::NormKind::None, first.getEps(),
      transposed);
}
