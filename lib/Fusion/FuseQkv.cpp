//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one linear layer of the projections of an attention.
///
/// Query, key and value are followed backward through reshapes, transposes and
/// slices to the layers they come from. Those with one input are computed
/// together: by a layer whose weight and bias are theirs, one after the other,
/// with a slice for each behind it. The first of them is the place, and
/// weights, which need nothing, move up to it. Weights that are parts of a
/// packed one are put together again.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-fuse-qkv"

namespace sylvite {
#define GEN_PASS_DEF_FUSEQKVPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// The layer whose result, or a part of it, `value` is.
static graph::LinearOp findProjection(Value value) {
  Operation *op = value.getDefiningOp();
  while (
      isa_and_present<graph::ReshapeOp, graph::TransposeOp, graph::SliceOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return dyn_cast_if_present<graph::LinearOp>(op);
}

/// Is anything calculated behind the product and the bias?
static bool hasEpilogue(graph::LinearOp op) {
  return op.getActivation() != graph::Activation::None || op.getResidual() ||
         op.getNorm() != graph::NormKind::None;
}

/// Why layers with one input cannot be computed together.
static std::optional<MissedFusion> check(ArrayRef<graph::LinearOp> layers) {
  graph::LinearOp first = layers.front();
  for (graph::LinearOp layer : layers) {
    if (hasEpilogue(layer))
      return MissedFusion{"a projection has more than a product and a bias",
                          layer, ""};
    if (!isTrained(layer.getWeight()) ||
        (layer.getBias() && !isTrained(layer.getBias())))
      return MissedFusion{"a weight or bias is calculated", layer,
                          "store it in the model's files"};
    if (bool(layer.getBias()) != bool(first.getBias()))
      return MissedFusion{"some of the projections have a bias, and some not",
                          layer, "give the others a bias of zeros"};
    if (layer.getTransposeWeight() != first.getTransposeWeight())
      return MissedFusion{"the weights are stored in different orders", layer,
                          "store all weights as [out, in]"};
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

/// Moves what a weight is made of in front of `place`.
static void moveBefore(Value weight, Operation *place) {
  Operation *op = weight.getDefiningOp();
  if (op->getBlock() != place->getBlock() || op->isBeforeInBlock(place))
    return;
  for (Value operand : op->getOperands())
    moveBefore(operand, place);
  op->moveBefore(place);
}

/// Neighbouring slices of one tensor as one, or as the tensor.
static SmallVector<Value> joinSlices(OpBuilder &builder, Location loc,
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
  return joined;
}

/// One tensor of several, which move in front of the builder's place.
static Value concatenate(OpBuilder &builder, Location loc,
                         ArrayRef<Value> parts, int64_t axis) {
  for (Value part : parts)
    moveBefore(part, &*builder.getInsertionPoint());
  SmallVector<Value> joined = joinSlices(builder, loc, parts, axis);
  if (joined.size() == 1)
    return joined.front();
  return graph::ConcatOp::create(builder, loc, joined, axis);
}

/// Computes the layers, which are in the order of the block, together.
static graph::LinearOp fuse(ArrayRef<graph::LinearOp> layers) {
  graph::LinearOp first = layers.front();
  SmallVector<Operation *> ops(layers.begin(), layers.end());
  OpBuilder builder(first);
  Location loc = fuseLocs(ops);
  SmallVector<Value> weights, biases;
  int64_t width = 0;
  for (graph::LinearOp layer : layers) {
    weights.push_back(layer.getWeight());
    if (layer.getBias())
      biases.push_back(layer.getBias());
    width += layer.getOutFeatures();
  }
  Value weight =
      concatenate(builder, loc, weights, first.getTransposeWeight() ? 0 : 1);
  Value bias = biases.empty() ? Value() : concatenate(builder, loc, biases, 0);

  SmallVector<graph::Dim> dims = graph::getDims(first.getResult());
  int64_t axis = dims.size() - 1;
  dims.back() = graph::Dim(width);
  auto type =
      graph::getTensorType(dims, getElementTypeOrSelf(first.getResult()));
  auto joined = graph::LinearOp::create(
      builder, loc, type, first.getInput(), weight, bias, Value(), Value(),
      Value(), graph::Activation::None, graph::NormKind::None, first.getEps(),
      first.getTransposeWeight());
  int64_t begin = 0;
  for (graph::LinearOp layer : layers) {
    int64_t end = begin + layer.getOutFeatures();
    auto slice = graph::SliceOp::create(builder, layer.getLoc(), joined, axis,
                                        begin, end);
    layer.getResult().replaceAllUsesWith(slice);
    begin = end;
  }
  for (graph::LinearOp layer : layers)
    layer.erase();
  return joined;
}

/// Fuses what projects one input for the attention.
static void fuseProjections(graph::AttentionOp attention) {
  static constexpr StringLiteral kNames[] = {"query", "key", "value"};
  llvm::MapVector<Value, llvm::SetVector<graph::LinearOp>> byInput;
  llvm::MapVector<Operation *, std::string> names;
  DenseMap<Operation *, unsigned> counts;
  std::array<Value, 3> operands = {attention.getQuery(), attention.getKey(),
                                   attention.getValue()};
  for (auto [name, operand] : llvm::zip_equal(kNames, operands)) {
    graph::LinearOp layer = findProjection(operand);
    if (!layer) {
      remarkMissed(attention, "qkv",
                   {("the " + name + " is no result of a linear layer").str(),
                    operand.getDefiningOp(), ""});
      return;
    }
    byInput[layer.getInput()].insert(layer);
    ++counts[layer];
    std::string &text = names[layer];
    text += (text.empty() ? "" : ", ") + name.str();
  }
  bool joined = false;
  for (auto &[input, found] : byInput) {
    // A layer of which two or three are parts has nothing left to join.
    if (found.size() < 2) {
      joined |= counts[found.front()] > 1;
      continue;
    }
    SmallVector<graph::LinearOp> layers(found.begin(), found.end());
    joined = true;
    if (std::optional<MissedFusion> missed = check(layers)) {
      remarkMissed(attention, "qkv", *missed);
      continue;
    }
    llvm::sort(layers, [](graph::LinearOp a, graph::LinearOp b) {
      return a->isBeforeInBlock(b);
    });
    std::string text;
    for (graph::LinearOp layer : layers)
      text += (text.empty() ? "" : ", ") + names[layer];
    remarkFused(fuse(layers), "qkv", text);
  }
  if (!joined && byInput.size() > 1)
    remarkMissed(attention, "qkv",
                 {"the projections have different inputs",
                  findProjection(attention.getKey()), ""});
}

namespace {
struct FuseQkvPass : public sylvite::impl::FuseQkvPassBase<FuseQkvPass> {
  void runOnOperation() override;
};
} // namespace

void FuseQkvPass::runOnOperation() {
  SmallVector<graph::AttentionOp> candidates;
  getOperation().walk([&](graph::AttentionOp op) { candidates.push_back(op); });
  for (graph::AttentionOp op : candidates)
    fuseProjections(op);
}
