//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arithmetic of integers and truth values.
///
/// Halide's `/` and `%` round towards minus infinity. They stand for division
/// and remainder of numbers that cannot be negative; others are rounded as MLIR
/// says, at a price. Signed overflow is undefined in i32, as in C; narrower
/// types wrap.
///
//===----------------------------------------------------------------------===//

#include "../IntegerMath.h"
#include "RuleSet.h"
#include "Unsigned.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::cast;
using Halide::Expr;

/// True if an integer is known to be at least 0. Variables count as such:
/// buffers begin at 0.
static bool isNonNegative(Value value) {
  if (isa<BlockArgument>(value))
    return true;
  Operation *op = value.getDefiningOp();
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.isNonNegative();
  if (isa<halide::ExtentOp, arith::ExtUIOp>(op))
    return true;
  if (isa<arith::MaxSIOp>(op))
    return isNonNegative(op->getOperand(0)) || isNonNegative(op->getOperand(1));
  if (isa<arith::AddIOp, arith::MulIOp, arith::MinSIOp, arith::DivSIOp,
          arith::DivUIOp, arith::FloorDivSIOp, arith::RemSIOp, arith::RemUIOp,
          arith::MinUIOp, arith::IndexCastOp, arith::ExtSIOp>(op))
    return llvm::all_of(op->getOperands(), isNonNegative);
  return false;
}

namespace {
/// How an integer division rounds.
enum class Rounding { Floor, TowardsZero, Unsigned };

/// Division and remainder. Halide's own operators round to a remainder that is
/// not negative, which is what all kinds of division do with operands that are
/// not negative, and floor division with a divisor that is not.
template <typename OpT, Rounding rounding, bool isRemainder>
struct DivisionRule : ValueRule<OpT> {
  static bool isHalides(OpT op) {
    return isNonNegative(op.getRhs()) &&
           (rounding == Rounding::Floor || isNonNegative(op.getLhs()));
  }

  static Expr divide(Expr a, Expr b) { return isRemainder ? a % b : a / b; }

  static Expr build(OpT op, Operands o) {
    if (isHalides(op))
      return divide(o[0], o[1]);
    if (rounding == Rounding::Unsigned)
      return cast(o[0].type(), divide(asUnsigned(o[0]), asUnsigned(o[1])));
    if (rounding == Rounding::TowardsZero)
      return isRemainder ? Halide::mod_round_to_zero(o[0], o[1])
                         : Halide::div_round_to_zero(o[0], o[1]);
    return integer_math::floor_div(o[0], o[1]);
  }

