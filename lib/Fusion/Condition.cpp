//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The logic of conditions.
///
/// Where two tensors of two numbers meet there are four cases. As long as only
/// two numbers come of them, they are a conjunction or disjunction of the
/// conditions: a product of zeros and ones, or a sum of masks.
///
//===----------------------------------------------------------------------===//

#include "Condition.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using Kind = Condition::Kind;

Condition Condition::operator!() const {
  Condition result = *this;
  switch (kind) {
  case Kind::And:
  case Kind::Or:
    result.kind = kind == Kind::And ? Kind::Or : Kind::And;
    for (Condition &part : result.parts)
      part = !part;
    break;
  case Kind::AtMost:
    result.kind = Kind::AtLeast;
    result.number = number + 1;
    break;
  case Kind::AtLeast:
    result.kind = Kind::AtMost;
    result.number = number - 1;
    break;
  default:
    result.negated = !negated;
  }
  return result;
}

Condition Condition::operator&&(const Condition &other) const {
  if (kind == Kind::True)
    return negated ? *this : other;
  if (other.kind == Kind::True)
    return other.negated ? other : *this;
  Condition result{.kind = Kind::And};
  for (const Condition *side : {this, &other}) {
    if (side->kind == Kind::And)
      llvm::append_range(result.parts, side->parts);
    else
      result.parts.push_back(*side);
  }
  return result;
}

/// Equal, or both so low that they hide a key.
static bool isSame(double a, double b) {
  return a == b || (a <= kMaskNumber && b <= kMaskNumber);
}

std::optional<TwoNumbers> sylvite::combine(const Condition &a,
                                           const Condition &b,
                                           const double (&values)[2][2]) {
  for (const auto &row : values)
    for (double value : row)
      if (std::isnan(value))
        return std::nullopt;
  bool sameRows =
      isSame(values[0][0], values[1][0]) && isSame(values[0][1], values[1][1]);
  bool sameColumns =
      isSame(values[0][0], values[0][1]) && isSame(values[1][0], values[1][1]);
  // Of numbers that count as equal, the one that hides the least stands for
  // both.
  if (sameRows)
    return TwoNumbers{b, std::max(values[0][1], values[1][1]),
                      std::max(values[0][0], values[1][0])};
  if (sameColumns)
    return TwoNumbers{a, std::max(values[1][0], values[1][1]),
                      std::max(values[0][0], values[0][1])};
  // One of the four is different.
  for (bool x : {false, true})
    for (bool y : {false, true}) {
      double next = values[!x][y], across = values[!x][!y],
             below = values[x][!y];
      if (isSame(next, across) && isSame(across, below))
        return TwoNumbers{(x ? a : !a) && (y ? b : !b), values[x][y],
                          std::max({next, across, below})};
    }
  return std::nullopt;
}
