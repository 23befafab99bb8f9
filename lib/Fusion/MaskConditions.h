//===- MaskConditions.h - Which keys a summand shows ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Conditions on queries and keys, read from the ops that calculate a mask.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_MASKCONDITIONS_H
#define SYLVITE_LIB_FUSION_MASKCONDITIONS_H

#include "Roles.h"
#include <string>
#include <vector>

namespace sylvite {

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

/// Reads tensors that say something of queries and keys.
class ConditionReader {
public:
  explicit ConditionReader(const RoleExtents &extents) : extents(extents) {}

  /// What a tensor of numbers, or of booleans, holds; if it cannot be told,
  /// `getReason()` says why, and `getPlace()` which op it is.
  std::optional<TwoNumbers> readNumbers(const View &view, unsigned depth = 0);
  std::optional<Condition> readCondition(const View &view, unsigned depth = 0);

  llvm::StringRef getReason() const { return reason; }
  mlir::Operation *getPlace() const { return place; }

private:
  std::nullopt_t fail(const llvm::Twine &why, mlir::Operation *op = nullptr);
  std::optional<TwoNumbers> readSelect(graph::SelectOp op, const View &view,
                                       unsigned depth);
  std::optional<TwoNumbers> readConstant(graph::ConstantOp op,
                                         const View &view);
  std::optional<TwoNumbers> readInteger(const View &view);
  std::optional<Condition> readCompare(graph::CompareOp op, const View &view,
                                       unsigned depth);

  const RoleExtents &extents;
  std::string reason;
  mlir::Operation *place = nullptr;
};

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_MASKCONDITIONS_H
