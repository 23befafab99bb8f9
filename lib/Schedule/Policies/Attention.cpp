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
/// - A task is a few blocks of queries of one head and batch. They go through
///   one block of keys after the other, all of them through one while it is in
///   the cache. Scores and weights are those of one block of queries and of
///   keys at a time, in memory that is allocated for the task, so that they
///   stay in the cache; the rows of a panel stand together, because a power of
///   two of keys between them would put them all into the same lines of it.
/// - Both products go in register tiles of two vectors by eight rows, of keys and
///   of features. With one vector, as many numbers of the rows are loaded as
///   there are products, which no processor does at full speed.
/// - Keys are transposed into panels, and values copied, once, before all tasks.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
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
  /// Rows and panels of a tile of scores.
  int64_t scoreRows, scorePanels;
  /// Lanes of vectors of features, and features and rows of a tile of results.
  int64_t features, meanFeatures, meanRows;
};
} // namespace

Tiles::Tiles(ScheduleBuilder &s)
    : keys(*s.getNumber("panel_keys")), rows(*s.getNumber("block_rows")) {
  // Half the registers accumulate; the others hold what a step multiplies.
  int64_t accumulators = s.getTarget().vectorRegisters / 2;
  scoreRows = std::min(rows, accumulators);
  scorePanels = std::clamp<int64_t>(accumulators / scoreRows, 1, 2);
  int64_t extent = s.getOutputShape().front();
  features = ScheduleBuilder::getDividingLanes(extent, keys);
  // Of two vectors: then each value of a row goes into two products, and each
  // vector of values into many, which is little to load for what is calculated.
  int64_t vectors = ScheduleBuilder::getDividingLanes(extent / features, 2);
  meanFeatures = vectors * features;
  meanRows = std::min(rows, accumulators / vectors);
}

/// A function of blocks of queries, computed where one is put together.
static StageBuilder computeInRows(ScheduleBuilder &s, StringRef name,
                                  const Tiles &tiles) {
  return s.func(name)
      .computeAt("out", "mo")
      .boundExtent("qi", tiles.rows)
      .boundExtent("qo", 1);
}

/// A function that scores of a block of queries, and of keys where there are
/// several, are made of or become.
static StageBuilder computeInBlock(ScheduleBuilder &s, StringRef name,
                                   const Tiles &tiles) {
  if (!s.has("part"))
    return computeInRows(s, name, tiles);
  return s.func(name)
      .computeAt("part", "qo")
      .boundExtent("qi", tiles.rows)
      .boundExtent("qo", 1);
}

/// The output's dimension of queries.
static unsigned getQueriesDim(ScheduleBuilder &s) {
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc("out"));
  return llvm::find(vars, "m") - vars.begin();
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

/// Keys in panels. Squares of lanes by lanes are transposed in registers.
static void scheduleKeys(ScheduleBuilder &s, const Tiles &tiles) {
  StageBuilder keys = s.func("key");
  keys.computeRoot().bound("ki", 0, tiles.keys);
  if (s.has("key_row0"))
    keys.split("f", "fo", "fi", tiles.keys)
        .reorder({"ki", "fi", "fo", "ko"})
        .vectorize("ki")
        .unroll("fi");
  else
    keys.vectorize("ki");
  parallelize(s.func("key"), {"h", "b"});
  for (int64_t i = 0;; ++i) {
    std::string name = "key_row" + std::to_string(i);
    if (!s.has(name))
      return;
    // What shuffles halves gives twice the lanes.
    s.func(name)
        .computeAt("key", "fo")
        .boundExtent("i", tiles.keys * tiles.keys)
        .storeIn(halide::MemoryType::Register)
        .vectorize("i", i ? 2 * tiles.keys : tiles.keys)
        .unroll("i");
  }
}

