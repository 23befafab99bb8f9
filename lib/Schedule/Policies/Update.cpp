//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels that write a block into a tensor: a few rows of a cache, which are
/// copied before another thread would be awake.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

void sylvite::scheduleUpdate(ScheduleBuilder &s) {
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  SmallVector<halide::UpdateOp> updates;
  if (out)
    updates = halide::getUpdates(out);
  if (updates.size() != 1)
    return scheduleFallback(s);
  Block &body = updates.front().getBody().front();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  SmallVector<StringRef> vars = getVars(out);
  int64_t lanes =
      getVectors(s, out.getType().getElementType(), s.getOutputShape().front())
          .lanes;
  if (yield.getIndices().front() == body.getArgument(0) && lanes > 1) {
    SmallVector<StringRef> order{vars.front()};
    for (auto name : updates.front().getRvars().getAsRange<StringAttr>())
      order.push_back(name.getValue());
    if (order.size() > 1)
      s.update("out").reorder(order);
    s.update("out").vectorize(vars.front(), lanes, Tail::GuardWithIf);
    return;
  }
  // Halide warns of an update without any directive.
  StringRef loop;
  for (auto name : updates.front().getRvars().getAsRange<StringAttr>())
    loop = name.getValue();
  for (auto [i, index] : llvm::enumerate(yield.getIndices()))
    if (loop.empty() && index == body.getArgument(i))
      loop = vars[i];
  if (!loop.empty())
    s.update("out").partition(loop, halide::Partition::Auto);
}
