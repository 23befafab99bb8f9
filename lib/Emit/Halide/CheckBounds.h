//===- CheckBounds.h - Schedules that touch what is not there ---*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Bounds that a schedule sets are promises to Halide; here they are checked.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_CHECKBOUNDS_H
#define SYLVITE_LIB_EMIT_HALIDE_CHECKBOUNDS_H

#include "Halide.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite::emit {

/// False where no directive can make a kernel compute less of a function than
/// is needed, or more of an output than its buffer holds.
bool mayBreakBounds(halide::PipelineOp pipeline, halide::ScheduleOp schedule);

/// Refuses a schedule whose bounds do not cover what consumers need, or that
/// writes outside of an output. `lowered` is the kernel with Halide's checks.
mlir::LogicalResult checkBounds(halide::PipelineOp pipeline,
                                halide::ScheduleOp schedule,
                                const Halide::Module &lowered);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_CHECKBOUNDS_H
