//===- CheckDots.h - What short products need -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Whether the short products of a kernel can be compiled.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_CHECKDOTS_H
#define SYLVITE_LIB_EMIT_HALIDE_CHECKDOTS_H

#include "Halide.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// Fails, with an error at the op, where the target has no instruction for a
/// `halide.dot` of the pipeline.
mlir::LogicalResult checkDotTarget(halide::PipelineOp pipeline,
                                   const Target &target);

/// Fails, with an error at `loc`, where a lowered kernel has a product that was
/// not made a vector: nothing would be there to call.
mlir::LogicalResult checkDotVectors(mlir::Location loc,
                                    const Halide::Module &lowered);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_CHECKDOTS_H
