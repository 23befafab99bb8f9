//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is added to scores as mask algebra.
///
/// A summand is read as a tensor of two numbers with the condition that tells
/// them apart (MaskConditions.h): one of them must be 0, and the other so low
/// that it hides a key.
///
//===----------------------------------------------------------------------===//

#include "SummandMask.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kSuggestion =
    "calculate the mask in the graph, from booleans, 0/1 integers or "
    "positions; a summand that is no mask stays the bias";

/// The condition as algebra.
static std::optional<RaisedMask>
write(const Condition &condition, const View &view, const RoleExtents &extents,
      unsigned firstOperand, MissedFusion &missed) {
  std::optional<RaisedMask> mask = RaisedMask::get(
      view.value.getContext(), condition, extents, firstOperand, missed.reason);
  if (!mask) {
    missed.other = view.value.getDefiningOp();
    missed.suggestion = kSuggestion;
  }
  return mask;
}

std::optional<RaisedMask> sylvite::raiseSummand(const View &summand,
                                                double factor,
                                                const RoleExtents &extents,
                                                unsigned firstOperand,
                                                MissedFusion &missed) {
  ConditionReader reader(extents);
  std::optional<TwoNumbers> numbers = reader.readNumbers(summand);
  if (!numbers) {
    missed = {reader.getReason().str(), reader.getPlace(), kSuggestion.str()};
    return std::nullopt;
  }
  Condition condition = numbers->condition;
  double shown = numbers->whenTrue * factor,
         hidden = numbers->whenFalse * factor;
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
        << "it adds " << llvm::format("%g", numbers->whenTrue * factor)
        << " or " << llvm::format("%g", numbers->whenFalse * factor)
        << ", but a mask adds 0 or a number of -10000 or less";
    return std::nullopt;
  }
  return write(condition, summand, extents, firstOperand, missed);
}

std::optional<RaisedMask> sylvite::raiseCondition(const View &view, bool hides,
                                                  const RoleExtents &extents,
                                                  unsigned firstOperand,
                                                  MissedFusion &missed) {
  ConditionReader reader(extents);
  std::optional<Condition> condition = reader.readCondition(view);
  if (!condition) {
    missed = {reader.getReason().str(), reader.getPlace(), kSuggestion.str()};
    return std::nullopt;
  }
  return write(hides ? !*condition : *condition, view, extents, firstOperand,
               missed);
}
