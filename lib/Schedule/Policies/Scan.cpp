//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Running sums: `scan`.
///
/// Each step needs the one before, so that vectors go across lines, along the
/// first variable. Lines along that one are walked element by element; tasks
/// are what the other variables count.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

void sylvite::scheduleScan(ScheduleBuilder &s) {
  if (!s.has("out") || !isReduction(s, "acc"))
    return scheduleFallback(s);
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  halide::FuncOp acc = s.getPipeline().lookupFunc("acc");
  halide::UpdateOp update = halide::getUpdates(acc).front();
  Block &body = update.getBody().front();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  SmallVector<StringRef> vars = getVars(out);
  StringRef first = vars.front(), axis;
  for (auto [i, var, index] : llvm::enumerate(vars, yield.getIndices()))
    if (index != body.getArgument(i))
      axis = var;

  int64_t extent = s.getOutputShape().front();
  vectorizeRow(s.func("out"), first,
               getVectors(s, out.getType().getElementType(), extent));
  // Lines, and their neighbours, in one step of the others' loop.
  SmallVector<StringRef> order{first};
  if (axis != first)
    order.push_back(axis);
  unsigned inner = order.size();
  for (StringRef var : vars)
    if (!llvm::is_contained(order, var))
      order.push_back(var);
  if (order.size() > 1)
    s.func("out").reorder(order);
  RowSchedule lines(s, ArrayRef(order).drop_front(inner),
                    s.getCosts().heavyRows);
  lines.placeRow("acc", extent);
  if (axis == first) {
    // Halide warns of an update without any directive.
    s.update("acc").partition("k", halide::Partition::Auto);
    return;
  }
  s.update("acc").reorder({first, "k"});
  int64_t lanes = getVectors(s, acc.getType().getElementType(), extent).lanes;
  if (lanes > 1)
    s.update("acc").vectorize(first, lanes, Tail::GuardWithIf);
}
