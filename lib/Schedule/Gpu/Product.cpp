//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matrix products on devices. A thread has a tile of results in registers, a
/// block those of a panel of columns. The algorithm reads rows beyond the last
/// one as that, so that tiles are whole; what is too much is not stored.
///
//===----------------------------------------------------------------------===//

#include "../Policies/Rows.h"
#include "Gpu.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Columns and rows of a thread's tile.
static constexpr int64_t kTileColumns = 4, kTileRows = 4;
/// Threads of a block along columns and rows.
static constexpr int64_t kColumnThreads = 16, kRowsThreads = 8;

/// Cuts the loops of `stage`, the product or its epilogue, into tiles, and puts
/// "acc" into registers.
static void tileProduct(ScheduleBuilder &s, StringRef func) {
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc(func));
  SmallVector<StringRef> loops{"ni", "mi", "nt", "mt", "n", "m"};
  ArrayRef<StringRef> batch = ArrayRef(vars).drop_front(2);
  llvm::append_range(loops, batch);
  StageBuilder stage = s.func(func);
  stage.split("n", "n", "nt", kTileColumns * kColumnThreads, Tail::GuardWithIf)
      .split("m", "m", "mt", kTileRows * kRowsThreads, Tail::GuardWithIf)
      .split("nt", "nt", "ni", kTileColumns, Tail::GuardWithIf)
      .split("mt", "mt", "mi", kTileRows, Tail::GuardWithIf)
      .reorder(loops)
      .unroll("ni")
      .unroll("mi")
      .gpuThreads({"nt", "mt"});
  SmallVector<StringRef> blocks{"n", "m"};
  if (!batch.empty())
    blocks.push_back(fuseLoops(stage, batch, "batch"));
  stage.gpuBlocks(blocks);

  StageBuilder sums = s.func("acc");
  sums.computeAt(func, "nt")
      .boundExtent("n", kTileColumns)
      .boundExtent("m", kTileRows);
  for (StringRef var : batch)
    sums.boundExtent(var, 1);
  sums.storeIn(halide::MemoryType::Register).unroll("n").unroll("m");
  for (unsigned i = 0; i != s.getNumUpdates("acc"); ++i)
    s.update("acc", i).reorder({"n", "m", "k"}).unroll("n").unroll("m");
}

void sylvite::scheduleGpuProduct(ScheduleBuilder &s) {
  // With less than a block's columns most threads would have nothing to do.
  int64_t columns = s.getOutputShape().front();
  if (!ShapedType::isDynamic(columns) &&
      columns < kTileColumns * kColumnThreads)
    return scheduleGpuFallback(s);
  tileProduct(s, "out");
}

void sylvite::scheduleGpuLinearNorm(ScheduleBuilder &s) {
  // Rows first, by a launch of their own; the norm reads them.
  s.func("input").computeRoot();
  tileProduct(s, "input");
  scheduleGpuNorm(s);
}
