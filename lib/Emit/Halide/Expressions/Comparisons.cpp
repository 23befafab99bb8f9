//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Comparisons, and the choice that follows them.
///
//===----------------------------------------------------------------------===//

#include "RuleSet.h"
#include "Unsigned.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Expr;

static bool isUnsigned(arith::CmpIPredicate predicate) {
  return predicate >= arith::CmpIPredicate::ult;
}

namespace {
struct CmpIRule : ValueRule<arith::CmpIOp> {
  static Expr build(arith::CmpIOp op, Operands o) {
    Expr a = o[0], b = o[1];
    if (isUnsigned(op.getPredicate()))
      a = asUnsigned(a), b = asUnsigned(b);
    switch (op.getPredicate()) {
    case arith::CmpIPredicate::eq:
      return a == b;
    case arith::CmpIPredicate::ne:
      return a != b;
    case arith::CmpIPredicate::slt:
    case arith::CmpIPredicate::ult:
      return a < b;
    case arith::CmpIPredicate::sle:
    case arith::CmpIPredicate::ule:
      return a <= b;
    case arith::CmpIPredicate::sgt:
    case arith::CmpIPredicate::ugt:
      return a > b;
    case arith::CmpIPredicate::sge:
    case arith::CmpIPredicate::uge:
      return a >= b;
    }
    llvm_unreachable("all predicates are handled");
  }

  static Text print(arith::CmpIOp op, Texts o) {
    SmallVector<Text> operands(o);
    if (isUnsigned(op.getPredicate()))
      for (Text &operand : operands)
        operand = asUnsigned(op.getLhs().getType(), operand);
    switch (op.getPredicate()) {
    case arith::CmpIPredicate::eq:
      return printInfix("==", kEqual, operands);
    case arith::CmpIPredicate::ne:
      return printInfix("!=", kEqual, operands);
    case arith::CmpIPredicate::slt:
    case arith::CmpIPredicate::ult:
      return printInfix("<", kLess, operands);
    case arith::CmpIPredicate::sle:
    case arith::CmpIPredicate::ule:
      return printInfix("<=", kLess, operands);
    case arith::CmpIPredicate::sgt:
    case arith::CmpIPredicate::ugt:
      return printInfix(">", kLess, operands);
    case arith::CmpIPredicate::sge:
    case arith::CmpIPredicate::uge:
      return printInfix(">=", kLess, operands);
    }
    llvm_unreachable("all predicates are handled");
  }
};

/// Floats have no NaNs in Halide, so that ordered and unordered comparisons are
/// the same.
struct CmpFRule : ValueRule<arith::CmpFOp> {
  static StringRef getSymbol(arith::CmpFPredicate predicate) {
    switch (predicate) {
    case arith::CmpFPredicate::OEQ:
    case arith::CmpFPredicate::UEQ:
      return "==";
    case arith::CmpFPredicate::ONE:
    case arith::CmpFPredicate::UNE:
      return "!=";
    case arith::CmpFPredicate::OLT:
    case arith::CmpFPredicate::ULT:
      return "<";
    case arith::CmpFPredicate::OLE:
    case arith::CmpFPredicate::ULE:
      return "<=";
    case arith::CmpFPredicate::OGT:
    case arith::CmpFPredicate::UGT:
      return ">";
    case arith::CmpFPredicate::OGE:
    case arith::CmpFPredicate::UGE:
      return ">=";
    case arith::CmpFPredicate::AlwaysTrue:
    case arith::CmpFPredicate::ORD:
      return "true";
    case arith::CmpFPredicate::AlwaysFalse:
    case arith::CmpFPredicate::UNO:
      return "false";
    }
    llvm_unreachable("all predicates are handled");
  }

  static Expr build(arith::CmpFOp op, Operands o) {
    return llvm::StringSwitch<function_ref<Expr()>>(
               getSymbol(op.getPredicate()))
        .Case("==", [&] { return o[0] == o[1]; })
        .Case("!=", [&] { return o[0] != o[1]; })
        .Case("<", [&] { return o[0] < o[1]; })
        .Case("<=", [&] { return o[0] <= o[1]; })
        .Case(">", [&] { return o[0] > o[1]; })
        .Case(">=", [&] { return o[0] >= o[1]; })
        .Case("true", [&] { return Halide::Internal::const_true(); })
        .Default([&] { return Halide::Internal::const_false(); })();
  }

  static Text print(arith::CmpFOp op, Texts o) {
    StringRef symbol = getSymbol(op.getPredicate());
    if (symbol == "true" || symbol == "false")
      return {("Internal::const_" + symbol + "()").str()};
    return printInfix(symbol,
                      symbol.contains("=") && symbol != "<=" && symbol != ">="
                          ? kEqual
                          : kLess,
                      o);
  }
};

struct SelectRule : ConversionRule<arith::SelectOp> {
  static Expr build(arith::SelectOp, Operands o) {
    return Halide::select(o[0], o[1], o[2]);
  }
  static Text print(arith::SelectOp, Texts o) {
    std::string value = asExpr(o.drop_front());
    return {"select(" + o[0].text + ", " + value + ", " + o[2].text + ")"};
  }
};
} // namespace

void emit::addComparisonRules(RuleSet &rules) {
  rules.custom<CmpIRule>();
  rules.custom<CmpFRule>();
  rules.custom<SelectRule>();
  rules.call<halide::LikelyOp>(
      "likely", [](Operands o) { return Halide::likely(o[0]); });
}
