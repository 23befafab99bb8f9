//===- Rows.h - Schedules of kernels over rows ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What policies of kernels over rows share: tasks of rows, numbers of a row
/// computed where the row is, vectors along its elements.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_SCHEDULE_POLICIES_ROWS_H
#define SYLVITE_LIB_SCHEDULE_POLICIES_ROWS_H

#include "sylvite/Schedule/ScheduleBuilder.h"

namespace sylvite {

/// The variables of a function, innermost first.
llvm::SmallVector<llvm::StringRef> getVars(halide::FuncOp func);

/// Makes one loop of several, innermost first, of that name; gives the name of
/// what is one loop then.
llvm::StringRef fuseLoops(StageBuilder stage,
                          llvm::ArrayRef<llvm::StringRef> loops,
                          llvm::StringRef name = "rows");

/// Parts of a pooling; see lib/Kernels/Pool.cpp.
constexpr int64_t kPoolParts = 4;

/// Is there a function of that name with an update? A kernel without those that
/// its class should have gets the fallback.
bool isReduction(ScheduleBuilder &s, llvm::StringRef name);

/// Does the function just load an element? Then it costs nothing to evaluate it
/// again.
bool isPlainLoad(halide::FuncOp func);

/// How a loop over neighbouring elements is cut into vectors.
struct Vectors {
  int64_t lanes;
  /// Vectors that a step takes, for loops of constant length.
  int64_t unroll;
  halide::TailStrategy tail;
};

/// Vectors of the type for `extent` elements (or a dynamic number). A row that
/// is no multiple of a vector ends with one that overlaps the one before: no
/// element is left over, and nothing is masked. Where the length is dynamic,
/// the last vector is masked.
Vectors getVectors(ScheduleBuilder &s, mlir::Type type, int64_t extent);

/// Vectors along `var`. Pure definitions only.
void vectorizeRow(StageBuilder stage, llvm::StringRef var,
                  const Vectors &vectors);

/// The rows of a kernel's "out".
class RowSchedule {
public:
  /// Cuts the loops of `rows`, the variables of "out" that count rows, into
  /// tasks. Without any there is one row. Call it after the directives on the
  /// loops inside.
  RowSchedule(ScheduleBuilder &s, llvm::ArrayRef<llvm::StringRef> rows,
              int64_t taskRows);

  /// Computes a function where a row of "out" needs it.
  StageBuilder place(llvm::StringRef func);
  /// The same where the kernel has such functions, each a number of a row.
  void placeNumbers(llvm::ArrayRef<llvm::StringRef> funcs);
  /// The same, with vectors along its first variable, of `extent` elements.
  void placeRow(llvm::StringRef func, int64_t extent);
  /// A row reduction NAME and its NAME_lanes, which stay in registers; nothing
  /// if the kernel has none of that name.
  void placeReduction(llvm::StringRef name);
  /// The reductions and numbers of a row's norm.
  void placeNorm();

  /// The loop of a row, and that of a task around it; "" if there are none, or
  /// one is the other.
  llvm::StringRef getRow() const { return row; }
  llvm::StringRef getTask() const { return task; }

private:
  ScheduleBuilder &s;
  llvm::StringRef row, task;
};

/// Lanes that the row reduction NAME has for a row; dynamic if that is not
/// constant.
int64_t getReducedLanes(ScheduleBuilder &s, llvm::StringRef name);

/// Elements that one row of the row reduction NAME combines; dynamic if that is
/// not constant.
int64_t getReducedElements(ScheduleBuilder &s, llvm::StringRef name);

} // namespace sylvite

#endif // SYLVITE_LIB_SCHEDULE_POLICIES_ROWS_H
