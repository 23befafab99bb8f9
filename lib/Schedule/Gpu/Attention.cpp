//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention on devices, as one launch: a block of threads has a block of
/// queries of one head and goes through the blocks of keys. The functions and
/// their variables are those of lib/Kernels/AttentionOnline.cpp.
///
/// - Queries, the keys of a step, its scores and weights, and the running state
///   are shared; what a thread multiplies is in registers.
/// - Both products go in tiles: of scores, a thread has some keys by some
///   queries; of results, one group of features by as many queries.
/// - Rows of shared memory that threads go down have one number more than they
///   need: else all threads would ask the same bank.
///
//===----------------------------------------------------------------------===//

#include "../Policies/Rows.h"
#include "Gpu.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Threads of a block, where features do not ask for more.
static constexpr int64_t kThreads = 64;
/// Queries of a thread's tile.
static constexpr int64_t kTileRows = 4;
/// Threads that copy one row of features.
static constexpr int64_t kCopyThreads = 16;

namespace {
class AttentionBlocks {
public:
  AttentionBlocks(ScheduleBuilder &s);
  void schedule();

private:
  void boundBlock(StageBuilder stage, StringRef func);
  StageBuilder place(StringRef func, StringRef consumer, StringRef var,
                     std::optional<unsigned> update = {});
  StageBuilder placeInStep(StringRef func) {
    return place(func, "state", "kb", /*update=*/0);
  }
  /// Cuts queries into tiles, each of which is one thread's.
  StageBuilder &tileRows(StageBuilder &stage) {
    return stage.split("qi", "qt", "qr", tileRowCount).unroll("qr");
  }
  void scheduleOut();
  void scheduleState();
  void scheduleCopies();
  /// A function of the queries and keys of a step, in tiles of threads.
  void tileScores(StringRef func, ArrayRef<StringRef> order);
  void scheduleScores();
  void scheduleStatistic(StringRef name);

  ScheduleBuilder &s;
  int64_t rows, keys, features;
  int64_t tileRowCount, tileKeys;
};
} // namespace

AttentionBlocks::AttentionBlocks(ScheduleBuilder &s)
    : s(s), rows(*s.getNumber("block_rows")), keys(*s.getNumber("panel_keys")),
      features(*s.getNumber("state_features")) {
  tileRowCount = std::min(rows, kTileRows);
  int64_t rowThreads = rows / tileRowCount;
  tileKeys = std::max<int64_t>(keys * rowThreads / kThreads, 1);
}

/// Halide does not see that there is one block of queries, behind one loop of
/// several, and one of keys.
void AttentionBlocks::boundBlock(StageBuilder stage, StringRef func) {
  for (StringRef name : getVars(s.getPipeline().lookupFunc(func)))
    if (llvm::is_contained({"ko", "kb", "qo", "h", "b"}, name))
      stage.boundStorage(name, 1);
}

/// What a block of threads, or one of its steps, has of a function.
StageBuilder AttentionBlocks::place(StringRef func, StringRef consumer,
                                    StringRef var,
                                    std::optional<unsigned> update) {
  StageBuilder stage = s.func(func).computeAt(consumer, var, update);
  stage.boundExtent("qi", rows);
  boundBlock(stage, func);
  return stage;
}

void AttentionBlocks::scheduleOut() {
  StageBuilder out = s.func("out");
  out.split("d", "d", "di", features, Tail::GuardWithIf)
      .split("m", "m", "mi", rows, Tail::GuardWithIf)
      .split("mi", "mt", "mr", tileRowCount, Tail::GuardWithIf)
      .reorder({"di", "mr", "d", "mt", "m", "h", "b"})
      .unroll("di")
      .unroll("mr")
      .gpuThreads({"d", "mt"});
  out.gpuBlocks({"m", fuseLoops(out, {"h", "b"}, "batch")});
}

