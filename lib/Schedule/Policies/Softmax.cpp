//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lines that are divided by, or less, a number of their own: `softmax` (also
/// its logarithm) and `normalize`.
///
/// Lines along the first variable are rows: their numbers are row reductions,
/// and the exponentials of a row stay in the cache until their sum is known.
/// Other lines lie side by side; their numbers are computed in vectors, and the
/// exponentials twice.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Elements of a row whose number is not known: a middling sequence.
static constexpr int64_t kTypicalElements = 512;

static void scheduleRowLines(ScheduleBuilder &s, halide::FuncOp out) {
  int64_t extent = s.getOutputShape().front();
  SmallVector<StringRef> vars = getVars(out);
  vectorizeRow(s.func("out"), vars.front(),
               getVectors(s, out.getType().getElementType(), extent));
  RowSchedule rows(s, ArrayRef(vars).drop_front(),
                   s.getCosts().getTaskRows(ShapedType::isDynamic(extent)
                                                ? kTypicalElements
                                                : extent));
  for (StringRef name : {"max", "sum", "squares"})
    rows.placeReduction(name);
  rows.placeNumbers({"inverse", "log"});
  if (!s.has("exps"))
    return;
  rows.placeRow("exps", extent);
  // One allocation a task.
  if (!rows.getTask().empty())
    s.func("exps").hoistStorage("out", rows.getTask());
}

/// `axis` is the variable of "out" along which lines go.
static void scheduleColumnLines(ScheduleBuilder &s, halide::FuncOp out,
                                StringRef axis) {
  int64_t extent = s.getOutputShape().front();
  SmallVector<StringRef> vars = getVars(out);
  StringRef first = vars.front();
  Vectors vectors = getVectors(s, out.getType().getElementType(), extent);
  vectorizeRow(s.func("out"), first, vectors);
  // All of a line, and of its neighbours, in one step of the others' loop.
  SmallVector<StringRef> order{first, axis};
  for (StringRef var : ArrayRef(vars).drop_front())
    if (var != axis)
      order.push_back(var);
  s.func("out").reorder(order);
  RowSchedule lines(s, ArrayRef(order).drop_front(2), s.getCosts().heavyRows);
  for (StringRef name : {"max", "sum", "squares", "inverse", "log"}) {
    if (!s.has(name))
      continue;
    lines.placeRow(name, extent);
    if (halide::getUpdates(s.getPipeline().lookupFunc(name)).empty())
      continue;
    s.update(name).reorder({first, "k"});
    if (vectors.lanes > 1)
      s.update(name).vectorize(first, vectors.lanes, Tail::GuardWithIf);
  }
}

void sylvite::scheduleSoftmax(ScheduleBuilder &s) {
  StringRef statistic = s.has("max") ? "max" : "squares";
  if (!s.has("out") || !isReduction(s, statistic))
    return scheduleFallback(s);
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  SmallVector<StringRef> lines = getVars(s.getPipeline().lookupFunc(statistic));
  SmallVector<StringRef> vars = getVars(out);
  for (StringRef var : ArrayRef(vars).drop_front())
    if (!llvm::is_contained(lines, var))
      return scheduleColumnLines(s, out, var);
  scheduleRowLines(s, out);
}
