//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Words of 32 bits that hold two bf16, as `halide.dot bf16` multiplies them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_BF16WORDS_H
#define SYLVITE_LIB_KERNELS_BF16WORDS_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Two f32, rounded to the nearest bf16, ties to even; a NaN stays one.
Expr packBf16(Expr low, Expr high);

/// The same of two that are no NaN, ties away from zero: half the instructions.
Expr packBf16Numbers(Expr low, Expr high);

/// The halves of a word, as f32.
Expr getLowBf16(Expr word);
Expr getHighBf16(Expr word);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_BF16WORDS_H
