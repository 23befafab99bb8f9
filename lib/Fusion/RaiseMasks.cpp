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
/// A bias is a sum. Each summand is read as a tensor of two numbers with the
/// condition that tells them apart (MaskConditions.h): one of them must be 0,
/// and the other so low that it hides a key. The conditions of all such
/// summands together, as algebra (MaskAlgebra.h), become the mask; what is left
/// of the sum stays the bias.
///
//===----------------------------------------------------------------------===//

#include "AttentionPattern.h"
#include "MaskAlgebra.h"
#include "Matchers.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/Support/Format.h"
#include <cmath>

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
  return RoleExtents(query[axes.batch], query[axes.heads], query[axes.sequence],
                     key[axes.sequence], query[axes.features]);
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

private:
  /// The mask of a summand; none, with the reason, if it is no mask.
  std::optional<RaisedMask> raise(const View &summand, unsigned firstOperand,
                                  MissedFusion &missed);
};
} // namespace

std::optional<RaisedMask> Raiser::raise(const View &summand,
                                        unsigned firstOperand,
                                        MissedFusion &missed) {
  static constexpr StringLiteral kSuggestion =
      "calculate the mask in the graph, from booleans, 0/1 integers or "
      "positions; a summand that is no mask stays the bias";
  ConditionReader reader(extents);
  std::optional<TwoNumbers> numbers = reader.readNumbers(summand);
  if (!numbers) {
    missed = {reader.getReason().str(), reader.getPlace(), kSuggestion.str()};
    return std::nullopt;
  }
  auto [condition, shown, hidden] = *numbers;
  // A softmax does not change with a number that all scores have in common.
  if (numbers->isConstant() && std::isfinite(shown) && shown > kMaskNumber) {
    condition = Condition();
    shown = 0;
    hidden = -INFINITY;
  }
  if (hidden == 0) {
    condition = !condition;
    std::swap(shown, hidden);
  }
  if (shown != 0 || !(hidden <= kMaskNumber)) {
    missed.other = summand.value.getDefiningOp();
    missed.suggestion = kSuggestion;
    llvm::raw_string_ostream(missed.reason)
        << "it adds " << llvm::format("%g", numbers->whenTrue) << " or "
        << llvm::format("%g", numbers->whenFalse)
        << ", but a mask adds 0 or a number of -10000 or less";
    return std::nullopt;
  }
  std::optional<RaisedMask> mask = RaisedMask::get(
      op.getContext(), condition, extents, firstOperand, missed.reason);
  if (!mask) {
    missed.other = summand.value.getDefiningOp();
    missed.suggestion = kSuggestion;
  }
  return mask;
}

void Raiser::run() {
  static constexpr Role kScores[] = {Role::Batch, Role::Heads, Role::Query,
                                     Role::Key};
  std::optional<View> bias = viewTrailing(op.getBias(), kScores, extents);
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
    std::optional<RaisedMask> raised = raise(summand, operands.size(), missed);
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
