//===- RuleSet.h - Rules by op ----------------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The set of rules, and the shapes that most of them have: a family of ops
/// adds its rules with one line each.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_RULESET
#define SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_RULESET

#include "CppText.h"
#include "llvm/ADT/StringMap.h"

namespace sylvite::emit {

using Operands = llvm::ArrayRef<Halide::Expr>;
using Texts = llvm::ArrayRef<Text>;

/// The rules by the names of the ops.
class RuleSet {
public:
  /// The rule of an op, or null where there is none.
  const ExpressionRule *find(mlir::Operation *op) const;

  /// lhs SYMBOL rhs.
  template <typename Op>
  void infix(llvm::StringRef symbol, int precedence,
             Halide::Expr (*build)(Halide::Expr, Halide::Expr)) {
    add<Op>({[=](mlir::Operation *, Operands o) { return build(o[0], o[1]); },
             [=](mlir::Operation *, Texts o) {
               return printInfix(symbol, precedence, o);
             }});
  }

  /// FUNCTION(operand, ...).
  template <typename Op>
  void call(llvm::StringRef function, Halide::Expr (*build)(Operands)) {
    add<Op>(
        {[=](mlir::Operation *, Operands o) { return build(o); },
         [=](mlir::Operation *, Texts o) { return printCall(function, o); }});
  }

  /// FUNCTION_f32 of VectorMath.h, and Halide's FUNCTION for f64, which the
  /// former is not precise enough for.
  template <typename Op>
  void vectorMath(llvm::StringRef function, Halide::Expr (*f32)(Halide::Expr),
                  Halide::Expr (*f64)(Halide::Expr)) {
    add<Op>({[=](mlir::Operation *op, Operands o) {
               return op->getResult(0).getType().isF64() ? f64(o[0])
                                                         : f32(o[0]);
             },
             [=](mlir::Operation *op, Texts o) {
               bool isF64 = op->getResult(0).getType().isF64();
               return printCall((function + (isF64 ? "" : "_f32")).str(), o);
             }});
  }

  /// An op with a struct of its own, derived from ConversionRule or ValueRule.
  template <typename Rule>
  void custom() {
    using Op = typename Rule::Op;
    auto asOp = [](mlir::Operation *op) { return mlir::cast<Op>(op); };
    add<Op>({[=](mlir::Operation *op, Operands o) {
               return Rule::build(asOp(op), o);
             },
             [=](mlir::Operation *op, Texts o) {
               return Rule::print(asOp(op), o);
             }},
            Rule::isConversion);
  }

private:
  template <typename Op>
  void add(ExpressionRule rule, bool isConversion = false) {
    add(Op::getOperationName(), std::move(rule), isConversion);
  }
  void add(llvm::StringRef op, ExpressionRule rule, bool isConversion);

  llvm::StringMap<ExpressionRule> rules;
};

/// Conversions, constants and choices take and give narrow floats as they are.
template <typename OpT>
struct ConversionRule {
  using Op = OpT;
  static constexpr bool isConversion = true;
};

/// All others compute in f32 where the op's floats are narrower.
template <typename OpT>
struct ValueRule {
  using Op = OpT;
  static constexpr bool isConversion = false;
};

// The families of ops, a file each.
void addConstantRules(RuleSet &rules);
void addComparisonRules(RuleSet &rules);
void addIntegerRules(RuleSet &rules);
void addFloatRules(RuleSet &rules);
void addConversionRules(RuleSet &rules);
void addDotRules(RuleSet &rules);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_RULESET
