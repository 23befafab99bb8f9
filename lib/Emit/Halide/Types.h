//===- Types.h - Element types in Halide ------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The types of scalars in Halide.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_TYPES_H
#define SYLVITE_LIB_EMIT_HALIDE_TYPES_H

#include "Halide.h"
#include "mlir/IR/BuiltinTypes.h"

namespace sylvite::emit {

/// The Halide type of a scalar: signless integers are signed ones, i1 is Bool,
/// `index` is Int(32) as all indices of Halide. An undefined type (0 bits) for
/// anything else.
Halide::Type convertType(mlir::Type type);

/// True for f16 and bf16, which are computed with in f32.
bool isNarrowFloat(mlir::Type type);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_TYPES_H
