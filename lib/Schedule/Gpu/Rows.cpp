//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels over rows on devices: norms, softmax, pooling, reductions of rows. A
/// block of threads has a row. Each thread sums what is in its lane, one of
/// them sums the lanes; what the row's numbers are made of is shared, as far as
/// it is known to be little.
///
//===----------------------------------------------------------------------===//

#include "../Policies/Rows.h"
#include "Gpu.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Threads of a block that go along a row.
static constexpr int64_t kRowThreads = 64;
/// Elements of a row that are kept for all of a block's threads, at most: of
/// f32, a half of what devices have.
static constexpr int64_t kMostShared = 4096;

namespace {
/// A kernel whose "out" has rows.
class RowBlocks {
public:
  /// `rows` are the variables of "out" that count rows, innermost first.
  RowBlocks(ScheduleBuilder &s, ArrayRef<StringRef> rows, StringRef consumer)
      : s(s), consumer(consumer), rows(rows) {
    row = fuseLoops(s.func(consumer), rows);
    s.func(consumer).gpuBlocks({row});
  }

  /// What a block has of a function is one row. Halide does not see that behind
  /// one loop of several.
  StageBuilder place(StringRef func) {
    StageBuilder stage = s.func(func).computeAt(consumer, row);
    if (rows.size() > 1)
      for (StringRef var : getVars(s.getPipeline().lookupFunc(func)))
        if (llvm::is_contained(rows, var))
          stage.boundStorage(var, 1);
    return stage;
  }
  void placeNumbers(ArrayRef<StringRef> funcs) {
    for (StringRef func : funcs)
      if (s.has(func))
        place(func);
  }
  /// A row that is shared, if it may be.
  void placeRow(StringRef func, int64_t extent) {
    if (!s.has(func) || ShapedType::isDynamic(extent) || extent > kMostShared)
      return;
    place(func);
    threadRow(s, s.func(func),
              getVars(s.getPipeline().lookupFunc(func)).front());
  }
  /// NAME and NAME_lanes.
  void placeReduction(StringRef name);

  /// Elements of a row go to threads.
  static void threadRow(ScheduleBuilder &s, StageBuilder stage, StringRef var) {
    stage.split(var, var, "thread", kRowThreads, Tail::GuardWithIf)
        .gpuThreads({"thread"});
  }

private:
  ScheduleBuilder &s;
  StringRef consumer, row;
  SmallVector<StringRef> rows;
};
} // namespace

void RowBlocks::placeReduction(StringRef name) {
  std::string lanesName = (name + "_lanes").str();
  if (!isReduction(s, name) || !isReduction(s, lanesName))
    return;
  place(name);
  halide::FuncOp lanes = s.getPipeline().lookupFunc(lanesName);
  place(lanesName).boundExtent("lane", getReducedLanes(s, name));
  s.func(lanesName).gpuThreads({"lane"});
  for (auto [i, update] : llvm::enumerate(halide::getUpdates(lanes))) {
    SmallVector<StringRef> order;
    for (auto var : update.getRvars().getAsRange<StringAttr>())
      order.push_back(var.getValue());
    order.push_back("lane");
    StageBuilder stage = s.update(lanesName, i);
    if (order.size() > 1)
      stage.reorder(order);
    stage.gpuThreads({"lane"});
  }
}

/// Are all of the kernel's reductions ones of rows, by lanes of a constant
/// number?
static bool hasLanesAlone(ScheduleBuilder &s) {
  for (auto func : s.getPipeline().getBody().getOps<halide::FuncOp>()) {
    if (halide::getUpdates(func).empty())
      continue;
    StringRef name = func.getName();
    bool isLanes = name.consume_back("_lanes");
    if (!isReduction(s, name) || !isReduction(s, (name + "_lanes").str()))
      return false;
    if (!isLanes && ShapedType::isDynamic(getReducedLanes(s, name)))
      return false;
  }
  return true;
}

/// A block of "out", the last function of a kernel, has one row.
static void scheduleRowBlocks(ScheduleBuilder &s, bool hasElements) {
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc("out"));
  ArrayRef<StringRef> rows = ArrayRef(vars).drop_front(hasElements ? 1 : 0);
  if (hasElements) {
    RowBlocks::threadRow(s, s.func("out"), vars.front());
    SmallVector<StringRef> order{"thread", vars.front()};
    llvm::append_range(order, rows);
    s.func("out").reorder(order);
  }
  RowBlocks blocks(s, rows, "out");
  int64_t extent = s.getOutputShape().front();
  if (halide::FuncOp input = s.getPipeline().lookupFunc("input");
      input && s.getClass() != "linear_norm" && !isPlainLoad(input))
    blocks.placeRow("input", extent);
  for (StringRef name :
       {"max", "first", "sum", "squares", "acc", "largest", "place", "rest"})
    blocks.placeReduction(name);
  blocks.placeNumbers({"mean", "inverse", "log"});
  if (hasElements)
    blocks.placeRow("exps", extent);
}

void sylvite::scheduleGpuNorm(ScheduleBuilder &s) {
  scheduleRowBlocks(s, /*hasElements=*/true);
}

void sylvite::scheduleGpuRows(ScheduleBuilder &s) {
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  bool hasReduction = llvm::any_of(
      s.getPipeline().getBody().getOps<halide::FuncOp>(),
      [](halide::FuncOp func) { return !halide::getUpdates(func).empty(); });
  if (!out || !hasReduction || !hasLanesAlone(s))
    return scheduleGpuFallback(s);
  // The numbers of reductions that are results have no row of elements.
  bool hasElements = s.getClass() != "reduce" && s.getClass() != "argmax";
  if (getVars(out).size() < (hasElements ? 2 : 1))
    return scheduleGpuFallback(s);
  scheduleRowBlocks(s, hasElements);
}

void sylvite::scheduleGpuPool(ScheduleBuilder &s) {
  halide::FuncOp pooled = s.getPipeline().lookupFunc("pooled"),
                 parts = s.getPipeline().lookupFunc("parts");
  int64_t features = s.getOutputShape().front();
  if (!s.has("out") || !pooled || ShapedType::isDynamic(features) ||
      features > kMostShared)
    return scheduleGpuFallback(s);
  RowBlocks::threadRow(s, s.func("out"), "x");
  s.func("out").reorder({"thread", "x", "y"});
  RowBlocks blocks(s, {"y"}, "out");
  blocks.placeReduction("count");
  if (parts || !isPlainLoad(pooled))
    blocks.placeRow("pooled", features);
  if (parts) {
    // A thread has all parts of a feature.
    s.func("parts")
        .computeAt("pooled", "thread")
        .storeIn(halide::MemoryType::Register)
        .boundExtent("x", 1)
        .boundExtent("part", kPoolParts)
        .unroll("part");
    for (unsigned i = 0; i != s.getNumUpdates("parts"); ++i)
      s.update("parts", i)
          .reorder({"part", "x", i == 0 ? "step" : "rest"})
          .unroll("part");
  }
  blocks.placeReduction("squares");
}
