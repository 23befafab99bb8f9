//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of schedules. Whether a loop exists is checked where a schedule meets
/// its kernel, not here: a schedule can live in a file of its own.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace sylvite::halide;

LogicalResult ScheduleOp::verify() {
  // SCHEDULE-1
  for (Operation &op : getBody().front())
    if (!isa<Directive>(op))
      return op.emitOpError("is not a directive of a schedule");
  return success();
}

LogicalResult SplitOp::verify() {
  // SPLIT-1
  if (int64_t(getFactor()) < 1)
    return emitOpError("factor must be positive, not ") << int64_t(getFactor());
  return success();
}

LogicalResult ReorderOp::verify() {
  // REORDER-1
  llvm::StringSet<> seen;
  for (auto var : getVars().getAsRange<StringAttr>())
    if (!seen.insert(var.getValue()).second)
      return emitOpError("names loop '") << var.getValue() << "' twice";
  return success();
}

/// LOOP-1
template <typename LoopOp>
static LogicalResult verifyLoop(LoopOp op) {
  if (op.getFactor() && int64_t(*op.getFactor()) < 1)
    return op.emitOpError("factor must be positive, not ")
           << int64_t(*op.getFactor());
  return success();
}

LogicalResult VectorizeOp::verify() { return verifyLoop(*this); }
LogicalResult UnrollOp::verify() { return verifyLoop(*this); }
LogicalResult ParallelOp::verify() { return verifyLoop(*this); }

/// EXTENT_DIRECTIVE-1
template <typename ExtentOp>
static LogicalResult verifyExtent(ExtentOp op) {
  if (int64_t(op.getValue()) < 1)
    return op.emitOpError("value must be positive, not ")
           << int64_t(op.getValue());
  return success();
}

LogicalResult BoundExtentOp::verify() { return verifyExtent(*this); }
LogicalResult AlignStorageOp::verify() { return verifyExtent(*this); }
LogicalResult AlignBoundsOp::verify() { return verifyExtent(*this); }
