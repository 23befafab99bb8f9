//===- Unsigned.h - Integers taken as unsigned ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Integers of MLIR have no sign, those of Halide do: ops that take theirs as
/// unsigned say so.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_UNSIGNED
#define SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_UNSIGNED

#include "CppText.h"

namespace sylvite::emit {

inline Halide::Expr asUnsigned(Halide::Expr value) {
  return Halide::cast(Halide::UInt(value.type().bits()), value);
}

inline Text asUnsigned(mlir::Type type, const Text &value) {
  if (type.isInteger(1))
    return value;
  return printCast("cast", "u" + getTypeName(type), value);
}

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_UNSIGNED
