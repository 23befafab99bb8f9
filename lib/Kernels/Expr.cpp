//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The ops behind the operators of kernel expressions.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/Expr.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "sylvite/Kernels/KernelBuilder.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

bool Expr::isFloat() const { return isa<FloatType>(getType()); }

std::optional<int64_t> Expr::getConstantInt() const {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)))
    return number.getSExtValue();
  return std::nullopt;
}

Expr Expr::like(double number) const {
  return kernel->constant(getType(), number);
}

/// Writes an op of one result on these operands.
template <typename OpTy, typename... Args>
static Expr write(Expr first, Args... args) {
  KernelBuilder &kernel = first.getKernel();
  return Expr(kernel,
              OpTy::create(kernel.getBuilder(), kernel.getLoc(), args...)
                  ->getResult(0));
}

/// Writes the op for floats or the one for integers.
template <typename FloatOp, typename IntOp>
static Expr writeBinary(Expr lhs, Expr rhs) {
  if (lhs.isFloat())
    return write<FloatOp>(lhs, lhs.getValue(), rhs.getValue());
  return write<IntOp>(lhs, lhs.getValue(), rhs.getValue());
}

/// An integer constant of the type of `operand`.
static Expr integer(Expr operand, int64_t number) {
  return operand.getKernel().constant(
      IntegerAttr::get(operand.getType(), number));
}

static bool isInt(Expr operand, int64_t number) {
  return operand.getConstantInt() == number;
}

Expr sylvite::operator+(Expr lhs, Expr rhs) {
  auto left = lhs.getConstantInt(), right = rhs.getConstantInt();
  if (left && right)
    return integer(lhs, *left + *right);
  if (isInt(lhs, 0))
    return rhs;
  if (isInt(rhs, 0))
    return lhs;
  return writeBinary<arith::AddFOp, arith::AddIOp>(lhs, rhs);
}

Expr sylvite::operator-(Expr lhs, Expr rhs) {
  auto left = lhs.getConstantInt(), right = rhs.getConstantInt();
  if (left && right)
    return integer(lhs, *left - *right);
  if (isInt(rhs, 0))
    return lhs;
  return writeBinary<arith::SubFOp, arith::SubIOp>(lhs, rhs);
}

Expr sylvite::operator*(Expr lhs, Expr rhs) {
  auto left = lhs.getConstantInt(), right = rhs.getConstantInt();
  if (left && right)
    return integer(lhs, *left * *right);
  if (isInt(lhs, 1) || isInt(rhs, 0))
    return rhs;
  if (isInt(rhs, 1) || isInt(lhs, 0))
    return lhs;
  return writeBinary<arith::MulFOp, arith::MulIOp>(lhs, rhs);
}

Expr sylvite::operator/(Expr lhs, Expr rhs) {
  return write<arith::DivFOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::operator-(Expr operand) {
  if (operand.isFloat())
    return write<arith::NegFOp>(operand, operand.getValue());
  return integer(operand, 0) - operand;
}

Expr sylvite::floorDiv(Expr lhs, Expr rhs) {
  if (isInt(rhs, 1))
    return lhs;
  return write<arith::FloorDivSIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::truncDiv(Expr lhs, Expr rhs) {
  if (isInt(rhs, 1))
    return lhs;
  return write<arith::DivSIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::floorMod(Expr lhs, Expr rhs) {
  if (!lhs.isFloat())
    return lhs - rhs * floorDiv(lhs, rhs);
  // The remainder with the sign of the dividend, then with that of the divisor.
  // What is smaller than the divisor, which may be infinite, is its own.
  Expr ratio = lhs / rhs;
  Expr quotient = select(ratio < 0.0, ceil(ratio), floor(ratio));
  Expr rest = select(quotient == 0.0, lhs, lhs - rhs * quotient);
  Expr isNegative = rest < 0.0, wantsNegative = rhs < 0.0;
  Expr differs =
      (isNegative && !wantsNegative) || (rest > 0.0 && wantsNegative);
  return select(differs, rest + rhs, rest);
}

Expr sylvite::mod(Expr lhs, Expr rhs) {
  if (isInt(rhs, 1))
    return integer(lhs, 0);
  return write<arith::RemUIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::min(Expr lhs, Expr rhs) {
  if (lhs.getType().isInteger(1))
    return lhs && rhs;
  return writeBinary<arith::MinimumFOp, arith::MinSIOp>(lhs, rhs);
}

Expr sylvite::max(Expr lhs, Expr rhs) {
  if (lhs.getType().isInteger(1))
    return lhs || rhs;
  return writeBinary<arith::MaximumFOp, arith::MaxSIOp>(lhs, rhs);
}

Expr sylvite::clamp(Expr x, Expr low, Expr high) {
  return min(max(x, low), high);
}

//===----------------------------------------------------------------------===//
// Comparisons and booleans
//===----------------------------------------------------------------------===//

/// Compares; the order of booleans is that of unsigned numbers.
static Expr compare(Expr lhs, Expr rhs, arith::CmpFPredicate ofFloats,
                    arith::CmpIPredicate ofInts,
                    arith::CmpIPredicate ofBooleans) {
  if (lhs.isFloat())
    return write<arith::CmpFOp>(lhs, ofFloats, lhs.getValue(), rhs.getValue());
  bool booleans = lhs.getType().isInteger(1);
  return write<arith::CmpIOp>(lhs, booleans ? ofBooleans : ofInts,
                              lhs.getValue(), rhs.getValue());
}

Expr sylvite::operator==(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq,
                 arith::CmpIPredicate::eq);
}
Expr sylvite::operator!=(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne,
                 arith::CmpIPredicate::ne);
}
Expr sylvite::operator<(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt,
                 arith::CmpIPredicate::ult);
}
Expr sylvite::operator<=(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle,
                 arith::CmpIPredicate::ule);
}
Expr sylvite::operator>(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt,
                 arith::CmpIPredicate::ugt);
}
Expr sylvite::operator>=(Expr lhs, Expr rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OGE, arith::CmpIPredicate::sge,
                 arith::CmpIPredicate::uge);
}

