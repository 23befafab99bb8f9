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

/// Halide counts in 32 bits, and would take what is left of a larger number.
template <typename DirectiveOp>
static LogicalResult verifyNumber(DirectiveOp op, StringRef what, int64_t value,
                                  int64_t least) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (value >= least && value <= most)
    return success();
  return op.emitOpError() << what << " must be from " << least << " to " << most
                          << ", not " << value;
}

LogicalResult SplitOp::verify() {
  // SPLIT-1
  return verifyNumber(*this, "factor", getFactor(), 1);
}

LogicalResult ReorderOp::verify() {
  // REORDER-1
  llvm::StringSet<> seen;
  for (auto var : getVars().getAsRange<StringAttr>())
    if (!seen.insert(var.getValue()).second)
      return emitOpError("names loop '") << var.getValue() << "' twice";
  return success();
}

/// GPU_LOOPS-1
template <typename LoopsOp>
static LogicalResult verifyGpuLoops(LoopsOp op) {
  llvm::StringSet<> seen;
  for (auto var : op.getVars().template getAsRange<StringAttr>())
    if (!seen.insert(var.getValue()).second)
      return op.emitOpError("names loop '") << var.getValue() << "' twice";
  if (seen.empty() || seen.size() > 3)
    return op.emitOpError("must name from 1 to 3 loops, not ") << seen.size();
  return success();
}

LogicalResult GpuBlocksOp::verify() { return verifyGpuLoops(*this); }
LogicalResult GpuThreadsOp::verify() { return verifyGpuLoops(*this); }
LogicalResult GpuLanesOp::verify() { return verifyGpuLoops(*this); }

/// LOOP-1
template <typename LoopOp>
static LogicalResult verifyLoop(LoopOp op) {
  return verifyNumber(op, "factor", op.getFactor().value_or(1), 1);
}

LogicalResult VectorizeOp::verify() { return verifyLoop(*this); }
LogicalResult UnrollOp::verify() { return verifyLoop(*this); }
LogicalResult ParallelOp::verify() { return verifyLoop(*this); }

/// EXTENT_DIRECTIVE-1
template <typename ExtentOp>
static LogicalResult verifyExtent(ExtentOp op) {
  return verifyNumber(op, "value", op.getValue(), 1);
}

LogicalResult BoundExtentOp::verify() { return verifyExtent(*this); }
LogicalResult AlignStorageOp::verify() { return verifyExtent(*this); }
LogicalResult AlignBoundsOp::verify() { return verifyExtent(*this); }
LogicalResult BoundStorageOp::verify() { return verifyExtent(*this); }

LogicalResult BoundOp::verify() {
  // BOUND-1
  constexpr int64_t least = std::numeric_limits<int32_t>::min();
  if (failed(verifyNumber(*this, "minimum", getMin(), least)))
    return failure();
  // BOUND-2
  return verifyNumber(*this, "extent", getExtent(), 1);
}

LogicalResult PrefetchOp::verify() {
  // PREFETCH-1
  return verifyNumber(*this, "offset", getOffset(), 0);
}

LogicalResult SpecializeOp::verify() {
  // SPECIALIZE-1
  for (Operation &op : getBody().front()) {
    auto directive = dyn_cast<Directive>(op);
    if (!directive || !isa<SplitOp, FuseOp, ReorderOp, VectorizeOp, UnrollOp,
                           ParallelOp, AtomicOp, PartitionOp, PrefetchOp,
                           GpuBlocksOp, GpuThreadsOp, GpuLanesOp>(op))
      return op.emitOpError("is not a directive on loops");
    if (directive.getFunc() != getFunc() ||
        op.getAttr(getUpdateAttrName()) != getUpdateAttr())
      return op.emitOpError("is on another stage than what holds it");
  }
  // SPECIALIZE-2
  if (int64_t(getOutput()) < 0)
    return emitOpError("names output ") << int64_t(getOutput());
  if (getDim() > 15)
    return emitOpError("dimension must be from 0 to 15, not ")
           << int64_t(getDim());
  return verifyNumber(*this, "extent", getMost(), 1);
}
