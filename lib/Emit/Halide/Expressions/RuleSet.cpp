//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules by the names of their ops.
///
/// f16 and bf16 are widened to f32 in front of a rule, and its result is
/// rounded.
///
//===----------------------------------------------------------------------===//

#include "RuleSet.h"
#include "../Types.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::cast;
using Halide::Expr;

/// Makes a rule compute in f32 where the op's floats are narrower.
static ExpressionRule widen(ExpressionRule rule) {
  ExpressionRule wide;
  wide.build = [rule](Operation *op, Operands operands) {
    SmallVector<Expr> converted;
    for (auto [type, operand] : llvm::zip(op->getOperandTypes(), operands))
      converted.push_back(isNarrowFloat(type) ? cast<float>(operand) : operand);
    Expr result = rule.build(op, converted);
    Type type = op->getResult(0).getType();
    return isNarrowFloat(type) ? cast(convertType(type), result) : result;
  };
  wide.print = [rule](Operation *op, ArrayRef<Text> operands) {
    SmallVector<Text> converted;
    for (auto [type, operand] : llvm::zip(op->getOperandTypes(), operands))
      converted.push_back(
          isNarrowFloat(type) ? printCast("cast", "float", operand) : operand);
    Text result = rule.print(op, converted);
    Type type = op->getResult(0).getType();
    return isNarrowFloat(type) ? printCast("cast", getTypeName(type), result)
                               : result;
  };
  return wide;
}

void RuleSet::add(StringRef op, ExpressionRule rule, bool isConversion) {
  rules[op] = isConversion ? std::move(rule) : widen(std::move(rule));
}

const ExpressionRule *RuleSet::find(Operation *op) const {
  auto found = rules.find(op->getName().getStringRef());
  return found == rules.end() ? nullptr : &found->second;
}
