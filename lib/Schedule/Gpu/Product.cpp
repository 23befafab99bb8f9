//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matrix products on devices. A block of threads has a tile of results; it
/// goes along k by steps, for which it shares what it multiplies, and its sums
/// so far. A thread multiplies a tile of its own in registers and adds it to
/// the sums. The functions are those of lib/Kernels/DeviceProduct.h, which read
/// rows and columns beyond the last one as that, so that tiles are whole; what
/// is too much is not stored.
///
//===----------------------------------------------------------------------===//

#include "../Policies/Rows.h"
#include "Gpu.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Columns and rows of a thread's tile, at most.
static constexpr int64_t kTileColumns = 4, kTileRows = 4;
/// Threads of a block, and along columns at most.
static constexpr int64_t kThreads = 128, kMostColumnThreads = 16;
/// Threads along rows at most: with few columns a block has fewer threads, as a
/// tile of more rows would be more to share.
static constexpr int64_t kMostRowThreads = 16;

/// Columns of a block where rows are few.
static constexpr int64_t kRowColumns = 32;

namespace {
class ProductBlocks {
public:
  /// The product's consumer, which has loops n and m, then those of a batch.
  ProductBlocks(ScheduleBuilder &s, StringRef consumer);
  void schedule();

private:
  StageBuilder place(StringRef func, StringRef consumer, StringRef var,
                     std::optional<unsigned> update = {});
  /// Cuts a block's tile into those of threads, with `outer` loops around them.
  void tile(StageBuilder stage, ArrayRef<StringRef> outer);
  void scheduleConsumer();
  void scheduleSums();
  void scheduleSides();

  ScheduleBuilder &s;
  StringRef consumer;
  SmallVector<StringRef> batch;
  int64_t tileColumns, columnThreads, rowThreads, depth;
};
} // namespace

ProductBlocks::ProductBlocks(ScheduleBuilder &s, StringRef consumer)
    : s(s), consumer(consumer), depth(*s.getNumber("step_depth")) {
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc(consumer));
  batch.assign(ArrayRef(vars).drop_front(2));
  // With few columns there is nothing to do for more threads.
  int64_t columns = s.getOutputShape().front();
  int64_t most = kTileColumns * kMostColumnThreads;
  columns = ShapedType::isDynamic(columns)
                ? most
                : std::min<int64_t>(llvm::PowerOf2Ceil(columns), most);
  tileColumns = std::min(columns, kTileColumns);
  columnThreads = columns / tileColumns;
  rowThreads = std::min(kThreads / columnThreads, kMostRowThreads);
}

/// What a block of threads, or one of its steps, has of a function.
StageBuilder ProductBlocks::place(StringRef func, StringRef consumer,
                                  StringRef var,
                                  std::optional<unsigned> update) {
  StageBuilder stage = s.func(func).computeAt(consumer, var, update);
  for (StringRef name : getVars(s.getPipeline().lookupFunc(func))) {
    if (name == "n")
      stage.boundExtent(name, tileColumns * columnThreads);
    else if (name == "m")
      stage.boundExtent(name, kTileRows * rowThreads);
    else if (name == "ki")
      stage.bound(name, 0, depth);
    else
      stage.boundStorage(name, 1);
  }
  return stage;
}

void ProductBlocks::tile(StageBuilder stage, ArrayRef<StringRef> outer) {
  SmallVector<StringRef> loops{"ni", "mi", "nt", "mt"};
  llvm::append_range(loops, outer);
  stage.split("nt", "nt", "ni", tileColumns, Tail::GuardWithIf)
      .split("mt", "mt", "mi", kTileRows, Tail::GuardWithIf)
      .reorder(loops)
      .unroll("ni")
      .unroll("mi")
      .gpuThreads({"nt", "mt"});
}

void ProductBlocks::scheduleConsumer() {
  SmallVector<StringRef> outer{"n", "m"};
  llvm::append_range(outer, batch);
  StageBuilder stage = s.func(consumer);
  stage.split("n", "n", "nt", tileColumns * columnThreads, Tail::GuardWithIf)
      .split("m", "m", "mt", kTileRows * rowThreads, Tail::GuardWithIf);
  tile(stage, outer);
  SmallVector<StringRef> blocks{"n", "m"};
  if (!batch.empty())
    blocks.push_back(fuseLoops(stage, batch, "batch"));
  stage.gpuBlocks(blocks);
}