Expr sylvite::operator&&(Expr lhs, Expr rhs) {
  return write<arith::AndIOp>(lhs, lhs.getValue(), rhs.getValue());
}
Expr sylvite::operator||(Expr lhs, Expr rhs) {
  return write<arith::OrIOp>(lhs, lhs.getValue(), rhs.getValue());
}
Expr sylvite::operator!(Expr operand) {
  return write<arith::XOrIOp>(operand, operand.getValue(),
                              integer(operand, -1).getValue());
}
Expr sylvite::select(Expr condition, Expr onTrue, Expr onFalse) {
  return write<arith::SelectOp>(condition, condition.getValue(),
                                onTrue.getValue(), onFalse.getValue());
}

Expr sylvite::blend(Expr condition, Expr onTrue, Expr onFalse) {
  if (onTrue.getKernel().getContext().getTarget().device)
    return select(condition, onTrue, onFalse);
  unsigned width = onTrue.getType().getIntOrFloatBitWidth();
  Type bits = IntegerType::get(onTrue.getType().getContext(), width);
  auto mask = [&](Expr value, int64_t whenTrue, int64_t whenFalse) {
    Expr number = reinterpret(value, bits);
    Expr mask = select(condition, integer(number, whenTrue),
                       integer(number, whenFalse));
    return write<arith::AndIOp>(number, number.getValue(), mask.getValue());
  };
  Expr kept = mask(onTrue, -1, 0);
  APFloat number(0.0);
  if (!matchPattern(onFalse.getValue(), m_ConstantFloat(&number)) ||
      !number.isPosZero()) {
    Expr other = mask(onFalse, 0, -1);
    kept = write<arith::OrIOp>(kept, kept.getValue(), other.getValue());
  }
  return reinterpret(kept, onTrue.getType());
}
Expr sylvite::likely(Expr condition) {
  return write<halide::LikelyOp>(condition, condition.getValue());
}

//===----------------------------------------------------------------------===//
// Casts and functions
//===----------------------------------------------------------------------===//

Expr sylvite::reinterpret(Expr operand, Type type) {
  if (operand.getType() == type)
    return operand;
  return write<arith::BitcastOp>(operand, type, operand.getValue());
}

Expr sylvite::bitAnd(Expr lhs, int64_t mask) {
  return write<arith::AndIOp>(lhs, lhs.getValue(),
                              integer(lhs, mask).getValue());
}

