//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What happens to scores between the product and the softmax, walked from the
/// back: what is met later was applied earlier.
///
/// Factors, summands and masks have places of their own in an attention. Any
/// other op on single scores begins a formula: all that is behind it joins the
/// formula (numbers) or has to be a mask, and what is in front of it is what
/// the formula is applied to.
///
//===----------------------------------------------------------------------===//

#include "ScoreChain.h"
#include "AdditiveScores.h"
#include "Formulas.h"
#include "Matchers.h"
#include "SummandMask.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace sylvite;

/// No formula between product and softmax is deeper.
static constexpr unsigned kMaxDepth = 16;

/// The op that made the value, behind transposes and reshapes.
static Operation *skipMoves(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<graph::TransposeOp, graph::ReshapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return op;
}

bool sylvite::isProductOfTensors(Operation *op) {
  auto product = dyn_cast_if_present<graph::MatmulOp>(op);
  return product && llvm::none_of(product->getOperands(), [](Value operand) {
           return isa_and_present<graph::WeightOp, graph::ConstantOp>(
               skipMoves(operand));
         });
}

/// Ops on each score by itself, alone or with a number.
static bool isFormulaOp(Operation *op) {
  return isa<graph::TanhOp, graph::SigmoidOp, graph::ReluOp, graph::ExpOp,
             graph::LogOp, graph::SqrtOp, graph::AbsOp, graph::SinOp,
             graph::CosOp, graph::MaximumOp, graph::MinimumOp, graph::PowOp>(
      op);
}

static bool reaches(Value value, unsigned depth) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return false;
  if (isProductOfTensors(op) || findAdditive(op))
    return true;
  if (!isFormulaOp(op) &&
      !isa<graph::AddOp, graph::SubOp, graph::MulOp, graph::DivOp, graph::NegOp,
           graph::SelectOp, graph::CastOp, graph::TransposeOp,
           graph::ReshapeOp>(op))
    return false;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return reaches(operand, depth - 1);
  });
}

bool sylvite::reachesScores(Value value) { return reaches(value, kMaxDepth); }

namespace {
struct Walker {
  AttentionPattern &pattern;
  MissedFusion &missed;
  /// Terms behind the formula, which have to be masks.
  SmallVector<ScoreTerm> behind;

  std::optional<View> walk(View view);

private:
  std::nullopt_t miss(const Twine &reason, Operation *other = nullptr,
                      StringRef suggestion = "") {
    missed = {reason.str(), other, suggestion.str()};
    return std::nullopt;
  }
  std::optional<View> step(Operation *op, const View &view);
  std::optional<View> stepScaled(Operation *op, const View &view, Value scores,
                                 double factor);
  std::optional<View> stepProduct(Operation *op, const View &view);
  std::optional<View> stepSum(Operation *op, const View &view);
  std::optional<View> stepSelect(graph::SelectOp op, const View &view);
  std::optional<View> stepFormula(Operation *op, const View &view);
  bool raiseMasks();
};
} // namespace

std::optional<View> Walker::walk(View view) {
  while (true) {
    Operation *op = view.value.getDefiningOp();
    if (!op)
      return miss("the scores are no product of queries and keys");
    if (!view.value.hasOneUse()) {
      Operation *other = nullptr;
      for (Operation *user : view.value.getUsers())
        if (!other || other->isBeforeInBlock(user))
          other = user;
      return miss("the scores have a second user", other,
                  "return the scores from a function of their own");
    }
    if (isProductOfTensors(op) || findAdditive(op)) {
      if (!raiseMasks())
        return std::nullopt;
      return view;
    }
    if (isa<graph::MatmulOp>(op))
      return miss("the scores are a product with a weight", op);
    std::optional<View> next;
    if (isa<graph::TransposeOp, graph::ReshapeOp>(op)) {
      next = stepBack(view, pattern.extents);
      if (!next)
        return miss("a reshape of the scores mixes their dimensions", op);
    } else {
      next = step(op, view);
    }
    if (!next)
      return std::nullopt;
    view = std::move(*next);
  }
}

std::optional<View> Walker::step(Operation *op, const View &view) {
  if (isa<graph::AddOp, graph::SubOp>(op))
    return stepSum(op, view);
  if (isa<graph::MulOp, graph::DivOp>(op))
    return stepProduct(op, view);
  if (auto select = dyn_cast<graph::SelectOp>(op))
    return stepSelect(select, view);
  if (auto neg = dyn_cast<graph::NegOp>(op))
    return stepScaled(op, view, neg.getInput(), -1);
  if (auto cast = dyn_cast<graph::CastOp>(op)) {
    // The attention keeps more digits than either type in between.
    if (isa<FloatType>(getElementTypeOrSelf(cast.getInput())))
      return View{cast.getInput(), view.axes};
    return miss("the scores are cast to integers and back", op);
  }
  if (isFormulaOp(op))
    return stepFormula(op, view);
  return miss("'" + op->getName().getStringRef() +
                  "' on the scores is no part of an attention",
              op, "scale, add to, or mask the scores");
}

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

std::optional<View> Walker::stepScaled(Operation *op, const View &view,
                                       Value scores, double factor) {
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  pattern.scale *= factor;
  return View{scores, view.axes};
}

