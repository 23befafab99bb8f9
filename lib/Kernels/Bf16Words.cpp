//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Packing two bf16 into a word, and reading them.
///
//===----------------------------------------------------------------------===//

#include "Bf16Words.h"

using namespace mlir;
using namespace sylvite;

/// The upper half of a word, as what an i32 is masked with.
static constexpr int64_t kHigh = -65536;

/// The bits of an f32, rounded to a bf16 in the upper half; the lower half is
/// anything.
static Expr roundToHigh(Expr x) {
  KernelBuilder &kernel = x.getKernel();
  Expr bits = reinterpret(x, kernel.index(0).getType());
  Expr rounded = bits + 32767.0 + bitAnd(shiftRight(bits, 16), 1);
  return select(x == x, rounded, kernel.index(0x7FC00000));
}

static Expr join(Expr low, Expr high) {
  return bitOr(shiftRight(low, 16), bitAnd(high, kHigh));
}

Expr sylvite::packBf16(Expr low, Expr high) {
  return join(roundToHigh(low), roundToHigh(high));
}

Expr sylvite::packBf16Numbers(Expr low, Expr high) {
  Type word = low.getKernel().index(0).getType();
  return join(reinterpret(low, word) + 32768.0,
              reinterpret(high, word) + 32768.0);
}

static Expr asF32(Expr bits) {
  return reinterpret(bits, Float32Type::get(bits.getType().getContext()));
}

Expr sylvite::getLowBf16(Expr word) { return asF32(shiftLeft(word, 16)); }

Expr sylvite::getHighBf16(Expr word) { return asF32(bitAnd(word, kHigh)); }
