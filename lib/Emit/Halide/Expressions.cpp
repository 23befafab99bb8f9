//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rules of all ops, by families. Where MLIR and Halide differ, the family
/// tells.
///
//===----------------------------------------------------------------------===//

#include "Expressions/RuleSet.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

static RuleSet makeRules() {
  RuleSet rules;
  addConstantRules(rules);
  addComparisonRules(rules);
  addIntegerRules(rules);
  addFloatRules(rules);
  addConversionRules(rules);
  addDotRules(rules);
  return rules;
}

const ExpressionRule *emit::findExpressionRule(Operation *op) {
  static const RuleSet rules = makeRules();
  return rules.find(op);
}
