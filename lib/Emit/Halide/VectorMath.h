//===- VectorMath.h - Elementary functions without calls --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elementary functions on f32 as arithmetic that vectorises. Halide's own are
/// calls of libm, lane by lane (tanh, sin, cos), or slower (exp, erf). Those
/// that Halide does not have are here for floats of any width.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_VECTORMATH_H
#define SYLVITE_LIB_EMIT_HALIDE_VECTORMATH_H

#include "Halide.h"

namespace sylvite::vector_math {

using namespace Halide;

/// A number from -2^22 to 2^22 plus this is rounded to a whole number, whose
/// last bits are those of 126 plus that number.
inline Expr rounding_shift() { return 12583038.f; }

/// The whole number, of itself plus rounding_shift(). Taking that away as a
/// float would undo the rounding: sums of floats are put together.
inline Expr shifted_back(Expr n) {
  return cast<float>(reinterpret<int32_t>(n) - 0x4b40007e);
}

/// Half of 2^n for a whole number n from -126 to 128, and 0 for -126; of n plus
/// rounding_shift().
inline Expr half_power_of_two(Expr n) {
  return reinterpret<float>(reinterpret<int32_t>(n) << 23);
}

/// x - n ln 2, which is exact but for the last digit where the processor
/// multiplies and adds in one step. (Elsewhere ln 2 in two parts would help,
/// but Halide puts them together again.)
inline Expr minus_ln_two(Expr x, Expr n) { return x - n * 0.693147182f; }

/// e^x. 0 below -86.99, near where floats lose precision; almost the largest
/// float from 88.722 on.
inline Expr exp_f32(Expr x) {
  x = clamp(x, -87.3365479f, 88.7228317f);
  Expr n = x * 1.44269502f + rounding_shift();
  Expr r = minus_ln_two(x, shifted_back(n));
  Expr p = 0.0837803185f + r * 0.016625041f;
  p = 2.f + r * (2.f + r * (0.999984622f + r * (0.333342284f + r * p)));
  return p * half_power_of_two(n);
}

/// 2^x. 0 below -126, the largest float from 128 on.
inline Expr exp2_f32(Expr x) {
  x = clamp(x, -126.f, 127.999992f);
  Expr n = x + rounding_shift();
  Expr r = x - shifted_back(n);
  Expr p = 0.019343030f + r * 0.0026529450f;
  p = 2.f + r * (1.38629401f + r * (0.480444849f + r * (0.111014679f + r * p)));
  return p * half_power_of_two(n);
}

/// tanh x, by way of m = e^2x - 1, which is accurate where x is small.
inline Expr tanh_f32(Expr x) {
  x = clamp(x, -10.f, 10.f) * 2.f;
  Expr n = round(x * 1.44269502f);
  Expr r = minus_ln_two(x, n);
  Expr p = 0.0416744314f + r * (0.00836871658f + r * 0.00138145988f);
  p = r + r * r * (0.49999994f + r * (0.166665211f + r * p));
  Expr power = reinterpret<float>((cast<int32_t>(n) + 127) << 23);
  // As it stands: (p + 1) * power - 1 would cancel.
  Expr m = strict_float(power * p + (power - 1.f));
  return m / (m + 2.f);
}

/// erf x, as x times a polynomial in z = 2 (x / 3.91)^2 - 1, which goes over
/// [-1, 1] so that no term is large. The error is below 1.9e-7, and from 3.91
/// on the result is 1.
inline Expr erf_f32(Expr x) {
  x = clamp(x, -3.91f, 3.91f);
  Expr z = x * x * 0.1308207f - 1.f;
  Expr p = 0.00195838325f + z * -0.000739284675f;
  p = 0.00207305863f + z * (-0.00157905277f + z * p);
  p = 0.0136974072f + z * (-0.00719685946f + z * p);
  p = 0.0295349061f + z * (-0.0198915843f + z * p);
  p = 0.0581172146f + z * (-0.043070145f + z * p);
  p = 0.0906403437f + z * (-0.0739203244f + z * p);
  p = 0.134387359f + z * (-0.109356135f + z * p);
  return x * (0.361658067f + z * (-0.18055889f + z * p));
}

/// The logarithm to the base 2.
inline Expr log_base_two(Expr x) {
  return log(x) * cast(x.type(), Expr(1.4426950408889634));
}

/// ln (1 + x). What rounding takes from u = 1 + x is put right by a factor.
inline Expr log_one_plus(Expr x) {
  Expr one = cast(x.type(), 1), u = strict_float(one + x);
  return select(u == one, x, log(u) * x / strict_float(u - one));
}

/// e^x - 1, where x is small by way of t = tanh (x / 2).
inline Expr exp_minus_one(Expr x) {
  Expr one = cast(x.type(), 1), t = tanh(x / cast(x.type(), 2));
  Expr isSmall = abs(x) < cast(x.type(), Expr(0.5));
  return select(isSmall, (t + t) / (one - t), exp(x) - one);
}

} // namespace sylvite::vector_math

#endif // SYLVITE_LIB_EMIT_HALIDE_VECTORMATH_H
