//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows as words of integers: a row passes for its largest number, for that one's
/// place, for the largest of the others, and to be rounded, while it is in the
/// nearest cache.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"

using namespace mlir;
using namespace sylvite;

void sylvite::scheduleQuantize(ScheduleBuilder &s) {
  if (!s.has("out") || !isReduction(s, "largest"))
    return scheduleFallback(s);
  int64_t words = s.getOutputShape().front();
  Type element = s.getPipeline().lookupFunc("out").getType().getElementType();
  Vectors vectors = getVectors(s, element, words);
  // The last vector is the scale: it stays a loop of its own.
  vectors.unroll = 1;
  vectorizeRow(s.func("out"), "k", vectors);
  RowSchedule rows(s, {"m"}, s.getCosts().getTaskRows(words));
  for (StringRef name : {"largest", "place", "rest"})
    rows.placeReduction(name);
  rows.placeNumbers({"inverse"});
}
