//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention by blocks of queries. The functions and their variables are those
/// of lib/Kernels/Attention.cpp.
///
/// - A task is a few blocks of queries of one head and batch, one after the
///   other. Its scores and weights are those of one block at a time, in memory
///   that is allocated for the task, so that they stay in the cache.
/// - Both products go in register tiles: scores in a few vectors of keys by all
///   rows of the block, results in a few vectors of features by some of them.
/// - Keys are transposed into panels once, before all tasks.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

namespace {
/// The numbers of a schedule.
struct Tiles {
  Tiles(ScheduleBuilder &s);

  /// Keys of a panel: lanes of a vector. Queries of a block.
  int64_t keys, rows;
  /// Of a tile of scores: rows, and vectors of keys.
  int64_t scoreRows, scoreVectors;
  /// Lanes of vectors of features, and features and rows of a tile of results.
  int64_t features, meanFeatures, meanRows;
};
} // namespace

Tiles::Tiles(ScheduleBuilder &s)
    : keys(*s.getNumber("panel_keys")), rows(*s.getNumber("block_rows")) {
  // Half the registers accumulate; the others hold what a step multiplies.
  int64_t accumulators = s.getTarget().vectorRegisters / 2;
  scoreVectors = 2;
  scoreRows = std::min(rows, accumulators / scoreVectors);
  int64_t extent = s.getOutputShape().front();
  features = ScheduleBuilder::getDividingLanes(extent, keys);
  int64_t vectors =
      ScheduleBuilder::getDividingLanes(extent / features, accumulators / 4);
  meanFeatures = vectors * features;
  meanRows = std::min(rows, accumulators / vectors);
}

/// A function of the blocks, computed for one of them.
static StageBuilder computeInBlock(ScheduleBuilder &s, StringRef name,
                                   const Tiles &tiles) {
  return s.func(name)
      .computeAt("out", "mo")
      .boundExtent("qi", tiles.rows)
      .boundExtent("qo", 1);
}

/// Makes one parallel loop of all variables from the given ones on.
static void parallelize(StageBuilder stage, ArrayRef<StringRef> loops) {
  StringRef fused = loops.front();
  for (StringRef outer : loops.drop_front()) {
    stage.fuse(fused, outer, "task");
    fused = "task";
  }
  stage.parallel(fused);
}

static void scheduleOut(ScheduleBuilder &s, const Tiles &tiles) {
  int64_t blocks =
      std::max<int64_t>(s.getCosts().attentionRows / tiles.rows, 1);
  // Features, or the keys that a kernel of weights gives.
  bool givesWeights = !s.has("mean");
  StringRef inner = givesWeights ? "n" : "d";
  s.func("out")
      .split("m", "mo", "mi", tiles.rows, Tail::GuardWithIf)
      .split("mo", "mt", "mo", blocks, Tail::GuardWithIf)
      .reorder({inner, "mi", "mo", "mt", "h", "b"})
      .vectorize(inner, givesWeights ? tiles.keys : tiles.features,
                 givesWeights ? Tail::GuardWithIf : Tail::Auto);
  parallelize(s.func("out"), {"mt", "h", "b"});
}

/// What the scores multiply.
static void scheduleOperands(ScheduleBuilder &s, const Tiles &tiles) {
  computeInBlock(s, "query", tiles)
      .vectorize("f", tiles.keys, Tail::GuardWithIf);
  s.func("key").computeRoot().bound("ki", 0, tiles.keys).vectorize("ki");
  parallelize(s.func("key"), {"h", "b"});
}

static void scheduleScores(ScheduleBuilder &s, const Tiles &tiles) {
  computeInBlock(s, "score", tiles)
      .hoistStorage("out", "task")
      .bound("ki", 0, tiles.keys)
      .split("ko", "kt", "kv", tiles.scoreVectors, Tail::RoundUp)
      .split("qi", "qt", "qr", tiles.scoreRows, Tail::RoundUp)
      .reorder({"ki", "kv", "qr", "qt", "kt"})
      .vectorize("ki")
      .unroll("kv")
      .unroll("qr");
  s.func("dot")
      .computeAt("score", "qt")
      .storeIn(halide::MemoryType::Register)
      .bound("ki", 0, tiles.keys)
      .boundExtent("ko", tiles.scoreVectors)
      .boundExtent("qi", tiles.scoreRows)
      .vectorize("ki")
      .unroll("ko")
      .unroll("qi");
  s.update("dot")
      .reorder({"ki", "ko", "qi", "f"})
      .vectorize("ki")
      .unroll("ko")
      .unroll("qi");
}

