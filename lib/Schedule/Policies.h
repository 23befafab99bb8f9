//===- Policies.h - How each class of kernels is scheduled ------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A policy writes the schedule of a kernel of its class. It relies on the
/// functions that kernels of the class have, which the table in
/// sylvite/Kernels/KernelBuilder.h and the lowerings' comments state.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_SCHEDULE_POLICIES_H
#define SYLVITE_LIB_SCHEDULE_POLICIES_H

#include "sylvite/Schedule/ScheduleBuilder.h"

namespace sylvite {

using Policy = void (*)(ScheduleBuilder &);

/// The policy for a class, or null.
Policy findPolicy(llvm::StringRef kernelClass);

/// Right for every algorithm; see Policies/Fallback.cpp.
void scheduleFallback(ScheduleBuilder &s);

// The policies of classes; what each does stands in its file.
void scheduleArgmax(ScheduleBuilder &s);
void scheduleNorm(ScheduleBuilder &s);
void schedulePool(ScheduleBuilder &s);
void scheduleQuantize(ScheduleBuilder &s);
void scheduleReduce(ScheduleBuilder &s);
void scheduleScan(ScheduleBuilder &s);
void scheduleSoftmax(ScheduleBuilder &s);
void scheduleUpdate(ScheduleBuilder &s);
/// Matrix products; see Policies/Product.cpp.
void scheduleProduct(ScheduleBuilder &s);
void scheduleLinearNorm(ScheduleBuilder &s);

/// Blocks of queries as tasks; see Policies/Attention.cpp.
void scheduleAttention(ScheduleBuilder &s);

/// Schedules `func`'s pure definition as the fallback does: vectors along the
/// first variable, tasks of some rows of all others. `extent` is the first
/// variable's, or dynamic.
void scheduleRows(ScheduleBuilder &s, halide::FuncOp func, int64_t extent);

} // namespace sylvite

#endif // SYLVITE_LIB_SCHEDULE_POLICIES_H