void AttentionBlocks::scheduleState() {
  StageBuilder state = place("state", "out", "m");
  tileRows(state).reorder({"qr", "d", "qt"}).gpuThreads({"d", "qt"});
  StageBuilder step = s.update("state");
  tileRows(step)
      .reorder({"qr", "d", "qt", "kb"})
      .partition("kb", halide::Partition::Never)
      .gpuThreads({"d", "qt"});
  StageBuilder acc = s.func("acc");
  boundBlock(acc, "acc");
  acc.computeAt("state", "d", /*update=*/0)
      .boundExtent("d", features)
      .boundExtent("qi", tileRowCount)
      .storeIn(halide::MemoryType::Register)
      .unroll("d")
      .unroll("qi");
  s.update("acc").reorder({"d", "qi", "ki"}).unroll("d").unroll("qi");
}

/// Queries, and keys if they are shared: threads go along features, as memory
/// does.
void AttentionBlocks::scheduleCopies() {
  // Halide gives shared memory to others behind the last use in a loop's body,
  // also where the next step of the loop reads it: queries are copied anew.
  StageBuilder query = placeInStep("query");
  query.split("f", "f", "ft", kCopyThreads, Tail::GuardWithIf)
      .split("qi", "qt", "qr", tileRowCount)
      .reorder({"qr", "f", "ft", "qt"})
      .unroll("qr")
      .gpuThreads({"ft", "qt"});
  if (!*s.getNumber("shares_keys"))
    return;
  int64_t copies = keys * tileRowCount / rows;
  StageBuilder key = s.func("key").computeAt("state", "kb", /*update=*/0);
  boundBlock(key, "key");
  key.bound("ki", 0, keys)
      .boundStorage("ki", keys + 1)
      .split("f", "f", "ft", kCopyThreads, Tail::GuardWithIf)
      .split("ki", "kt", "kr", copies)
      .reorder({"kr", "f", "ft", "kt"})
      .unroll("kr")
      .gpuThreads({"ft", "kt"});
}

void AttentionBlocks::tileScores(StringRef func, ArrayRef<StringRef> order) {
  StageBuilder stage = placeInStep(func);
  stage.bound("ki", 0, keys)
      .boundStorage("ki", keys + 1)
      .split("ki", "kt", "kr", tileKeys)
      .unroll("kr");
  tileRows(stage).reorder(order).gpuThreads({"kt", "qt"});
}

void AttentionBlocks::scheduleScores() {
  tileScores("score", {"kr", "qr", "kt", "qt", "ko"});
  StageBuilder dot = s.func("dot");
  boundBlock(dot, "dot");
  dot.computeAt("score", "kt")
      .boundExtent("ki", tileKeys)
      .boundExtent("qi", tileRowCount)
      .storeIn(halide::MemoryType::Register)
      .unroll("ki")
      .unroll("qi");
  s.update("dot").reorder({"ki", "qi", "f"}).unroll("ki").unroll("qi");
}

/// A number of each row, which one thread calculates.
void AttentionBlocks::scheduleStatistic(StringRef name) {
  placeInStep(name).gpuThreads({"qi"});
  s.update(name).reorder({"ki", "qi"}).gpuThreads({"qi"});
}

void AttentionBlocks::schedule() {
  for (StringRef name : {"query_part", "query_norm", "key_part", "key_norm"})
    if (halide::FuncOp func = s.getPipeline().lookupFunc(name))
      launchFunc(s, func, /*isOutput=*/false);
  scheduleOut();
  scheduleState();
  scheduleCopies();
  scheduleScores();
  scheduleStatistic("max");
  tileScores("weight", {"kr", "qr", "kt", "qt"});
  scheduleStatistic("sum");
}

void sylvite::scheduleGpuAttention(ScheduleBuilder &s) {
  // Kernels of weights are a result that they all have to write.
  if (!s.has("state"))
    return scheduleGpuFallback(s);
  AttentionBlocks(s).schedule();
}
