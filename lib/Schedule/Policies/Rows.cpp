//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tasks, places and vectors of kernels over rows.
///
//===----------------------------------------------------------------------===//

#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

SmallVector<StringRef> sylvite::getVars(halide::FuncOp func) {
  return llvm::map_to_vector(func.getVars().getAsRange<StringAttr>(),
                             [](StringAttr name) { return name.getValue(); });
}

StringRef sylvite::fuseLoops(StageBuilder stage, ArrayRef<StringRef> loops,
                             StringRef name) {
  StringRef fused = loops.front();
  for (StringRef outer : loops.drop_front()) {
    stage.fuse(fused, outer, name);
    fused = name;
  }
  return fused;
}

bool sylvite::isReduction(ScheduleBuilder &s, StringRef name) {
  halide::FuncOp func = s.getPipeline().lookupFunc(name);
  return func && !halide::getUpdates(func).empty();
}

bool sylvite::isPlainLoad(halide::FuncOp func) {
  Block &body = func.getBody().front();
  return llvm::hasSingleElement(body.without_terminator()) &&
         isa<halide::LoadOp>(body.front());
}

Vectors sylvite::getVectors(ScheduleBuilder &s, Type type, int64_t extent) {
  int64_t lanes = s.getLanes(type);
  if (ShapedType::isDynamic(extent))
    return {lanes, 1, Tail::GuardWithIf};
  lanes = std::min<int64_t>(lanes, llvm::bit_floor(uint64_t(extent)));
  if (extent % lanes != 0)
    return {lanes, 1, Tail::ShiftInwards};
  return {lanes, ScheduleBuilder::getDividingLanes(extent / lanes, 4),
          Tail::RoundUp};
}

void sylvite::vectorizeRow(StageBuilder stage, StringRef var,
                           const Vectors &vectors) {
  if (vectors.lanes > 1)
    stage.vectorize(var, vectors.lanes, vectors.tail);
  if (vectors.unroll > 1)
    stage.unroll(var, vectors.unroll, Tail::RoundUp);
}

RowSchedule::RowSchedule(ScheduleBuilder &s, ArrayRef<StringRef> rows,
                         int64_t taskRows)
    : s(s) {
  if (rows.empty())
    return;
  StageBuilder out = s.func("out");
  row = fuseLoops(out, rows);
  if (taskRows == 1) {
    out.parallel(row);
    return;
  }
  task = "task";
  out.split(row, task, "row", taskRows, Tail::GuardWithIf).parallel(task);
  row = "row";
}

StageBuilder RowSchedule::place(StringRef func) {
  StageBuilder stage = s.func(func);
  return row.empty() ? stage.computeRoot() : stage.computeAt("out", row);
}

void RowSchedule::placeNumbers(ArrayRef<StringRef> funcs) {
  for (StringRef func : funcs)
    if (s.has(func))
      place(func);
}

void RowSchedule::placeRow(StringRef func, int64_t extent) {
  halide::FuncOp op = s.getPipeline().lookupFunc(func);
  vectorizeRow(place(func), getVars(op).front(),
               getVectors(s, op.getType().getElementType(), extent));
}

/// The constant number of steps of an update's first reduction variable.
static int64_t getSteps(halide::FuncOp func) {
  halide::UpdateOp update = halide::getUpdates(func).front();
  APInt from, to;
  if (!matchPattern(update.getFrom().front(), m_ConstantInt(&from)) ||
      !matchPattern(update.getTo().front(), m_ConstantInt(&to)))
    return ShapedType::kDynamic;
  return to.getSExtValue() - from.getSExtValue();
}

int64_t sylvite::getReducedElements(ScheduleBuilder &s, StringRef name) {
  std::string lanesName = (name + "_lanes").str();
  int64_t steps = getSteps(s.getPipeline().lookupFunc(lanesName));
  if (ShapedType::isDynamic(steps))
    return steps;
  return steps * getSteps(s.getPipeline().lookupFunc(name));
}

int64_t sylvite::getReducedLanes(ScheduleBuilder &s, StringRef name) {
  return getSteps(s.getPipeline().lookupFunc(name));
}

void RowSchedule::placeReduction(StringRef name) {
  std::string lanesName = (name + "_lanes").str();
  if (!isReduction(s, name) || !isReduction(s, lanesName))
    return;
  halide::FuncOp func = s.getPipeline().lookupFunc(lanesName);
  int64_t reduced = getSteps(s.getPipeline().lookupFunc(name));
  int64_t lanes =
      std::min(reduced, s.getLanes(func.getType().getElementType()));
  place(name);
  StageBuilder total = s.update(name);
  if (reduced > 1)
    total.atomic().vectorize("lane");
  else
    total.unroll("lane");

  place(lanesName)
      .storeIn(halide::MemoryType::Register)
      .boundExtent("lane", reduced);
  auto vectorize = [&](StageBuilder stage) {
    if (lanes > 1)
      stage.vectorize("lane", lanes, Tail::RoundUp);
    stage.unroll("lane");
  };
  vectorize(s.func(lanesName));
  for (auto [i, update] : llvm::enumerate(halide::getUpdates(func))) {
    StageBuilder stage = s.update(lanesName, i);
    SmallVector<StringRef> order;
    for (auto var : update.getRvars().getAsRange<StringAttr>())
      order.push_back(var.getValue());
    // All lanes inside of the loops over the row.
    order.insert(order.begin(), "lane");
    if (order.size() > 1)
      stage.reorder(order);
    if (llvm::is_contained(order, "rest"))
      // Under its condition, in one go: cut into vectors, the last of them
      // would count as read as a whole.
      stage.vectorize("lane");
    else
      vectorize(stage);
  }
}

void RowSchedule::placeNorm() {
  placeReduction("sum");
  placeReduction("squares");
  placeNumbers({"mean", "inverse"});
}
