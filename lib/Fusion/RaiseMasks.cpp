//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns biases of attentions into mask algebra.
///
/// A bias is a sum. The masks among its summands (SummandMask.h) together
/// become the attention's; what is left of the sum stays the bias.
///
//===----------------------------------------------------------------------===//

#include "Matchers.h"
#include "SummandMask.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-masks"

namespace sylvite {
#define GEN_PASS_DEF_RAISEMASKSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::MaskAttr;

/// The extents of an attention's dimensions.
static RoleExtents getExtents(graph::AttentionOp op) {
  graph::AttentionOp::Axes axes = op.getAxes();
  SmallVector<Dim> query = graph::getDims(op.getQuery()),
                   key = graph::getDims(op.getKey());
  return RoleExtents(query[axes.batch], query[axes.heads], Dim(1),
                     query[axes.sequence], key[axes.sequence],
                     query[axes.features]);
}

/// The summands of a sum, in the order of the text.
static void collectSummands(const View &sum, SmallVectorImpl<View> &summands) {
  if (auto add = sum.value.getDefiningOp<graph::AddOp>()) {
    collectSummands(viewOperand(add.getLhs(), sum), summands);
    collectSummands(viewOperand(add.getRhs(), sum), summands);
  } else {
    summands.push_back(sum);
  }
}

namespace {
/// Raises the bias of one attention.
struct Raiser {
  graph::AttentionOp op;
  RoleExtents extents = getExtents(op);

  void run();
};
} // namespace

void Raiser::run() {
  // A formula may make of a low score one that is seen.
  if (!op.getScore().empty())
    return remarkMissed(op, "mask",
                        {"a formula of the scores comes behind the bias",
                         nullptr, "mask behind the formula: mask(...)"});
  const AxisRoles scores = {
      {Role::Batch}, {Role::Heads}, {Role::Query}, {Role::Key}};
  std::optional<View> bias = viewTrailing(op.getBias(), scores, extents);
  if (!bias)
    return remarkMissed(op, "mask",
                        {"a dimension of the bias has no name", nullptr,
                         "name dynamic dimensions with #graph.dims"});
  SmallVector<View> summands;
  collectSummands(*bias, summands);

  OpBuilder builder(op);
  MaskAttr mask = op.getMaskAttr();
  SmallVector<Value> operands(op.getMaskOperands()), rest;
  for (const View &summand : summands) {
    MissedFusion missed;
    std::optional<RaisedMask> raised =
        raiseSummand(summand, /*factor=*/1, extents, operands.size(), missed);
    if (!raised) {
      remarkMissed(op, "mask", missed);
      rest.push_back(summand.value);
      continue;
    }
    mask = MaskAttr::conjunction(mask, raised->getMask());
    operands.append(raised->makeOperands(builder, op.getLoc()));
  }
  if (rest.size() == summands.size())
    return;

  Operation *oldBias = op.getBias().getDefiningOp();
  Value newBias;
  for (Value summand : rest)
    newBias = newBias
                  ? graph::AddOp::create(builder, op.getLoc(), newBias, summand)
                  : summand;
  op.getMaskOperandsMutable().assign(operands);
  op.getBiasMutable().clear();
  if (newBias)
    op.getBiasMutable().assign(newBias);
  op.setMaskAttr(mask);
  if (oldBias)
    eraseDead(oldBias);
  if (!mask)
    return remarkFused(op, "mask", "a mask that hides nothing");
  std::string text;
  llvm::raw_string_ostream(text) << mask;
  StringRef formula = text;
  formula.consume_front("#graph.mask<");
  formula.consume_back(">");
  remarkFused(op, "mask", formula);
}

namespace {
struct RaiseMasksPass
    : public sylvite::impl::RaiseMasksPassBase<RaiseMasksPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseMasksPass::runOnOperation() {
  SmallVector<graph::AttentionOp> candidates;
  getOperation().walk([&](graph::AttentionOp op) {
    if (op.getBias())
      candidates.push_back(op);
  });
  for (graph::AttentionOp op : candidates)
    Raiser{op}.run();
}