static void scheduleValues(ScheduleBuilder &s, const Tiles &tiles) {
  s.func("value").computeRoot().vectorize("d", tiles.features);
  parallelize(s.func("value"), {"h", "b"});
  if (!s.has("value_bits"))
    return;
  int64_t lanes = *s.getNumber("value_lanes");
  s.func("value_bits").computeRoot();
  s.update("value_bits").atomic().vectorize("di");
  s.func("lane_bits")
      .computeAt("value_bits", "ko")
      .storeIn(halide::MemoryType::Register)
      .bound("di", 0, lanes)
      .vectorize("di");
  s.update("lane_bits")
      .reorder({"di", "do", "ki"})
      .vectorize("di")
      .unroll("do");
}

/// What the scores multiply.
static void scheduleOperands(ScheduleBuilder &s, const Tiles &tiles) {
  computeInBlock(s, "query", tiles)
      .vectorize("f", tiles.keys, Tail::GuardWithIf);
  if (!s.has("key"))
    return;
  scheduleKeys(s, tiles);
}

/// Loops over tiles of scores of so many panels.
static void tileScores(StageBuilder &stage, int64_t panels,
                       const Tiles &tiles) {
  stage.split("ko", "kt", "kr", panels, Tail::RoundUp)
      .split("qi", "qt", "qr", tiles.scoreRows, Tail::RoundUp)
      .reorder({"ki", "qr", "kr", "qt", "kt"})
      .vectorize("ki")
      .unroll("qr")
      .unroll("kr");
}

/// By panels of keys.
static void scheduleScores(ScheduleBuilder &s, const Tiles &tiles) {
  StageBuilder scores = computeInBlock(s, "score", tiles);
  scores.hoistStorage("out", "task")
      .reorderStorage({"ki", "qi", "ko", "qo", "h", "b"})
      .bound("ki", 0, tiles.keys);
  // Two panels are less to load, but round short sequences up. Where a mask
  // that is read leaves out pairs of panels, tiles are these pairs.
  halide::FuncOp dot = s.getPipeline().lookupFunc("dot");
  bool isPaired = getVars(dot)[1] == "kr";
  if (isPaired)
    scores.alignBounds("ko", tiles.scorePanels);
  else if (tiles.scorePanels > 1)
    scores.specialize(
        getQueriesDim(s), s.getCosts().attentionShort,
        [&](StageBuilder &stage) { tileScores(stage, /*panels=*/1, tiles); });
  tileScores(scores, tiles.scorePanels, tiles);
  StringRef panel = isPaired ? "kr" : "ko";
  s.func("dot")
      .computeAt("score", "qt")
      .storeIn(halide::MemoryType::Register)
      .bound("ki", 0, tiles.keys)
      .boundExtent("qi", tiles.scoreRows)
      .vectorize("ki")
      .unroll("qi")
      .unroll(panel);
  s.update("dot")
      .reorder({"ki", "qi", panel, "f"})
      .vectorize("ki")
      .unroll("qi")
      .unroll(panel)
      .unroll("f", 4);
}

