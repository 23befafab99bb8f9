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

/// The checks inside of kernels of a device, which Halide drops when it makes
/// programs of them.
class DeviceChecks {
public:
  /// Notes them when the pipeline is lowered next, and takes them out.
  void watch(Halide::Pipeline &pipeline);

  llvm::ArrayRef<Halide::Internal::Stmt> getLoops() const { return loops; }

private:
  /// The loops of kernels.
  std::vector<Halide::Internal::Stmt> loops;
};

/// Refuses a schedule whose bounds do not cover what consumers need, or that
/// writes outside of an output. `lowered` is the kernel with Halide's checks,
/// of which `device` are those inside of a device's kernels.
mlir::LogicalResult checkBounds(halide::PipelineOp pipeline,
                                halide::ScheduleOp schedule,
                                const Halide::Module &lowered,
                                const DeviceChecks &device);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_CHECKBOUNDS_H
