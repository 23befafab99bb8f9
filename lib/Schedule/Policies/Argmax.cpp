//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels that find the place of the largest element: two reductions of each
/// row, as of a softmax.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"

using namespace mlir;
using namespace sylvite;

/// Elements of a row where it is not known.
static constexpr int64_t kTypicalElements = 512;

void sylvite::scheduleArgmax(ScheduleBuilder &s) {
  if (!s.has("out") || !isReduction(s, "max_lanes") ||
      !isReduction(s, "first_lanes"))
    return scheduleFallback(s);
  int64_t elements = getReducedElements(s, "max");
  if (ShapedType::isDynamic(elements))
    elements = kTypicalElements;
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc("out"));
  // One result has no loop to be parallel.
  if (llvm::all_of(s.getOutputShape(), [](int64_t e) { return e == 1; }))
    vars.clear();
  RowSchedule rows(s, vars, s.getCosts().getTaskRows(elements));
  rows.placeReduction("max");
  rows.placeReduction("first");
}
