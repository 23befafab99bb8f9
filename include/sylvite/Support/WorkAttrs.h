//===- WorkAttrs.h - What a call of a kernel has to do ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attributes of a `halide.invoke` that go on to the library's description: the
/// module of the model that it is part of, its FLOP and bytes as formulas in the
/// function's dimensions, in the grammar of ArenaFormula.h, and of what numbers
/// its products are where that is not f32: the kind of its `halide.dot`.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_WORKATTRS_H
#define SYLVITE_SUPPORT_WORKATTRS_H

#include "llvm/ADT/StringRef.h"

namespace sylvite {

inline constexpr llvm::StringLiteral kPlaceAttr = "sylvite.place";
inline constexpr llvm::StringLiteral kFlopsAttr = "sylvite.flops";
inline constexpr llvm::StringLiteral kBytesAttr = "sylvite.bytes";
inline constexpr llvm::StringLiteral kProductAttr = "sylvite.product";

} // namespace sylvite

#endif // SYLVITE_SUPPORT_WORKATTRS_H
