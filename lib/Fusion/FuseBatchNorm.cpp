//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Folds batch norms with stored statistics into linear layers.
///
/// The norm is a factor and a summand a channel. The layer before it is tried
/// first, because an activation may follow there; else all layers behind it
/// take them. The new weights are written as graph ops on the old ones.
///
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Formulas.h"
#include "Matchers.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-batch-norm"

namespace sylvite {
#define GEN_PASS_DEF_FUSEBATCHNORMPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kFamily = "batch-norm";

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

/// Why the norm is no factor and summand known at compile time, or nothing.
static std::optional<MissedFusion> checkNorm(graph::BatchNormOp op) {
  if (op.getOver())
    return MissedFusion{"its statistics are those of the batch", nullptr,
                        "store statistics for a model that is trained"};
  if (int64_t(op.getAxis()) != op.getType().getRank() - 1)
    return MissedFusion{"the channels are not the last axis", nullptr, ""};
  for (Value vector : op->getOperands().drop_front())
    if (!isTrained(vector))
      return MissedFusion{"statistics, scale or bias are no weights",
                          vector.getDefiningOp(), ""};
  return std::nullopt;
}

static bool isFixed(graph::LinearOp layer) {
  return isTrained(layer.getWeight()) &&
         (!layer.getBias() || isTrained(layer.getBias()));
}

static bool hasEpilogue(graph::LinearOp layer) {
  return layer.getActivation() != graph::Activation::None ||
         layer.getResidual() || layer.getNorm() != graph::NormKind::None;
}

/// Why the layer before does not take the norm, or nothing.
static std::optional<MissedFusion> checkBefore(graph::LinearOp layer,
                                               graph::BatchNormOp norm) {
  if (!layer)
    return MissedFusion{"no linear layer stands before or behind it", nullptr,
                        ""};
  if (hasEpilogue(layer))
    return MissedFusion{"the layer before it ends in more than a bias", layer,
                        "normalise in front of the activation"};
  if (Operation *other = getOtherUser(layer.getResult(), norm))
    return MissedFusion{"the layer before it has a second user", other, ""};
  if (!isFixed(layer))
    return MissedFusion{"the layer's weights are calculated at run time", layer,
                        ""};
  return std::nullopt;
}

/// The layers behind the norm, if there is nothing else.
static SmallVector<graph::LinearOp> getLayersBehind(graph::BatchNormOp norm) {
  SmallVector<graph::LinearOp> layers;
  for (OpOperand &use : norm->getUses()) {
    auto layer = dyn_cast<graph::LinearOp>(use.getOwner());
    // The input is the first operand.
    if (!layer || use.getOperandNumber() != 0 || !isFixed(layer))
      return {};
    layers.push_back(layer);
  }
  return layers;
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

namespace {
/// Writes what becomes of one norm.
class Fold {
public:
  explicit Fold(graph::BatchNormOp norm)
      : norm(norm), builder(norm), loc(norm.getLoc()) {}

  void intoLayerBefore(graph::LinearOp layer);
  void intoLayerBehind(graph::LinearOp layer);

private:
  template <typename OpTy>
  Value create(Value lhs, Value rhs) {
    return OpTy::create(builder, loc, lhs, rhs);
  }
  Value reshape(Value value, ArrayRef<graph::Dim> dims) {
    return graph::ReshapeOp::create(
        builder, loc, graph::getTensorType(dims, getElementTypeOrSelf(value)),
        value);
  }
  /// Writes factor and summand.
  void writeParts();
  /// A layer with other weights in place of `end`.
  graph::LinearOp replace(graph::LinearOp layer, Operation *end, Value input,
                          Value weight, Value bias,
                          graph::Activation activation);

  graph::BatchNormOp norm;
  OpBuilder builder;
  Location loc;
  Value factor, summand;
};
} // namespace

void Fold::writeParts() {
  Type element = norm.getType().getElementType();
  double eps = norm.getEps().convertToDouble();
  Value number = graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(RankedTensorType::get({}, element),
                             Attribute(builder.getFloatAttr(element, eps))));
  Value sum = create<graph::AddOp>(norm.getVariance(), number);
  factor = graph::RsqrtOp::create(builder, loc, sum.getType(), sum);
  if (norm.getScale())
    factor = create<graph::MulOp>(factor, norm.getScale());
  summand = create<graph::MulOp>(norm.getMean(), factor);
  summand = norm.getBias()
                ? create<graph::SubOp>(norm.getBias(), summand)
                : graph::NegOp::create(builder, loc, summand.getType(), summand)
                      .getResult();
}

graph::LinearOp Fold::replace(graph::LinearOp layer, Operation *end,
                              Value input, Value weight, Value bias,
                              graph::Activation activation) {
  auto folded = graph::LinearOp::create(
      builder, fuseLocs({layer, norm}), end->getResult(0).getType(), input,
      weight, /*weight_scale=*/Value(), bias, layer.getResidual(),
      layer.getNormScale(), layer.getNormBias(), activation, layer.getNorm(),
      layer.getEps(), layer.getTransposeWeight());
  end->getResult(0).replaceAllUsesWith(folded);
  return folded;
}

void Fold::intoLayerBefore(graph::LinearOp layer) {
  writeParts();
  Value weight = layer.getWeight(), columns = factor;
  if (layer.getTransposeWeight())
    columns = reshape(factor, {graph::Dim(layer.getOutFeatures()), 1});
  weight = create<graph::MulOp>(weight, columns);
  Value bias = summand;
  if (layer.getBias())
    bias = create<graph::AddOp>(create<graph::MulOp>(layer.getBias(), factor),
                                summand);
  // The activation that would have gone into the layer without the norm.
  Operation *end = norm;
  auto activation = graph::Activation::None;
  if (Operation *user = getOnlyUser(norm.getResult())) {
    activation = getActivation(user);
    if (activation != graph::Activation::None)
      end = user;
  }
  builder.setInsertionPoint(end);
  auto folded = replace(layer, end, layer.getInput(), weight, bias, activation);
  std::string what = "linear, batch norm";
  if (end != norm)
    what += ", " + stringifyActivation(activation).str();
  eraseDead(end);
  remarkFused(folded, kFamily, what);
}

void Fold::intoLayerBehind(graph::LinearOp layer) {
  if (!factor)
    writeParts();
  builder.setInsertionPoint(layer);
  int64_t in = layer.getInFeatures(), out = layer.getOutFeatures();
  Value rows = layer.getTransposeWeight()
                   ? factor
                   : reshape(factor, {graph::Dim(in), 1});
  Value weight = create<graph::MulOp>(layer.getWeight(), rows);
  // The summand, through the layer's own weight.
  auto type = graph::getTensorType({1, graph::Dim(out)},
                                   norm.getType().getElementType());
  Value shift = graph::MatmulOp::create(
      builder, loc, type, reshape(summand, {1, graph::Dim(in)}),
      layer.getWeight(), /*transpose_lhs=*/false, layer.getTransposeWeight());
  Value bias = reshape(shift, {graph::Dim(out)});
  if (layer.getBias())
    bias = create<graph::AddOp>(bias, layer.getBias());
  auto folded = replace(layer, layer, norm.getInput(), weight, bias,
                        layer.getActivation());
  layer.erase();
  remarkFused(folded, kFamily, "batch norm, linear");
}

static void fuse(graph::BatchNormOp norm) {
  if (std::optional<MissedFusion> why = checkNorm(norm))
    return remarkMissed(norm, kFamily, *why);
  auto before = norm.getInput().getDefiningOp<graph::LinearOp>();
  std::optional<MissedFusion> why = checkBefore(before, norm);
  if (!why)
    return Fold(norm).intoLayerBefore(before);
  SmallVector<graph::LinearOp> behind = getLayersBehind(norm);
  if (behind.empty())
    return remarkMissed(norm, kFamily, *why);
  Fold fold(norm);
  for (graph::LinearOp layer : behind)
    fold.intoLayerBehind(layer);
  eraseDead(norm);
}

namespace {
struct FuseBatchNormPass
    : public sylvite::impl::FuseBatchNormPassBase<FuseBatchNormPass> {
  void runOnOperation() override;
};
} // namespace

void FuseBatchNormPass::runOnOperation() {
  SmallVector<graph::BatchNormOp> norms;
  getOperation().walk([&](graph::BatchNormOp norm) { norms.push_back(norm); });
  for (graph::BatchNormOp norm : norms)
    fuse(norm);
}
