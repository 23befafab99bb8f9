//===- Condition.h - Formulas of queries and keys ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Conditions on queries and keys, and tensors that hold one of two numbers by
/// such a condition.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_CONDITION_H
#define SYLVITE_LIB_FUSION_CONDITION_H

#include "Roles.h"
#include <vector>

namespace sylvite {

/// Numbers up to this one hide a key: a score that is lower by 10^4 than
/// another one has a probability of exp(-10^4), which is zero in any precision.
constexpr double kMaskNumber = -1e4;

/// A formula over query i and key j of a batch.
struct Condition {
  enum class Kind {
    True,
    And,
    Or,
    /// j - i <= number, j - i >= number.
    AtMost,
    AtLeast,
    /// j < number; j < operand[b] + number.
    Prefix,
    Padding,
    /// operand[b, j] != 0, operand[b, i] == operand[b, j].
    Keep,
    Document,
  };
  Kind kind = Kind::True;
  bool negated = false;
  int64_t number = 0;
  View operand;
  /// A boolean tensor that holds the condition, as it was when it was read.
  View boolean;
  bool wasNegated = false;
  std::vector<Condition> parts;

  Condition operator!() const;
  Condition operator&&(const Condition &other) const;
  Condition operator||(const Condition &other) const {
    return !(!*this && !other);
  }
};

/// A tensor that holds one number where a condition is true, and another one
/// where it is not.
struct TwoNumbers {
  Condition condition;
  double whenTrue, whenFalse;

  /// Where the condition is always the same, both numbers are.
  TwoNumbers(Condition which, double whenTrue, double whenFalse)
      : condition(std::move(which)), whenTrue(whenTrue), whenFalse(whenFalse) {
    if (!isConstant())
      return;
    if (condition.negated)
      this->whenTrue = whenFalse;
    else
      this->whenFalse = whenTrue;
    condition = Condition();
  }
  bool isConstant() const { return condition.kind == Condition::Kind::True; }
};

/// The tensor that holds `values[x][y]` where the conditions are x and y; none
/// if there are more than two different ones. Numbers that hide a key count as
/// equal.
std::optional<TwoNumbers> combine(const Condition &a, const Condition &b,
                                  const double (&values)[2][2]);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_CONDITION_H
