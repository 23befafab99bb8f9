//===- DeviceMath.h - Functions of doubles on devices -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Doubles in kernels of devices. Halide writes constants of f64 as f32; those
/// that are none become integers that are taken for doubles. And sines, cosines
/// and logarithms of f64 are written out.
/// Vulkan has none of them. OpenCL may be wrong in the last digits, by which a
/// logarithm that is a whole number would be rounded down to the one below; so
/// that relative positions would fall into other buckets than elsewhere.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_DEVICEMATH_H
#define SYLVITE_LIB_EMIT_HALIDE_DEVICEMATH_H

#include "Halide.h"

namespace sylvite::emit {

/// Does so in what will be lowered of the pipeline.
void lowerDeviceMath(Halide::Pipeline &pipeline);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_DEVICEMATH_H
