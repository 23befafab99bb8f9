//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One vector of each sequence: `pool`.
///
/// A sequence is a task. Its features are taken in tiles of as many vectors as
/// registers hold the four parts of; the reduction goes past each tile.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// "pooled" in tiles, "parts" in registers inside of them.
static void scheduleTiles(ScheduleBuilder &s, RowSchedule &rows, Type wide,
                          int64_t features, int64_t numParts) {
  // Half of the registers are left for what is added.
  int64_t vectors = s.getTarget().vectorRegisters / (2 * numParts);
  int64_t lanes = s.getLanes(wide);
  int64_t tile =
      std::min<int64_t>(lanes * vectors, llvm::bit_floor(uint64_t(features)));
  lanes = std::min(lanes, tile);
  StageBuilder pooled = rows.place("pooled");
  pooled.split("x", "tile", "x", tile,
               features % tile == 0 ? Tail::RoundUp : Tail::ShiftInwards);
  s.func("parts")
      .computeAt("pooled", "tile")
      .storeIn(halide::MemoryType::Register)
      .boundExtent("x", tile)
      .boundExtent("part", numParts);
  s.update("parts", 0).reorder({"x", "part", "step"});
  s.update("parts", 1).reorder({"x", "part", "rest"});
  for (StageBuilder stage : {s.func("pooled"), s.func("parts"),
                             s.update("parts", 0), s.update("parts", 1)}) {
    if (lanes > 1)
      stage.vectorize("x", lanes, Tail::RoundUp);
    stage.unroll("x");
  }
  for (StageBuilder stage :
       {s.func("parts"), s.update("parts", 0), s.update("parts", 1)})
    stage.unroll("part");
}

/// Any number of features: "parts" in the cache.
static void scheduleRowParts(ScheduleBuilder &s, RowSchedule &rows, Type wide) {
  rows.placeRow("pooled", ShapedType::kDynamic);
  rows.placeRow("parts", ShapedType::kDynamic);
  s.update("parts", 0).reorder({"x", "part", "step"});
  s.update("parts", 1).reorder({"x", "part", "rest"});
  for (unsigned update : {0, 1})
    s.update("parts", update)
        .vectorize("x", s.getLanes(wide), Tail::GuardWithIf);
}

void sylvite::schedulePool(ScheduleBuilder &s) {
  halide::FuncOp parts = s.getPipeline().lookupFunc("parts");
  if (!s.has("out") || !s.has("pooled") ||
      (parts && halide::getUpdates(parts).size() != 2))
    return scheduleFallback(s);
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  halide::FuncOp pooled = s.getPipeline().lookupFunc("pooled");
  Type wide = pooled.getType().getElementType();
  int64_t features = s.getOutputShape().front();
  vectorizeRow(s.func("out"), "x",
               getVectors(s, out.getType().getElementType(), features));
  RowSchedule rows(s, {"y"}, s.getCosts().heavyRows);
  if (!parts) {
    // The first position.
    if (!isPlainLoad(pooled))
      rows.placeRow("pooled", features);
  } else if (ShapedType::isDynamic(features)) {
    scheduleRowParts(s, rows, wide);
  } else {
    scheduleTiles(s, rows, wide, features, kPoolParts);
  }
  rows.placeReduction("count");
  rows.placeReduction("squares");
}
