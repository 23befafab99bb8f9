//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reductions: `reduce`.
///
/// Where the innermost dimension is reduced, rows become numbers, by lanes in
/// registers. Where it is kept, a tile of neighbouring results stays in
/// registers while the reduction goes past it; if there may be any number of
/// them, they are taken in blocks that stay in the cache.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Elements of a dimension whose extent is not known: a short sequence.
static constexpr int64_t kTypicalElements = 128;
/// Results of a block whose number is not known.
static constexpr int64_t kBlock = 512;

static void scheduleRowReduction(ScheduleBuilder &s, halide::FuncOp out) {
  int64_t elements = getReducedElements(s, "acc");
  if (ShapedType::isDynamic(elements))
    elements = kTypicalElements;
  SmallVector<StringRef> rows = getVars(out);
  // One result has no loop to be parallel.
  if (llvm::all_of(s.getOutputShape(), [](int64_t e) { return e == 1; }))
    rows.clear();
  RowSchedule(s, rows, s.getCosts().getTaskRows(elements))
      .placeReduction("acc");
}

static void scheduleColumnReduction(ScheduleBuilder &s, halide::FuncOp out,
                                    halide::FuncOp acc) {
  SmallVector<StringRef> vars = getVars(out);
  StringRef x = vars.front();
  int64_t extent = s.getOutputShape().front();
  int64_t lanes = s.getLanes(acc.getType().getElementType());
  bool isTile = !ShapedType::isDynamic(extent);
  int64_t tile = kBlock;
  if (isTile) {
    tile = std::min<int64_t>(4 * lanes, llvm::bit_floor(uint64_t(extent)));
    lanes = std::min(lanes, tile);
  }
  StageBuilder outStage = s.func("out");
  if (isTile) {
    outStage.split(x, x, "inner", tile,
                   extent % tile == 0 ? Tail::RoundUp : Tail::ShiftInwards);
    if (lanes > 1)
      outStage.vectorize("inner", lanes, Tail::RoundUp);
  } else {
    // Vectors first, so that the last block ends with the last vector.
    outStage.vectorize(x, lanes, Tail::GuardWithIf)
        .split(x, x, "inner", tile / lanes, Tail::GuardWithIf);
  }
  RowSchedule tiles(s, vars, s.getCosts().getTaskRows(tile * kTypicalElements));

  StageBuilder accStage = tiles.place("acc");
  if (isTile)
    accStage.storeIn(halide::MemoryType::Register).boundExtent(x, tile);
  Tail inside = isTile ? Tail::RoundUp : Tail::GuardWithIf;
  halide::UpdateOp update = halide::getUpdates(acc).front();
  SmallVector<StringRef> order{x};
  for (auto var : update.getRvars().getAsRange<StringAttr>())
    order.push_back(var.getValue());
  if (order.size() > 1)
    s.update("acc").reorder(order);
  for (StageBuilder stage : {s.func("acc"), s.update("acc")}) {
    if (lanes > 1)
      stage.vectorize(x, lanes, inside);
    if (isTile)
      stage.unroll(x);
  }
}

void sylvite::scheduleReduce(ScheduleBuilder &s) {
  if (!s.has("out") || !isReduction(s, "acc"))
    return scheduleFallback(s);
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  if (isReduction(s, "acc_lanes"))
    return scheduleRowReduction(s, out);
  scheduleColumnReduction(s, out, s.getPipeline().lookupFunc("acc"));
}
