//===- DeviceDots.h - halide.dot without instructions -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What halide.dot is on devices, whose code has no instructions of processors.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H
#define SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H

#include "Halide.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// The sum and its products, of operands as halide.dot has them. For CUDA four
/// products of bytes are a call, which lowerByteDots() makes DP4A of.
Halide::Expr expandDot(halide::DotKind kind, const Device &device,
                       const Halide::Expr &sum, const Halide::Expr &a,
                       const Halide::Expr &b);

/// Has Halide make an instruction of the calls, when it lowers the pipeline.
void lowerByteDots(Halide::Pipeline &pipeline);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H
