//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One rule per op of `arith` and `math`, all of them in the list at the end.
///
/// Where MLIR and Halide differ:
/// - f16 and bf16 are widened to f32, and every result is rounded again.
/// - Halide compiles floats without infinities and NaNs. An infinite constant
///   becomes 1e30 (f16: the largest number), which serves as "nothing" in masks
///   and maxima and can be added to without overflow.
/// - Halide's `/` and `%` round towards minus infinity. They stand for division
///   and remainder of numbers that cannot be negative; others are rounded as
///   MLIR says, at a price.
/// - Signed overflow is undefined in i32, as in C; narrower types wrap.
///
//===----------------------------------------------------------------------===//

#include "Expressions.h"
#include "IntegerMath.h"
#include "Types.h"
#include "VectorMath.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::cast;
using Halide::Expr;
using Operands = ArrayRef<Expr>;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

// Precedences of C++.
enum {
  kAtom = 0,
  kUnary = 3,
  kMul = 5,
  kAdd,
  kShift,
  kLess = 9,
  kEqual,
  kBitAnd,
  kBitXor,
  kBitOr,
  kAnd,
  kOr
};

/// The operand, in parentheses where its operators bind weaker than `limit`.
static std::string wrap(const Text &operand, int limit) {
  return operand.precedence > limit ? "(" + operand.text + ")" : operand.text;
}

/// The first operand as a Halide::Expr, where no other one is.
static std::string asExpr(ArrayRef<Text> operands) {
  const Text &first = operands.front();
  bool allLiterals =
      llvm::all_of(operands, [](const Text &t) { return t.isLiteral; });
  return allLiterals ? "Expr(" + first.text + ")" : first.text;
}

/// How weak an operator may be in an operand without parentheses. Mixtures that
/// people read wrongly, and compilers warn of, get them.
static int getOperandLimit(int precedence) {
  switch (precedence) {
  case kShift:
  case kBitAnd:
  case kBitXor:
  case kBitOr:
    return kUnary;
  case kLess:
  case kEqual:
    return kAdd;
  case kOr:
    return kEqual;
  default:
    return precedence - 1;
  }
}

/// lhs SYMBOL rhs. Chains of one precedence associate to the left.
static Text printInfix(StringRef symbol, int precedence,
                       ArrayRef<Text> operands) {
  int limit = getOperandLimit(precedence);
  bool isChain = operands[0].precedence == precedence &&
                 (limit == precedence - 1 || precedence == kOr);
  std::string lhs = operands[0].isLiteral
                        ? asExpr(operands)
                        : wrap(operands[0], isChain ? precedence : limit);
  return {lhs + (" " + symbol + " ").str() + wrap(operands[1], limit),
          precedence};
}

static Text printCall(StringRef function, ArrayRef<Text> operands) {
  std::string text = (function + "(").str() + asExpr(operands);
  for (const Text &operand : operands.drop_front())
    text += ", " + operand.text;
  return {text + ")"};
}

/// The C++ type in Halide's templates.
static std::string getTypeName(Type type) {
  if (type.isBF16())
    return "bfloat16_t";
  if (type.isF16())
    return "float16_t";
  if (isa<FloatType>(type))
    return type.isF32() ? "float" : "double";
  if (type.isInteger(1))
    return "bool";
  unsigned width = type.isIndex() ? 32 : type.getIntOrFloatBitWidth();
  return (type.isUnsignedInteger() ? "uint" : "int") + std::to_string(width) +
         "_t";
}

static Text printCast(StringRef cast, StringRef type, const Text &operand) {
  return printCall((cast + "<" + type + ">").str(), operand);
}

//===----------------------------------------------------------------------===//
// Rules for many ops
//===----------------------------------------------------------------------===//

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

namespace {
/// The rules by the names of the ops.
class RuleSet {
public:
  RuleSet();
  const ExpressionRule *find(Operation *op) const {
    auto found = rules.find(op->getName().getStringRef());
    return found == rules.end() ? nullptr : &found->second;
  }

private:
  /// lhs SYMBOL rhs.
  template <typename Op>
  void infix(StringRef symbol, int precedence, Expr (*build)(Expr, Expr)) {
    add<Op>({[=](Operation *, Operands o) { return build(o[0], o[1]); },
             [=](Operation *, ArrayRef<Text> o) {
               return printInfix(symbol, precedence, o);
             }});
  }

  /// FUNCTION(operand, ...).
  template <typename Op>
  void call(StringRef function, Expr (*build)(Operands)) {
    add<Op>({[=](Operation *, Operands o) { return build(o); },
             [=](Operation *, ArrayRef<Text> o) {
               return printCall(function, o);
             }});
  }

