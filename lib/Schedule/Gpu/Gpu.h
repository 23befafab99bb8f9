//===- Gpu.h - How kernels are scheduled on devices -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Policies for targets with a device, and what they share. The algorithms are
/// those that the processor gets.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_SCHEDULE_GPU_GPU_H
#define SYLVITE_LIB_SCHEDULE_GPU_GPU_H

#include "../Policies.h"

namespace sylvite {

/// The policy for a class on devices, or null.
Policy findGpuPolicy(llvm::StringRef kernelClass);

/// Right for every algorithm; see Gpu/Fallback.cpp.
void scheduleGpuFallback(ScheduleBuilder &s);

/// Kernels over rows; see Gpu/Rows.cpp. The second one has a norm, or is none
/// that the others would do for.
void scheduleGpuRows(ScheduleBuilder &s);
void scheduleGpuNorm(ScheduleBuilder &s);
void scheduleGpuPool(ScheduleBuilder &s);
/// Matrix products; see Gpu/Product.cpp.
void scheduleGpuProduct(ScheduleBuilder &s);
void scheduleGpuLinearNorm(ScheduleBuilder &s);
/// Attention with a running state; see Gpu/Attention.cpp.
void scheduleGpuAttention(ScheduleBuilder &s);

/// The pure variables that an update has loops of, innermost first: those that
/// its place follows.
llvm::SmallVector<llvm::StringRef> getUpdateVars(halide::UpdateOp update);

/// Makes one launch of a stage: of `loops`, innermost first, one, whose steps
/// go to threads of equal blocks; each thread runs the loops of a reduction.
/// Without loops one thread runs it.
void launchLoops(StageBuilder stage, llvm::ArrayRef<llvm::StringRef> loops,
                 llvm::ArrayRef<llvm::StringRef> reduction = {});

/// Computes a function whole, each of its stages by a launch of its own. Of an
/// output there is nothing to compute elsewhere.
void launchFunc(ScheduleBuilder &s, halide::FuncOp func, bool isOutput);

} // namespace sylvite

#endif // SYLVITE_LIB_SCHEDULE_GPU_GPU_H
