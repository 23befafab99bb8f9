//===- PairDots.h - Products of pairs, as vectors ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `halide.dot s16s8` in Halide. Its words become vectors of twice as many
/// parts, which Halide's vectorisation cannot make of an expression. So it is a
/// call until loops are vectors, and written out in what was lowered then.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_PAIRDOTS_H
#define SYLVITE_LIB_EMIT_HALIDE_PAIRDOTS_H

#include "Halide.h"

namespace sylvite::emit {

/// The call that stands for sum + a0 b0 + a1 b1.
Halide::Expr makePairDot(Halide::Expr sum, Halide::Expr a, Halide::Expr b);

/// Writes out the calls in all functions of a module.
void lowerPairDots(Halide::Module &module);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_PAIRDOTS_H
