//===- VerifySchedule.h - A schedule against its kernel ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The check that a schedule fits its kernel, for passes and for schedule
/// files.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_VERIFYSCHEDULE_H
#define SYLVITE_SCHEDULE_VERIFYSCHEDULE_H

#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite {

/// Checks every directive against the kernel's functions and the loops that
/// they have by then; errors stand at the directive. See the pass
/// sylvite-verify-schedules for what is checked.
mlir::LogicalResult verifySchedule(halide::ScheduleOp schedule,
                                   halide::PipelineOp kernel);

} // namespace sylvite

#endif // SYLVITE_SCHEDULE_VERIFYSCHEDULE_H