  static Text print(OpT op, Texts o) {
    StringRef symbol = isRemainder ? "%" : "/";
    if (isHalides(op))
      return printInfix(symbol, kMul, o);
    Type type = op.getType();
    if (rounding == Rounding::Unsigned)
      return printCast(
          "cast", getTypeName(type),
          printInfix(symbol, kMul,
                     {asUnsigned(type, o[0]), asUnsigned(type, o[1])}));
    if (rounding == Rounding::TowardsZero)
      return printCall(isRemainder ? "mod_round_to_zero" : "div_round_to_zero",
                       o);
    return printCall("floor_div", o);
  }
};

/// Division upwards.
struct CeilDivSIRule : ValueRule<arith::CeilDivSIOp> {
  static Expr build(arith::CeilDivSIOp op, Operands o) {
    if (isNonNegative(op.getRhs()))
      return (o[0] + o[1] - 1) / o[1];
    return integer_math::ceil_div(o[0], o[1]);
  }
  static Text print(arith::CeilDivSIOp op, Texts o) {
    if (!isNonNegative(op.getRhs()))
      return printCall("ceil_div", o);
    Text sum = printInfix("+", kAdd, o);
    sum = printInfix("-", kAdd, {sum, Text{"1", kAtom, true}});
    return printInfix("/", kMul, {sum, o[1]});
  }
};

/// How a bitwise operation is written on integers and on truth values, which
/// Halide reasons about only in their own operators.
struct AndSymbols {
  static Expr bits(Expr a, Expr b) { return a & b; }
  static Expr truth(Expr a, Expr b) { return a && b; }
  static Text print(bool isTruth, Texts o) {
    return isTruth ? printInfix("&&", kAnd, o) : printInfix("&", kBitAnd, o);
  }
};
struct OrSymbols {
  static Expr bits(Expr a, Expr b) { return a | b; }
  static Expr truth(Expr a, Expr b) { return a || b; }
  static Text print(bool isTruth, Texts o) {
    return isTruth ? printInfix("||", kOr, o) : printInfix("|", kBitOr, o);
  }
};
struct XOrSymbols {
  static Expr bits(Expr a, Expr b) { return a ^ b; }
  static Expr truth(Expr a, Expr b) { return a != b; }
  static Text print(bool isTruth, Texts o) {
    return isTruth ? printInfix("!=", kEqual, o) : printInfix("^", kBitXor, o);
  }
};

template <typename OpT, typename Symbols>
struct LogicRule : ValueRule<OpT> {
  static Expr build(OpT op, Operands o) {
    return op.getType().isInteger(1) ? Symbols::truth(o[0], o[1])
                                     : Symbols::bits(o[0], o[1]);
  }
  static Text print(OpT op, Texts o) {
    return Symbols::print(op.getType().isInteger(1), o);
  }
};

struct ShRUIRule : ValueRule<arith::ShRUIOp> {
  static Expr build(arith::ShRUIOp, Operands o) {
    return cast(o[0].type(), asUnsigned(o[0]) >> asUnsigned(o[1]));
  }
  static Text print(arith::ShRUIOp op, Texts o) {
    Type type = op.getType();
    return printCast(
        "cast", getTypeName(type),
        printInfix(">>", kShift,
                   {asUnsigned(type, o[0]), asUnsigned(type, o[1])}));
  }
};

/// Smaller or larger of two unsigned numbers.
template <typename OpT, bool isMin>
struct UnsignedExtremum : ValueRule<OpT> {
  static Expr build(OpT, Operands o) {
    Expr a = asUnsigned(o[0]), b = asUnsigned(o[1]);
    return cast(o[0].type(), isMin ? Halide::min(a, b) : Halide::max(a, b));
  }
  static Text print(OpT op, Texts o) {
    Type type = op.getType();
    return printCast(
        "cast", getTypeName(type),
        printCall(isMin ? "min" : "max",
                  {asUnsigned(type, o[0]), asUnsigned(type, o[1])}));
  }
};

/// The absolute value; Halide gives an unsigned one.
struct AbsIRule : ValueRule<math::AbsIOp> {
  static Expr build(math::AbsIOp, Operands o) {
    return cast(o[0].type(), Halide::abs(o[0]));
  }
  static Text print(math::AbsIOp op, Texts o) {
    return printCast("cast", getTypeName(op.getType()), printCall("abs", o));
  }
};
} // namespace

void emit::addIntegerRules(RuleSet &rules) {
  rules.infix<arith::AddIOp>("+", kAdd, [](Expr a, Expr b) { return a + b; });
  rules.infix<arith::SubIOp>("-", kAdd, [](Expr a, Expr b) { return a - b; });
  rules.infix<arith::MulIOp>("*", kMul, [](Expr a, Expr b) { return a * b; });
  rules.custom<DivisionRule<arith::FloorDivSIOp, Rounding::Floor, false>>();
  rules.custom<DivisionRule<arith::DivSIOp, Rounding::TowardsZero, false>>();
  rules.custom<DivisionRule<arith::DivUIOp, Rounding::Unsigned, false>>();
  rules.custom<DivisionRule<arith::RemSIOp, Rounding::TowardsZero, true>>();
  rules.custom<DivisionRule<arith::RemUIOp, Rounding::Unsigned, true>>();
  rules.custom<CeilDivSIRule>();
  rules.custom<LogicRule<arith::AndIOp, AndSymbols>>();
  rules.custom<LogicRule<arith::OrIOp, OrSymbols>>();
  rules.custom<LogicRule<arith::XOrIOp, XOrSymbols>>();
  rules.infix<arith::ShLIOp>("<<", kShift,
                             [](Expr a, Expr b) { return a << b; });
  rules.infix<arith::ShRSIOp>(">>", kShift,
                              [](Expr a, Expr b) { return a >> b; });
  rules.custom<ShRUIRule>();
  rules.call<arith::MinSIOp>("min", [](Operands o) { return min(o[0], o[1]); });
  rules.call<arith::MaxSIOp>("max", [](Operands o) { return max(o[0], o[1]); });
  rules.custom<UnsignedExtremum<arith::MinUIOp, true>>();
  rules.custom<UnsignedExtremum<arith::MaxUIOp, false>>();
  rules.custom<AbsIRule>();
}
