//===- DotProducts.h - Short products by name -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Most are calls of the vector functions that Halide's x86 runtime has for
/// instructions which its own expressions do not reach dependably. A call by
/// the scalar's name becomes one of NAMEx4, NAMEx8 or NAMEx16 when it is
/// vectorised.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_DOTPRODUCTS_H
#define SYLVITE_LIB_EMIT_HALIDE_DOTPRODUCTS_H

#include "Halide.h"

namespace sylvite::dot_products {

using namespace Halide;

/// sum + the products of four u8 in `a` with four i8 in `b`.
inline Expr dot_u8s8(Expr sum, Expr a, Expr b) {
  return Internal::Call::make(Int(32), "dpbusd", {sum, a, b},
                              Internal::Call::PureExtern);
}

/// sum + the products of two bf16 in `a` with two in `b`.
inline Expr dot_bf16(Expr sum, Expr a, Expr b) {
  return Internal::Call::make(Float(32), "dpbf16ps", {sum, a, b},
                              Internal::Call::PureExtern);
}

/// sum + the products of two i16 in `a` with two i8 in `b`. The compiler makes
/// one instruction of it, in what Halide has lowered.
inline Expr dot_s16s8(Expr sum, Expr a, Expr b) {
  Expr low = cast<int>(cast<int16_t>(a)) * cast<int>(cast<int8_t>(b));
  return sum + low + (a >> 16) * cast<int>(b >> 8);
}

} // namespace sylvite::dot_products

#endif // SYLVITE_LIB_EMIT_HALIDE_DOTPRODUCTS_H
