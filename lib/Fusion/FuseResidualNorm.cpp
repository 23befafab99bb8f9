//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves residual sums and norms to the op before them.
///
/// First every linear layer whose only user is a sum with a tensor of its type
/// takes that tensor as its residual. Then every norm looks at its input: a
/// linear layer takes the norm as the end of its epilogue, if it should, and a
/// sum that is left becomes the norm's residual.
///
/// The layers come first, because a sum saves a pass over memory with either,
/// and a layer with sum and norm saves two. A model that normalises before its
/// layers (pre-norm) needs every sum twice: there the sum goes into the layer
/// before it, and the norm stays.
///
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Formulas.h"
#include "Matchers.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-residual-norm"

namespace sylvite {
#define GEN_PASS_DEF_FUSERESIDUALNORMPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kFamily = "residual-norm";

/// The other summand, if the sum is one of two tensors of its type.
static Value getOtherSummand(graph::AddOp add, Value summand) {
  if (add.getLhs().getType() != add.getRhs().getType())
    return {};
  return add.getLhs() == summand ? add.getRhs() : add.getLhs();
}

//===----------------------------------------------------------------------===//
// Sums into layers
//===----------------------------------------------------------------------===//

/// Why the sum does not become a part of the layer, or nothing.
static std::optional<MissedFusion> shouldNotFuseSum(graph::LinearOp linear,
                                                    graph::AddOp add) {
  if (Operation *other = getOtherUser(linear, add))
    return MissedFusion{"the layer has a second user", other, ""};
  if (!linear->hasOneUse())
    return MissedFusion{"the layer is added to itself", nullptr, ""};
  if (linear.getNorm() != graph::NormKind::None)
    return MissedFusion{"the layer ends with a norm", linear, ""};
  if (linear.getResidual())
    return MissedFusion{"the layer has a residual already", linear, ""};
  if (!getOtherSummand(add, linear))
    return MissedFusion{"a summand is repeated along a dimension", nullptr,
                        "add a tensor of the layer's shape"};
  return std::nullopt;
}

/// Puts a copy of the layer in the place of `end`, completed by `complete`.
static graph::LinearOp
rebuild(graph::LinearOp linear, Operation *end,
        llvm::function_ref<void(graph::LinearOp)> complete) {
  OpBuilder builder(end);
  auto fused = cast<graph::LinearOp>(builder.clone(*linear));
  fused->setLoc(fuseLocs({linear, end}));
  complete(fused);
  end->getResult(0).replaceAllUsesWith(fused);
  eraseDead(end);
  return fused;
}

static void fuseSum(graph::AddOp add) {
  std::optional<MissedFusion> missed;
  for (Value summand : add->getOperands()) {
    auto linear = summand.getDefiningOp<graph::LinearOp>();
    if (!linear)
      continue;
    if (std::optional<MissedFusion> why = shouldNotFuseSum(linear, add)) {
      missed = why;
      continue;
    }
    Value residual = getOtherSummand(add, linear);
    graph::LinearOp fused = rebuild(linear, add, [&](graph::LinearOp op) {
      op.getResidualMutable().assign(residual);
    });
    return remarkFused(fused, kFamily, "linear, residual");
  }
  if (missed)
    remarkMissed(add, kFamily, *missed);
}

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

static void fuseNormIntoLinear(const NormParts &norm, graph::LinearOp linear) {
  graph::LinearOp fused = rebuild(linear, norm.op, [&](graph::LinearOp op) {
    op.setNorm(norm.kind);
    op.setEps(norm.eps);
    op.getNormScaleMutable().assign(norm.scale);
    if (norm.bias)
      op.getNormBiasMutable().assign(norm.bias);
  });
  remarkFused(fused, kFamily,
              Twine(fused.getResidual() ? "linear, residual, " : "linear, ") +
                  getName(norm.kind));
}

static void fuseSumIntoNorm(const NormParts &norm, graph::AddOp add) {
  if (Operation *other = getOtherUser(add, norm.op))
    return remarkMissed(norm.op, kFamily,
                        {"the sum before the norm has a second user", other,
                         "a model that normalises behind the sum (post-norm) "
                         "needs the sum for the norm alone"});
  if (norm.residual)
    return remarkMissed(norm.op, kFamily,
                        {"the norm has a residual already", add, ""});
  Value residual = getOtherSummand(add, add.getLhs());
  if (!residual)
    return remarkMissed(norm.op, kFamily,
                        {"a summand is repeated along a dimension", add,
                         "add a tensor of the norm's shape"});
  Operation *op = norm.op;
  op->setLoc(fuseLocs({add, op}));
  auto assign = [&](auto fused) {
    fused.getInputMutable().assign(add.getLhs());
    fused.getResidualMutable().assign(residual);
  };
  if (auto layerNorm = dyn_cast<graph::LayerNormOp>(op))
    assign(layerNorm);
  else
    assign(cast<graph::RmsNormOp>(op));
  eraseDead(add);
  remarkFused(op, kFamily, Twine("residual, ") + getName(norm.kind));
}

static void fuseNorm(const NormParts &norm, const NormEpiloguePolicy &policy) {
  if (auto add = norm.input.getDefiningOp<graph::AddOp>())
    return fuseSumIntoNorm(norm, add);
  auto linear = norm.input.getDefiningOp<graph::LinearOp>();
  if (!linear)
    return;
  std::optional<MissedFusion> why = shouldNotFuseNorm(norm, policy);
  if (!why && linear.getNorm() != graph::NormKind::None)
    why = {"the layer ends with a norm already", linear, ""};
  if (why)
    return remarkMissed(norm.op, kFamily, *why);
  fuseNormIntoLinear(norm, linear);
}

namespace {
struct FuseResidualNormPass
    : public sylvite::impl::FuseResidualNormPassBase<FuseResidualNormPass> {
  using FuseResidualNormPassBase::FuseResidualNormPassBase;
  void runOnOperation() override;
};
} // namespace

void FuseResidualNormPass::runOnOperation() {
  SmallVector<graph::AddOp> sums;
  SmallVector<Operation *> norms;
  getOperation().walk([&](Operation *op) {
    if (auto add = dyn_cast<graph::AddOp>(op))
      sums.push_back(add);
    else if (getNormParts(op))
      norms.push_back(op);
  });
  for (graph::AddOp add : sums)
    fuseSum(add);
  for (Operation *op : norms)
    fuseNorm(*getNormParts(op), {maxNormFeatures});
}