/// Key by key, over vectors of features.
static void scheduleLaneScores(ScheduleBuilder &s, const Tiles &tiles) {
  computeInBlock(s, "score", tiles)
      .hoistStorage("out", "task")
      .bound("ki", 0, tiles.keys)
      .vectorize("ki");
  s.func("dot")
      .computeAt("score", "ko")
      .bound("ki", 0, tiles.keys)
      .vectorize("ki");
  s.update("dot").atomic().vectorize("fi");
  int64_t lanes = *s.getNumber("feature_lanes");
  s.func("lane_dot")
      .computeAt("dot", "ki")
      .storeIn(halide::MemoryType::Register)
      .bound("fi", 0, lanes)
      .vectorize("fi");
  s.update("lane_dot").reorder({"fi", "fo"}).vectorize("fi").unroll("fo", 4);
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

/// The sum of values, in register tiles of the function that keeps it.
static void scheduleSum(ScheduleBuilder &s, StringRef keeper,
                        const Tiles &tiles) {
  computeInBlock(s, keeper, tiles)
      .split("d", "dt", "di", tiles.meanFeatures)
      .split("qi", "qt", "qr", tiles.meanRows)
      .reorder({"di", "qr", "dt", "qt"})
      .vectorize("di", tiles.features)
      .unroll("di")
      .unroll("qr");
  s.func("acc")
      .computeAt(keeper, "dt")
      .storeIn(halide::MemoryType::Register)
      .boundExtent("d", tiles.meanFeatures)
      .boundExtent("qi", tiles.meanRows)
      .vectorize("d", tiles.features)
      .unroll("d")
      .unroll("qi");
  for (unsigned i = 0; i < s.getNumUpdates("acc"); ++i) {
    // Weights that are a tensor are not in panels.
    StageBuilder update = s.update("acc", i);
    if (s.has("weight"))
      update.reorder({"d", "qi", "ki", "ko"}).unroll("ki", 4);
    else
      update.reorder({"d", "qi", "t"});
    update.vectorize("d", tiles.features).unroll("d").unroll("qi");
  }
}

/// Blocks of keys, each for all queries of a task while it is in the cache; and
/// what puts them together.
static void scheduleMerge(ScheduleBuilder &s, const Tiles &tiles) {
  s.func("part")
      .computeAt("out", "task")
      .boundExtent("qi", tiles.rows)
      .reorder({"d", "qi", "qo", "kb"})
      .vectorize("d", tiles.features, Tail::RoundUp);
  for (StringRef name : {"top", "total", "inverse"})
    computeInRows(s, name, tiles);
  computeInRows(s, "factor", tiles).vectorize("qi");
  computeInRows(s, "merged", tiles).vectorize("d", tiles.features);
  s.update("merged").reorder({"d", "qi", "kb"}).vectorize("d", tiles.features);
}

/// What is known of keys by their masks.
static void scheduleMask(ScheduleBuilder &s, const Tiles &tiles) {
  if (s.has("mask")) {
    s.func("mask").computeRoot().bound("ki", 0, tiles.keys).vectorize("ki");
    s.func("end").computeRoot();
    s.update("end").reorder({"t", "b"});
  }
  auto getName = [](StringRef name, int64_t i) {
    return i ? (name + Twine(i)).str() : name.str();
  };
  for (int64_t i = 0; s.has(getName("length", i)); ++i)
    s.func(getName("length", i)).computeRoot();
  for (int64_t i = 0;; ++i) {
    std::string prefix = getName("document", i);
    if (!s.has(prefix + "_low"))
      return;
    for (StringRef name : {"_low", "_high", "_begin", "_end"}) {
      s.func(prefix + name.str()).computeRoot();
      parallelize(s.update(prefix + name.str()), {"qo", "b"});
    }
  }
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
  if (s.has("lane_dot"))
    scheduleLaneScores(s, tiles);
  else
    scheduleScores(s, tiles);
  scheduleStatistic(s, "max", "lane_max", tiles);
  computeInBlock(s, "weight", tiles)
      .hoistStorage("out", "task")
      .reorderStorage({"ki", "qi", "ko", "kb", "qo", "h", "b"})
      .bound("ki", 0, tiles.keys)
      .vectorize("ki");
  if (s.getNumUpdates("weight"))
    s.update("weight").reorder({"ki", "qi", "kr"}).vectorize("ki");
  scheduleStatistic(s, "sum", "lane_sum", tiles);
}

void sylvite::scheduleAttention(ScheduleBuilder &s) {
  Tiles tiles(s);
  scheduleOut(s, tiles);
  // Some kernels give the weights, others take them.
  if (s.has("score"))
    scheduleWeights(s, tiles);
  if (s.has("value"))
    scheduleValues(s, tiles);
  if (s.has("part"))
    scheduleMerge(s, tiles);
  else if (s.has("inverse"))
    computeInRows(s, "inverse", tiles);
  if (s.has("acc"))
    scheduleSum(s, s.has("part") ? "tile" : "mean", tiles);
}