/// A statistic of each row: first of lanes, then over them.
static void scheduleStatistic(ScheduleBuilder &s, StringRef name,
                              StringRef lanes, const Tiles &tiles) {
  computeInBlock(s, name, tiles);
  s.update(name).atomic().vectorize("ki");
  s.func(lanes)
      .computeAt(name, "qi")
      .storeIn(halide::MemoryType::Register)
      .bound("ki", 0, tiles.keys)
      .vectorize("ki");
  s.update(lanes).reorder({"ki", "ko"}).vectorize("ki").unroll("ko", 4);
}

static void scheduleMean(ScheduleBuilder &s, const Tiles &tiles) {
  computeInBlock(s, "mean", tiles)
      .split("d", "dt", "di", tiles.meanFeatures)
      .split("qi", "qt", "qr", tiles.meanRows)
      .reorder({"di", "qr", "dt", "qt"})
      .vectorize("di", tiles.features)
      .unroll("di")
      .unroll("qr");
  s.func("acc")
      .computeAt("mean", "dt")
      .storeIn(halide::MemoryType::Register)
      .boundExtent("d", tiles.meanFeatures)
      .boundExtent("qi", tiles.meanRows)
      .vectorize("d", tiles.features)
      .unroll("d")
      .unroll("qi");
  s.update("acc")
      .reorder({"d", "qi", "t"})
      .vectorize("d", tiles.features)
      .unroll("d")
      .unroll("qi");
}

/// What of the mask depends on the key alone.
static void scheduleMask(ScheduleBuilder &s, const Tiles &tiles) {
  if (!s.has("mask"))
    return;
  s.func("mask").computeRoot().bound("ki", 0, tiles.keys).vectorize("ki");
  s.func("end").computeRoot();
  s.update("end").reorder({"t", "b"});
}

/// The functions that only some similarities have.
static void scheduleSimilarity(ScheduleBuilder &s, const Tiles &tiles) {
  for (StringRef name : {"query_part", "query_norm"})
    if (s.has(name))
      computeInBlock(s, name, tiles);
  if (s.has("query_part")) {
    s.func("query_part").vectorize("n", tiles.keys, Tail::GuardWithIf);
    s.update("query_part")
        .reorder({"n", "f"})
        .vectorize("n", tiles.keys, Tail::GuardWithIf);
  }
  if (s.has("query_norm"))
    s.update("query_norm").reorder({"f", "qi"});
  if (s.has("key_part")) {
    s.func("key_part")
        .computeRoot()
        .vectorize("n", tiles.keys, Tail::GuardWithIf);
    StageBuilder update = s.update("key_part");
    update.reorder({"n", "f"}).vectorize("n", tiles.keys, Tail::GuardWithIf);
    parallelize(update, {"h", "b"});
  }
  if (s.has("key_norm")) {
    s.func("key_norm").computeRoot();
    parallelize(s.update("key_norm"), {"h", "b"});
  }
}

/// All that becomes weights.
static void scheduleWeights(ScheduleBuilder &s, const Tiles &tiles) {
  scheduleMask(s, tiles);
  scheduleSimilarity(s, tiles);
  scheduleOperands(s, tiles);
  scheduleScores(s, tiles);
  scheduleStatistic(s, "max", "lane_max", tiles);
  computeInBlock(s, "weight", tiles)
      .hoistStorage("out", "task")
      .bound("ki", 0, tiles.keys)
      .vectorize("ki");
  scheduleStatistic(s, "sum", "lane_sum", tiles);
  computeInBlock(s, "inverse", tiles);
}

void sylvite::scheduleAttention(ScheduleBuilder &s) {
  Tiles tiles(s);
  scheduleOut(s, tiles);
  // Some kernels give the weights, others take them.
  if (s.has("score"))
    scheduleWeights(s, tiles);
  if (s.has("mean"))
    scheduleMean(s, tiles);
}
