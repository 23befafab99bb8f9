//===- Schedules.h - Directives as calls of Halide --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A schedule's directives as calls on Halide's functions.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_SCHEDULES_H
#define SYLVITE_LIB_EMIT_HALIDE_SCHEDULES_H

#include "Algorithm.h"

namespace sylvite::emit {

/// Applies a schedule's directives in order. Unknown functions and loops are
/// errors at the directive that say which there are; what Halide refuses is an
/// error there in Halide's words.
mlir::LogicalResult applySchedule(halide::ScheduleOp schedule,
                                  Algorithm &algorithm);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_SCHEDULES_H