Expr sylvite::bitAnd(Expr lhs, Expr rhs) {
  return write<arith::AndIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::bitXor(Expr lhs, Expr rhs) {
  return write<arith::XOrIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::shiftLeft(Expr lhs, Expr rhs) {
  return write<arith::ShLIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::shiftRight(Expr lhs, Expr rhs) {
  return write<arith::ShRUIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::bitOr(Expr lhs, Expr rhs) {
  return write<arith::OrIOp>(lhs, lhs.getValue(), rhs.getValue());
}

Expr sylvite::shiftLeft(Expr operand, int64_t bits) {
  return write<arith::ShLIOp>(operand, operand.getValue(),
                              integer(operand, bits).getValue());
}

Expr sylvite::shiftRight(Expr operand, int64_t bits) {
  return write<arith::ShRUIOp>(operand, operand.getValue(),
                               integer(operand, bits).getValue());
}

Expr sylvite::shiftRightSigned(Expr operand, int64_t bits) {
  return write<arith::ShRSIOp>(operand, operand.getValue(),
                               integer(operand, bits).getValue());
}

static Expr writeDot(halide::DotKind kind, Expr accumulator, Expr lhs,
                     Expr rhs) {
  return write<halide::DotOp>(accumulator, accumulator.getType(), kind,
                              accumulator.getValue(), lhs.getValue(),
                              rhs.getValue());
}

Expr sylvite::dotBf16(Expr accumulator, Expr lhs, Expr rhs) {
  return writeDot(halide::DotKind::BF16, accumulator, lhs, rhs);
}

Expr sylvite::dotU8S8(Expr accumulator, Expr lhs, Expr rhs) {
  return writeDot(halide::DotKind::U8S8, accumulator, lhs, rhs);
}

Expr sylvite::dotS16S8(Expr accumulator, Expr lhs, Expr rhs) {
  return writeDot(halide::DotKind::S16S8, accumulator, lhs, rhs);
}

/// A double as the float on the same side of each float of 16 bits, so that
/// rounding it once more rounds as if it were the first time: a float that is
/// not exact is the one with an odd last bit.
static Expr roundToOdd(Expr operand) {
  MLIRContext *context = operand.getType().getContext();
  Type f32 = Float32Type::get(context), i32 = IntegerType::get(context, 32);
  Expr nearest = write<arith::TruncFOp>(operand, f32, operand.getValue());
  Expr back =
      write<arith::ExtFOp>(nearest, operand.getType(), nearest.getValue());
  Expr bits = reinterpret(nearest, i32);
  Expr below = select(abs(back) > abs(operand), bits - bits.like(1), bits);
  Expr odd = bitOr(below, below.like(1));
  return reinterpret(select(back != operand, odd, bits), f32);
}

Expr sylvite::cast(Expr operand, Type type) {
  Type from = operand.getType();
  if (from == type)
    return operand;
  if (type.isInteger(1))
    return operand != operand.like(0);
  Value value = operand.getValue();
  unsigned width = type.getIntOrFloatBitWidth();
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  if (operand.isFloat()) {
    if (isa<IntegerType>(type))
      return write<arith::FPToSIOp>(operand, type, value);
    if (width > fromWidth) {
      // What stands for infinity differs by type (see Constants.cpp).
      APFloat number(0.0);
      if (matchPattern(value, m_ConstantFloat(&number)) && number.isInfinity())
        return operand.getKernel().constant(FloatAttr::get(
            type, APFloat::getInf(cast<FloatType>(type).getFloatSemantics(),
                                  number.isNegative())));
      return write<arith::ExtFOp>(operand, type, value);
    }
    // Between f16 and bf16 there is no direct way.
    if (width == fromWidth)
      return cast(cast(operand, Float32Type::get(type.getContext())), type);
    if (fromWidth == 64 && width == 16)
      return cast(roundToOdd(operand), type);
    return write<arith::TruncFOp>(operand, type, value);
  }
  if (isa<FloatType>(type)) {
    if (fromWidth == 1)
      return write<arith::UIToFPOp>(operand, type, value);
    return write<arith::SIToFPOp>(operand, type, value);
  }
  if (fromWidth == 1)
    return write<arith::ExtUIOp>(operand, type, value);
  if (width > fromWidth)
    return write<arith::ExtSIOp>(operand, type, value);
  return write<arith::TruncIOp>(operand, type, value);
}

Expr sylvite::abs(Expr operand) {
  if (operand.isFloat())
    return write<math::AbsFOp>(operand, operand.getValue());
  return max(operand, -operand);
}

#define SYLVITE_FUNCTION(NAME, OP)                                             \
  Expr sylvite::NAME(Expr operand) {                                           \
    return write<OP>(operand, operand.getValue());                             \
  }
SYLVITE_FUNCTION(exp, math::ExpOp)
SYLVITE_FUNCTION(exp2, math::Exp2Op)
SYLVITE_FUNCTION(log, math::LogOp)
SYLVITE_FUNCTION(sqrt, math::SqrtOp)
SYLVITE_FUNCTION(rsqrt, math::RsqrtOp)
SYLVITE_FUNCTION(tanh, math::TanhOp)
SYLVITE_FUNCTION(erf, math::ErfOp)
SYLVITE_FUNCTION(sin, math::SinOp)
SYLVITE_FUNCTION(cos, math::CosOp)
SYLVITE_FUNCTION(asin, math::AsinOp)
SYLVITE_FUNCTION(acos, math::AcosOp)
SYLVITE_FUNCTION(atan, math::AtanOp)
SYLVITE_FUNCTION(floor, math::FloorOp)
SYLVITE_FUNCTION(ceil, math::CeilOp)
SYLVITE_FUNCTION(round, math::RoundEvenOp)

Expr sylvite::pow(Expr base, Expr exponent) {
  return write<math::PowFOp>(base, base.getValue(), exponent.getValue());
}