/// The sums so far, and the part of a step.
void ProductBlocks::scheduleSums() {
  StageBuilder sums = place("acc", consumer, "n");
  auto cut = [&](StageBuilder stage, ArrayRef<StringRef> outer) {
    SmallVector<StringRef> loops{"ni", "mi", "n", "m"};
    llvm::append_range(loops, outer);
    stage.split("n", "n", "ni", tileColumns)
        .split("m", "m", "mi", kTileRows)
        .reorder(loops)
        .unroll("ni")
        .unroll("mi")
        .gpuThreads({"n", "m"});
  };
  cut(sums, {});
  cut(s.update("acc"), {"ko"});
  s.func("part")
      .computeAt("acc", "n", /*update=*/0)
      .boundExtent("n", tileColumns)
      .boundExtent("m", kTileRows)
      .storeIn(halide::MemoryType::Register)
      .unroll("n")
      .unroll("m");
  StageBuilder step = s.update("part");
  step.reorder({"n", "m", "ki"}).unroll("n").unroll("m");
  // A word of integers is several steps already; loads for many of them would
  // not fit into registers.
  if (isa<FloatType>(
          s.getPipeline().lookupFunc("part").getType().getElementType()))
    step.unroll("ki");
}

/// Both sides of a step. Threads go along memory: of rows along k, of columns
/// along them. Rows of the left side have one number more than they need: else
/// many threads would ask the same bank.
void ProductBlocks::scheduleSides() {
  int64_t rows = kTileRows * rowThreads;
  int64_t copyThreads =
      std::max<int64_t>(columnThreads * rowThreads / depth, 1);
  place("left", "acc", "ko", /*update=*/0)
      .boundStorage("ki", depth + 1)
      .split("m", "m", "mt", std::min(copyThreads, rows))
      .reorder({"m", "ki", "mt"})
      .gpuThreads({"ki", "mt"});
  place("right", "acc", "ko", /*update=*/0)
      .split("n", "n", "ni", tileColumns)
      .split("ki", "ki", "kt", std::min(rowThreads, depth))
      .reorder({"ni", "ki", "n", "kt"})
      .unroll("ni")
      .gpuThreads({"n", "kt"});
}

void ProductBlocks::schedule() {
  scheduleConsumer();
  scheduleSums();
  scheduleSides();
}

/// Few rows: a block of threads has some columns of one row, and a thread a
/// lane of one of them.
static void scheduleRowProduct(ScheduleBuilder &s, StringRef consumer) {
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc(consumer));
  StageBuilder stage = s.func(consumer);
  stage.split("n", "n", "ni", kRowColumns, Tail::GuardWithIf)
      .gpuThreads({"ni"})
      .gpuBlocks({"n", fuseLoops(stage, ArrayRef(vars).drop_front(), "row")});
  auto place = [&](StringRef func) {
    StageBuilder stage = s.func(func).computeAt(consumer, "n");
    for (StringRef var : getVars(s.getPipeline().lookupFunc(func)))
      if (llvm::is_contained(ArrayRef(vars).drop_front(), var))
        stage.boundStorage(var, 1);
    return stage.boundExtent("n", kRowColumns);
  };
  place("acc").gpuThreads({"n"});
  s.update("acc").reorder({"ki", "n"}).gpuThreads({"n"});
  place("lane")
      .bound("ki", 0, *s.getNumber("row_lanes"))
      .gpuThreads({"n", "ki"});
  s.update("lane").reorder({"ko", "n", "ki"}).gpuThreads({"n", "ki"});
}

/// The product that a consumer ends, whichever its form.
static void scheduleForm(ScheduleBuilder &s, StringRef consumer) {
  if (s.has("part"))
    ProductBlocks(s, consumer).schedule();
  else
    scheduleRowProduct(s, consumer);
}

/// Has the kernel one of the forms?
static bool isDeviceProduct(ScheduleBuilder &s) {
  return s.has("part") || s.has("lane");
}

void sylvite::scheduleGpuProduct(ScheduleBuilder &s) {
  if (!isDeviceProduct(s))
    return scheduleGpuFallback(s);
  scheduleForm(s, "out");
}

void sylvite::scheduleGpuLinearNorm(ScheduleBuilder &s) {
  if (!isDeviceProduct(s))
    return scheduleGpuFallback(s);
  // Rows first, by a launch of their own; the norm reads them.
  s.func("input").computeRoot();
  scheduleForm(s, "input");
  scheduleGpuNorm(s);
}