  /// FUNCTION_f32 of VectorMath.h, which f64 is too precise for.
  template <typename Op>
  void vectorMath(StringRef function, Expr (*f32)(Expr), Expr (*f64)(Expr)) {
    add<Op>({[=](Operation *op, Operands o) {
               return op->getResult(0).getType().isF64() ? f64(o[0])
                                                         : f32(o[0]);
             },
             [=](Operation *op, ArrayRef<Text> o) {
               bool isF64 = op->getResult(0).getType().isF64();
               return printCall((function + (isF64 ? "" : "_f32")).str(), o);
             }});
  }

  /// An op with a struct of its own.
  template <typename Rule>
  void custom() {
    using Op = typename Rule::Op;
    auto asOp = [](Operation *op) { return mlir::cast<Op>(op); };
    add<Op>(
        {[=](Operation *op, Operands o) { return Rule::build(asOp(op), o); },
         [=](Operation *op, ArrayRef<Text> o) {
           return Rule::print(asOp(op), o);
         }},
        Rule::isConversion);
  }

  template <typename Op>
  void add(ExpressionRule rule, bool isConversion = false) {
    rules[Op::getOperationName()] =
        isConversion ? std::move(rule) : widen(std::move(rule));
  }

  llvm::StringMap<ExpressionRule> rules;
};

/// Conversions take and give narrow floats as they are.
template <typename OpT>
struct ConversionRule {
  using Op = OpT;
  static constexpr bool isConversion = true;
};
template <typename OpT>
struct ValueRule {
  using Op = OpT;
  static constexpr bool isConversion = false;
};

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// What stands for infinity in Halide.
static double getFinite(double value, Type type) {
  if (!std::isinf(value))
    return value;
  return std::copysign(type.isF16() ? 65504. : 1e30, value);
}

struct ConstantRule : ConversionRule<arith::ConstantOp> {
  static Expr build(arith::ConstantOp op, Operands) {
    Halide::Type type = convertType(op.getType());
    if (auto value = dyn_cast<IntegerAttr>(op.getValue()))
      return type.is_bool()
                 ? Halide::Internal::make_bool(!value.getValue().isZero())
                 : Halide::Internal::make_const(
                       type, value.getValue().getSExtValue());
    auto value = mlir::cast<FloatAttr>(op.getValue());
    return Halide::Internal::make_const(
        type, getFinite(value.getValueAsDouble(), op.getType()));
  }

  static Text print(arith::ConstantOp op, ArrayRef<Text>) {
    Type type = op.getType();
    if (auto value = dyn_cast<IntegerAttr>(op.getValue()))
      return printInteger(type, value.getValue());
    return printFloat(
        type, getFinite(mlir::cast<FloatAttr>(op.getValue()).getValueAsDouble(),
                        type));
  }

  static Text printInteger(Type type, const APInt &value) {
    if (type.isInteger(1))
      return {value.isZero() ? "Internal::const_false()"
                             : "Internal::const_true()"};
    // C++ has no literal for the smallest number.
    if (value.isMinSignedValue())
      return {llvm::formatv("Int({0}).min()", value.getBitWidth())};
    std::string digits = std::to_string(value.getSExtValue());
    if (type.isIndex() || type.isInteger(32))
      return {digits, digits.front() == '-' ? kUnary : kAtom, true};
    return {"cast<" + getTypeName(type) + ">(" + digits + ")"};
  }

  static Text printFloat(Type type, double number) {
    if (std::isnan(number))
      return {"cast<" + getTypeName(type) + ">(Expr(NAN))"};
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.*g", type.isF64() ? 17 : 9, number);
    std::string digits = buffer;
    if (digits.find_first_of(".e") == std::string::npos)
      digits += ".";
    // Halide's operators take int and float beside an Expr, not double.
    if (type.isF64())
      return {"Expr(" + digits + ")"};
    if (type.isF32())
      return {digits + "f", digits.front() == '-' ? kUnary : kAtom, true};
    return {"cast<" + getTypeName(type) + ">(" + digits + "f)"};
  }
};

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

static Expr asUnsigned(Expr value) {
  return cast(Halide::UInt(value.type().bits()), value);
}
static Text asUnsigned(Type type, const Text &value) {
  std::string name = "u" + getTypeName(type);
  return type.isInteger(1) ? value : printCast("cast", name, value);
}

static bool isUnsigned(arith::CmpIPredicate predicate) {
  return predicate >= arith::CmpIPredicate::ult;
}

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

