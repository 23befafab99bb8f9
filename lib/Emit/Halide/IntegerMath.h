//===- IntegerMath.h - Divisions that Halide does not have ------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Division by what may be negative. Halide's own operator leaves a remainder
/// that is not negative, which rounds down only where the divisor is positive.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_INTEGERMATH_H
#define SYLVITE_LIB_EMIT_HALIDE_INTEGERMATH_H

#include "Halide.h"

namespace sylvite::integer_math {

using namespace Halide;

/// a / b, rounded down: towards zero, then one less where that rounded up.
inline Expr floor_div(Expr a, Expr b) {
  Expr q = div_round_to_zero(a, b);
  return select(q * b != a && (a < 0) != (b < 0), q - 1, q);
}

/// a / b, rounded up.
inline Expr ceil_div(Expr a, Expr b) {
  Expr q = div_round_to_zero(a, b);
  return select(q * b != a && (a < 0) == (b < 0), q + 1, q);
}

} // namespace sylvite::integer_math

#endif // SYLVITE_LIB_EMIT_HALIDE_INTEGERMATH_H