std::optional<View> Walker::stepProduct(Operation *op, const View &view) {
  bool divides = isa<graph::DivOp>(op);
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  if (std::optional<double> number = getNumber(rhs);
      number && !(divides && *number == 0))
    return stepScaled(op, view, lhs, divides ? 1 / *number : *number);
  if (std::optional<double> number = getNumber(lhs); number && !divides)
    return stepScaled(op, view, rhs, *number);

  StringRef what = divides ? "divided" : "multiplied";
  bool isRhs = !divides && !reachesScores(lhs);
  Value scores = isRhs ? rhs : lhs, factor = isRhs ? lhs : rhs;
  View tensor = viewOperand(factor, view);
  RoleList roles = tensor.getOrder();
  bool ofQueries = !llvm::is_contained(roles, Role::Key),
       ofKeys = !llvm::is_contained(roles, Role::Query) &&
                !llvm::is_contained(roles, Role::Group);
  if (reachesScores(factor) || (!ofQueries && !ofKeys))
    return miss("the scores are " + what + " by a tensor", op,
                "a factor of all scores, of queries or of keys can be fused, "
                "and a mask that is added or selected");
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  pattern.tensors.push_back({std::move(tensor), divides});
  return View{scores, view.axes};
}

//===----------------------------------------------------------------------===//
// Summands and masks
//===----------------------------------------------------------------------===//

std::optional<View> Walker::stepSum(Operation *op, const View &view) {
  bool isRhs = !reachesScores(op->getOperand(0));
  Value scores = op->getOperand(isRhs), term = op->getOperand(!isRhs);
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  // scores - term, or term - scores.
  bool isDifference = isa<graph::SubOp>(op);
  double sign = isDifference && !isRhs ? -1 : 1;
  pattern.terms.push_back({viewOperand(term, view), false, false,
                           sign * pattern.scale,
                           unsigned(pattern.tensors.size())});
  if (isDifference && isRhs)
    pattern.scale = -pattern.scale;
  return View{scores, view.axes};
}

std::optional<View> Walker::stepSelect(graph::SelectOp op, const View &view) {
  bool hides = getNumber(op.getOnTrue()).has_value();
  Value scores = hides ? op.getOnFalse() : op.getOnTrue();
  std::optional<double> number =
      getNumber(hides ? op.getOnTrue() : op.getOnFalse());
  if (!number)
    return miss("a select takes scores from two places", op);
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  if (!pattern.tensors.empty())
    return miss("masked scores are multiplied by a tensor", op,
                "mask the scores behind the product");
  if (!(*number * pattern.scale <= kMaskNumber))
    return miss("a select puts a number in the place of scores that is not "
                "below -10000 at the softmax",
                op, "mask with -inf");
  if (pattern.scale < 0)
    return miss("masked scores change their sign", op);
  if (!pattern.formula.empty())
    return miss("a formula of the scores is applied to masked ones", op,
                "mask the scores behind the formula");
  pattern.terms.push_back(
      {viewOperand(op.getCondition(), view), true, hides, 1});
  return View{scores, view.axes};
}

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

std::optional<View> Walker::stepFormula(Operation *op, const View &view) {
  ScoreStep next{op};
  if (op->getNumOperands() == 2) {
    std::optional<double> number = getNumber(op->getOperand(1));
    if (!number && !isa<graph::PowOp>(op)) {
      number = getNumber(op->getOperand(0));
      next.scores = 1;
    }
    if (!number)
      return miss("'" + op->getName().getStringRef() +
                      "' takes scores and another tensor",
                  op);
    next.number = *number;
  }
  Value scores = op->getOperand(next.scores);
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  // Keeps sums with a finite mask from becoming -inf, and no score is as low.
  if (isa<graph::MaximumOp>(op) && next.number * pattern.scale <= kMaskNumber)
    return View{scores, view.axes};

  if (!pattern.tensors.empty())
    return miss("the scores are multiplied by a tensor behind a formula", op);
  if (!pattern.formula.empty() && !pattern.terms.empty())
    return miss("something is added to the scores inside of a formula", op);
  behind.append(pattern.terms);
  pattern.terms.clear();
  if (pattern.scale != 1)
    pattern.formula.push_back({nullptr, pattern.scale});
  pattern.scale = 1;
  pattern.formula.push_back(next);
  return View{scores, view.axes};
}

/// Masks of what is behind the formula.
bool Walker::raiseMasks() {
  unsigned numOperands = 0;
  for (const ScoreTerm &term : behind) {
    MissedFusion why;
    std::optional<RaisedMask> mask =
        term.isCondition ? raiseCondition(term.view, term.hides,
                                          pattern.extents, numOperands, why)
                         : raiseSummand(term.view, term.factor, pattern.extents,
                                        numOperands, why);
    if (!mask) {
      miss("what is added behind a formula of the scores is no mask: " +
               why.reason,
           why.other, why.suggestion);
      return false;
    }
    numOperands += mask->getNumOperands();
    pattern.masks.push_back(std::move(*mask));
  }
  return true;
}

std::optional<View> sylvite::walkScores(View view, AttentionPattern &pattern,
                                        MissedFusion &missed) {
  return Walker{pattern, missed, {}}.walk(std::move(view));
}
