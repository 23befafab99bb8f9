//===- NarrowFloats.h - f16 and bf16 as integers ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Floats of 16 bits on devices that do not have them. Halide takes bf16 for
/// f16 in OpenCL C and SPIR-V, and ends the process for PTX; f16 needs an
/// extension of OpenCL and of Vulkan. Memory has their bits as integers, and
/// values are f32.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_NARROWFLOATS_H
#define SYLVITE_LIB_EMIT_HALIDE_NARROWFLOATS_H

#include "Halide.h"
#include "mlir/IR/BuiltinTypes.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// Whether floats of a type are integers in memory of the device; null is the
/// processor.
bool areIntegers(mlir::Type type, const Device *device);

/// The f32 of 16 bits of f16 or bf16. Exact; NaNs stay NaNs.
Halide::Expr widenBits(Halide::Expr bits, mlir::Type type);

/// The 16 bits of a number rounded to f16 or bf16, to the nearest and to even
/// where two are. What is too large becomes infinity.
Halide::Expr roundToBits(Halide::Expr number, mlir::Type type);

/// The result of a rule, as f32. Rules end with a cast to the type, or to a
/// reinterpretation of integers.
Halide::Expr takeResult(Halide::Expr result, mlir::Type type);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_NARROWFLOATS_H
