//===- ScheduleFile.h - Schedules in files of their own ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A schedules file holds `halide.schedule` ops and nothing else. It is what
/// is printed for people to edit, what a tuner writes and what a review diffs.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_SCHEDULEFILE_H
#define SYLVITE_SCHEDULE_SCHEDULEFILE_H

#include "mlir/IR/BuiltinOps.h"

namespace sylvite {

/// Prints all schedules of the module, in the order of the module.
void printSchedules(mlir::ModuleOp module, llvm::raw_ostream &os);

/// Puts the schedules of a file in place of those that the module has for the
/// same kernels. Errors stand at their line of the file: what does not parse,
/// a kernel that the module does not have, another target than the module's,
/// two schedules of one kernel, and all that verifySchedule refuses. On failure
/// the module is as it was. Of a library for several targets each module takes
/// its own: `others` are the targets whose schedules are left out.
mlir::LogicalResult applyScheduleFile(mlir::ModuleOp module,
                                      llvm::StringRef path,
                                      llvm::ArrayRef<std::string> others = {});

} // namespace sylvite

#endif // SYLVITE_SCHEDULE_SCHEDULEFILE_H