  static Text print(arith::CmpIOp op, ArrayRef<Text> o) {
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

  static Text print(arith::CmpFOp op, ArrayRef<Text> o) {
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
  static Text print(arith::SelectOp, ArrayRef<Text> o) {
    std::string value = asExpr(o.drop_front());
    return {"select(" + o[0].text + ", " + value + ", " + o[2].text + ")"};
  }
};

//===----------------------------------------------------------------------===//
// Integer division
//===----------------------------------------------------------------------===//

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

  static Text print(OpT op, ArrayRef<Text> o) {
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
  static Text print(arith::CeilDivSIOp op, ArrayRef<Text> o) {
    if (!isNonNegative(op.getRhs()))
      return printCall("ceil_div", o);
    Text sum = printInfix("+", kAdd, o);
    sum = printInfix("-", kAdd, {sum, Text{"1", kAtom, true}});
    return printInfix("/", kMul, {sum, o[1]});
  }
};

/// The remainder with the sign of the dividend; Halide's has the divisor's.
struct RemFRule : ValueRule<arith::RemFOp> {
  static Expr build(arith::RemFOp, Operands o) {
    return o[0] - o[1] * Halide::trunc(o[0] / o[1]);
  }
  static Text print(arith::RemFOp, ArrayRef<Text> o) {
    Text quotient = printCall("trunc", {printInfix("/", kMul, o)});
    return printInfix("-", kAdd,
                      {o[0], printInfix("*", kMul, {o[1], quotient})});
  }
};

/// How a bitwise operation is written on integers and on truth values, which
/// Halide reasons about only in their own operators.
struct AndSymbols {
  static Expr bits(Expr a, Expr b) { return a & b; }
  static Expr truth(Expr a, Expr b) { return a && b; }
  static Text print(bool isTruth, ArrayRef<Text> o) {
    return isTruth ? printInfix("&&", kAnd, o) : printInfix("&", kBitAnd, o);
  }
};
struct OrSymbols {
  static Expr bits(Expr a, Expr b) { return a | b; }
  static Expr truth(Expr a, Expr b) { return a || b; }
  static Text print(bool isTruth, ArrayRef<Text> o) {
    return isTruth ? printInfix("||", kOr, o) : printInfix("|", kBitOr, o);
  }
};
struct XOrSymbols {
  static Expr bits(Expr a, Expr b) { return a ^ b; }
  static Expr truth(Expr a, Expr b) { return a != b; }
  static Text print(bool isTruth, ArrayRef<Text> o) {
    return isTruth ? printInfix("!=", kEqual, o) : printInfix("^", kBitXor, o);
  }
};

template <typename OpT, typename Symbols>
struct LogicRule : ValueRule<OpT> {
  static Expr build(OpT op, Operands o) {
    return op.getType().isInteger(1) ? Symbols::truth(o[0], o[1])
                                     : Symbols::bits(o[0], o[1]);
  }
  static Text print(OpT op, ArrayRef<Text> o) {
    return Symbols::print(op.getType().isInteger(1), o);
  }
};

struct ShRUIRule : ValueRule<arith::ShRUIOp> {
  static Expr build(arith::ShRUIOp, Operands o) {
    return cast(o[0].type(), asUnsigned(o[0]) >> asUnsigned(o[1]));
  }
  static Text print(arith::ShRUIOp op, ArrayRef<Text> o) {
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
  static Text print(OpT op, ArrayRef<Text> o) {
    Type type = op.getType();
    return printCast(
        "cast", getTypeName(type),
        printCall(isMin ? "min" : "max",
                  {asUnsigned(type, o[0]), asUnsigned(type, o[1])}));
  }
};

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// A conversion by value that equals Halide's cast.
template <typename OpT>
struct CastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    return cast(convertType(op.getType()), o[0]);
  }
  static Text print(OpT op, ArrayRef<Text> o) {
    return printCast("cast", getTypeName(op.getType()), o[0]);
  }
};

/// A conversion of an integer taken as unsigned.
template <typename OpT>
struct UnsignedCastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    Expr value = o[0].type().is_bool() ? o[0] : asUnsigned(o[0]);
    return cast(convertType(op.getType()), value);
  }
  static Text print(OpT op, ArrayRef<Text> o) {
    return printCast("cast", getTypeName(op.getType()),
                     asUnsigned(op.getIn().getType(), o[0]));
  }
};

