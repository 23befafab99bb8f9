//===- Expr.h - Scalar expressions of kernels -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A scalar of a kernel with C++ operators, so that lowerings read like the
/// Halide programs they stand for:
///
///     acc(n, m) + cast(a, f32) * max(b, 0)
///
/// An operator writes one op of `arith` or `math` at the place where the
/// kernel's builder stands. Operands have one type; a C++ number takes the
/// type of the other side. Arithmetic on constant integers is done at once,
/// and x + 0, x - 0, x * 1 and x * 0 of integers vanish.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_EXPR_H
#define SYLVITE_KERNELS_EXPR_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/APInt.h"
#include <optional>

namespace sylvite {

class KernelBuilder;

class Expr {
public:
  Expr() = default;
  Expr(KernelBuilder &kernel, mlir::Value value)
      : kernel(&kernel), value(value) {}

  explicit operator bool() const { return bool(value); }
  mlir::Value getValue() const { return value; }
  mlir::Type getType() const { return value.getType(); }
  KernelBuilder &getKernel() const { return *kernel; }
  bool isFloat() const;
  /// The value of a constant integer.
  std::optional<int64_t> getConstantInt() const;
  /// A constant of this expression's type.
  Expr like(double number) const;

private:
  KernelBuilder *kernel = nullptr;
  mlir::Value value;
};

// Arithmetic. Division is of floats; of indices, see floorDiv and mod.
Expr operator+(Expr lhs, Expr rhs);
Expr operator-(Expr lhs, Expr rhs);
Expr operator*(Expr lhs, Expr rhs);
Expr operator/(Expr lhs, Expr rhs);
Expr operator-(Expr operand);
/// Of integers rounds toward minus infinity.
Expr floorDiv(Expr lhs, Expr rhs);
/// Of integers rounds toward zero.
Expr truncDiv(Expr lhs, Expr rhs);
/// a - b floor(a / b), of floats and integers.
Expr floorMod(Expr lhs, Expr rhs);
/// Of integers that are not negative.
Expr mod(Expr lhs, Expr rhs);
Expr min(Expr lhs, Expr rhs);
Expr max(Expr lhs, Expr rhs);
/// min(max(x, low), high).
Expr clamp(Expr x, Expr low, Expr high);

// Comparisons, of type i1. Those with a NaN are false, but for `!=`. Booleans
// compare as 0 and 1.
Expr operator==(Expr lhs, Expr rhs);
Expr operator!=(Expr lhs, Expr rhs);
Expr operator<(Expr lhs, Expr rhs);
Expr operator<=(Expr lhs, Expr rhs);
Expr operator>(Expr lhs, Expr rhs);
Expr operator>=(Expr lhs, Expr rhs);

// Booleans.
Expr operator&&(Expr lhs, Expr rhs);
Expr operator||(Expr lhs, Expr rhs);
Expr operator!(Expr operand);
Expr select(Expr condition, Expr onTrue, Expr onFalse);
/// The same of floats by their bits. Both are calculated wherever the result
/// is: of a choice, Halide would calculate what one side needs only where that
/// is chosen, and tiles would no longer have one size. A NaN on the other side
/// does not matter.
Expr blend(Expr condition, Expr onTrue, Expr onFalse);
/// A condition that holds for most of a loop (see `halide.likely`).
Expr likely(Expr condition);

/// Another element type, by the rules of `graph.cast`.
Expr cast(Expr operand, mlir::Type type);
// Bits of integers. A shift to the right fills up with zeros.
Expr bitAnd(Expr lhs, int64_t mask);
Expr bitAnd(Expr lhs, Expr rhs);
Expr bitOr(Expr lhs, Expr rhs);
Expr bitXor(Expr lhs, Expr rhs);
Expr shiftLeft(Expr lhs, Expr rhs);
Expr shiftRight(Expr lhs, Expr rhs);
Expr shiftLeft(Expr operand, int64_t bits);
Expr shiftRight(Expr operand, int64_t bits);
/// By a number that is not negative.
/// Fills up with the sign.
Expr shiftRightSigned(Expr operand, int64_t bits);
/// accumulator + the products of two bf16 in `lhs` with two in `rhs`, as
/// `halide.dot bf16` has it.
Expr dotBf16(Expr accumulator, Expr lhs, Expr rhs);
/// accumulator + the products of four u8 with four i8.
Expr dotU8S8(Expr accumulator, Expr lhs, Expr rhs);
/// accumulator + the products of two i16 with two i8 in an i16.
Expr dotS16S8(Expr accumulator, Expr lhs, Expr rhs);
/// The same bits as another type.
Expr reinterpret(Expr operand, mlir::Type type);

// Functions of floats, and abs also of integers.
Expr abs(Expr operand);
Expr exp(Expr operand);
Expr exp2(Expr operand);
Expr log(Expr operand);
Expr sqrt(Expr operand);
Expr rsqrt(Expr operand);
Expr tanh(Expr operand);
Expr erf(Expr operand);
Expr sin(Expr operand);
Expr cos(Expr operand);
Expr asin(Expr operand);
Expr acos(Expr operand);
Expr atan(Expr operand);
Expr floor(Expr operand);
Expr ceil(Expr operand);
/// To the nearest integer, of two to the even one.
Expr round(Expr operand);
Expr pow(Expr base, Expr exponent);

// With a number on one side.
#define SYLVITE_EXPR_NUMBER(NAME)                                              \
  inline Expr NAME(Expr lhs, double rhs) { return NAME(lhs, lhs.like(rhs)); }  \
  inline Expr NAME(double lhs, Expr rhs) { return NAME(rhs.like(lhs), rhs); }
SYLVITE_EXPR_NUMBER(operator+)
SYLVITE_EXPR_NUMBER(operator-)
SYLVITE_EXPR_NUMBER(operator*)
SYLVITE_EXPR_NUMBER(operator/)
SYLVITE_EXPR_NUMBER(floorDiv)
SYLVITE_EXPR_NUMBER(mod)
SYLVITE_EXPR_NUMBER(min)
SYLVITE_EXPR_NUMBER(max)
SYLVITE_EXPR_NUMBER(operator==)
SYLVITE_EXPR_NUMBER(operator!=)
SYLVITE_EXPR_NUMBER(operator<)
SYLVITE_EXPR_NUMBER(operator<=)
SYLVITE_EXPR_NUMBER(operator>)
SYLVITE_EXPR_NUMBER(operator>=)
#undef SYLVITE_EXPR_NUMBER

} // namespace sylvite

#endif // SYLVITE_KERNELS_EXPR_H