/// A conversion of an integer taken as signed, where true is -1.
template <typename OpT>
struct SignedCastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    Expr value = cast(convertType(op.getType()), o[0]);
    return o[0].type().is_bool() ? -value : value;
  }
  static Text print(OpT op, ArrayRef<Text> o) {
    Text value = printCast("cast", getTypeName(op.getType()), o[0]);
    if (op.getIn().getType().isInteger(1))
      return {"-" + value.text, kUnary};
    return value;
  }
};

/// Truncation keeps the low bits; to i1, the lowest.
struct TruncIRule : ConversionRule<arith::TruncIOp> {
  static Expr build(arith::TruncIOp op, Operands o) {
    if (op.getType().isInteger(1))
      return cast<bool>(o[0] & Halide::Internal::make_one(o[0].type()));
    return cast(convertType(op.getType()), o[0]);
  }
  static Text print(arith::TruncIOp op, ArrayRef<Text> o) {
    if (op.getType().isInteger(1))
      return printCast(
          "cast", "bool",
          printInfix("&", kBitAnd, {o[0], Text{"1", kAtom, true}}));
    return printCast("cast", getTypeName(op.getType()), o[0]);
  }
};

/// A conversion to an unsigned integer.
struct FPToUIRule : ConversionRule<arith::FPToUIOp> {
  static Expr build(arith::FPToUIOp op, Operands o) {
    Halide::Type type = convertType(op.getType());
    return cast(type, cast(Halide::UInt(type.bits()), o[0]));
  }
  static Text print(arith::FPToUIOp op, ArrayRef<Text> o) {
    return printCast("cast", getTypeName(op.getType()),
                     asUnsigned(op.getType(), o[0]));
  }
};

struct BitcastRule : ConversionRule<arith::BitcastOp> {
  static Expr build(arith::BitcastOp op, Operands o) {
    return Halide::reinterpret(convertType(op.getType()), o[0]);
  }
  static Text print(arith::BitcastOp op, ArrayRef<Text> o) {
    return printCast("reinterpret", getTypeName(op.getType()), o[0]);
  }
};

//===----------------------------------------------------------------------===//
// Other ops with rules of their own
//===----------------------------------------------------------------------===//

struct NegFRule : ValueRule<arith::NegFOp> {
  static Expr build(arith::NegFOp, Operands o) { return -o[0]; }
  static Text print(arith::NegFOp, ArrayRef<Text> o) {
    return {"-" + wrap(o[0], kUnary - 1), kUnary};
  }
};

/// The absolute value; Halide gives an unsigned one.
struct AbsIRule : ValueRule<math::AbsIOp> {
  static Expr build(math::AbsIOp, Operands o) {
    return cast(o[0].type(), Halide::abs(o[0]));
  }
  static Text print(math::AbsIOp op, ArrayRef<Text> o) {
    return printCast("cast", getTypeName(op.getType()), printCall("abs", o));
  }
};

/// a * b + c; where the processor has a fused form, LLVM uses it.
struct FmaRule : ValueRule<math::FmaOp> {
  static Expr build(math::FmaOp, Operands o) { return o[0] * o[1] + o[2]; }
  static Text print(math::FmaOp, ArrayRef<Text> o) {
    return printInfix("+", kAdd,
                      {printInfix("*", kMul, o.take_front(2)), o[2]});
  }
};

/// Halide has no function of its own for 2^x.
struct Exp2Rule : ValueRule<math::Exp2Op> {
  static Expr build(math::Exp2Op op, Operands o) {
    return op.getType().isF64()
               ? pow(Halide::Internal::make_two(Halide::Float(64)), o[0])
               : vector_math::exp2_f32(o[0]);
  }
  static Text print(math::Exp2Op op, ArrayRef<Text> o) {
    if (op.getType().isF64())
      return printCall("pow", {Text{"Expr(2.)"}, o[0]});
    return printCall("exp2_f32", o);
  }
};

struct RsqrtRule : ValueRule<math::RsqrtOp> {
  static Expr build(math::RsqrtOp, Operands o) {
    return Halide::Internal::make_one(o[0].type()) / Halide::sqrt(o[0]);
  }
  static Text print(math::RsqrtOp op, ArrayRef<Text> o) {
    Text one =
        op.getType().isF64() ? Text{"Expr(1.)"} : Text{"1.f", kAtom, true};
    return printInfix("/", kMul, {one, printCall("sqrt", o)});
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// The list
//===----------------------------------------------------------------------===//

RuleSet::RuleSet() {
  // Integers.
  infix<arith::AddIOp>("+", kAdd, [](Expr a, Expr b) { return a + b; });
  infix<arith::SubIOp>("-", kAdd, [](Expr a, Expr b) { return a - b; });
  infix<arith::MulIOp>("*", kMul, [](Expr a, Expr b) { return a * b; });
  custom<DivisionRule<arith::FloorDivSIOp, Rounding::Floor, false>>();
  custom<DivisionRule<arith::DivSIOp, Rounding::TowardsZero, false>>();
  custom<DivisionRule<arith::DivUIOp, Rounding::Unsigned, false>>();
  custom<DivisionRule<arith::RemSIOp, Rounding::TowardsZero, true>>();
  custom<DivisionRule<arith::RemUIOp, Rounding::Unsigned, true>>();
  custom<CeilDivSIRule>();
  custom<LogicRule<arith::AndIOp, AndSymbols>>();
  custom<LogicRule<arith::OrIOp, OrSymbols>>();
  custom<LogicRule<arith::XOrIOp, XOrSymbols>>();
  infix<arith::ShLIOp>("<<", kShift, [](Expr a, Expr b) { return a << b; });
  infix<arith::ShRSIOp>(">>", kShift, [](Expr a, Expr b) { return a >> b; });
  custom<ShRUIRule>();
  call<arith::MinSIOp>("min", [](Operands o) { return min(o[0], o[1]); });
  call<arith::MaxSIOp>("max", [](Operands o) { return max(o[0], o[1]); });
  custom<UnsignedExtremum<arith::MinUIOp, true>>();
  custom<UnsignedExtremum<arith::MaxUIOp, false>>();
  custom<AbsIRule>();

  // Floats.
  infix<arith::AddFOp>("+", kAdd, [](Expr a, Expr b) { return a + b; });
  infix<arith::SubFOp>("-", kAdd, [](Expr a, Expr b) { return a - b; });
  infix<arith::MulFOp>("*", kMul, [](Expr a, Expr b) { return a * b; });
  infix<arith::DivFOp>("/", kMul, [](Expr a, Expr b) { return a / b; });
  custom<RemFRule>();
  custom<NegFRule>();
  call<arith::MinimumFOp>("min", [](Operands o) { return min(o[0], o[1]); });
  call<arith::MaximumFOp>("max", [](Operands o) { return max(o[0], o[1]); });
  call<arith::MinNumFOp>("min", [](Operands o) { return min(o[0], o[1]); });
  call<arith::MaxNumFOp>("max", [](Operands o) { return max(o[0], o[1]); });

  // Comparisons, choice, constants.
  custom<ConstantRule>();
  custom<CmpIRule>();
  custom<CmpFRule>();
  custom<SelectRule>();

  // Conversions.
  custom<CastRule<arith::ExtFOp>>();
  custom<CastRule<arith::TruncFOp>>();
  custom<CastRule<arith::FPToSIOp>>();
  custom<FPToUIRule>();
  custom<SignedCastRule<arith::SIToFPOp>>();
  custom<UnsignedCastRule<arith::UIToFPOp>>();
  custom<SignedCastRule<arith::ExtSIOp>>();
  custom<UnsignedCastRule<arith::ExtUIOp>>();
  custom<TruncIRule>();
  custom<CastRule<arith::IndexCastOp>>();
  custom<UnsignedCastRule<arith::IndexCastUIOp>>();
  custom<BitcastRule>();

  // Functions.
  vectorMath<math::ExpOp>("exp", vector_math::exp_f32, Halide::exp);
  custom<Exp2Rule>();
  vectorMath<math::TanhOp>("tanh", vector_math::tanh_f32, Halide::tanh);
  vectorMath<math::ErfOp>("erf", vector_math::erf_f32,
                          [](Expr x) { return Halide::erf(x); });
  call<math::LogOp>("log", [](Operands o) { return log(o[0]); });
  call<math::SqrtOp>("sqrt", [](Operands o) { return sqrt(o[0]); });
  custom<RsqrtRule>();
  call<math::SinOp>("sin", [](Operands o) { return sin(o[0]); });
  call<math::CosOp>("cos", [](Operands o) { return cos(o[0]); });
  call<math::PowFOp>("pow", [](Operands o) { return pow(o[0], o[1]); });
  call<math::AbsFOp>("abs", [](Operands o) { return abs(o[0]); });
  call<math::FloorOp>("floor", [](Operands o) { return floor(o[0]); });
  call<math::CeilOp>("ceil", [](Operands o) { return ceil(o[0]); });
  call<math::TruncOp>("trunc", [](Operands o) { return trunc(o[0]); });
  call<math::RoundEvenOp>("round", [](Operands o) { return round(o[0]); });
  custom<FmaRule>();
}

const ExpressionRule *emit::findExpressionRule(Operation *op) {
  static const RuleSet rules;
  return rules.find(op);
}
