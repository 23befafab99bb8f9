//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Norms of rows, with what is added before: `layer_norm`, `rms_norm`, and
/// `embeddings`, whose rows are sums of tables' rows.
///
/// A row is computed once, into the nearest cache; its sums stay in registers,
/// and what they come to is one number a row.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"

using namespace mlir;
using namespace sylvite;

void sylvite::scheduleNorm(ScheduleBuilder &s) {
  if (!s.has("out") || !s.has("input"))
    return scheduleFallback(s);
  halide::FuncOp out = s.getPipeline().lookupFunc("out");
  int64_t features = s.getOutputShape().front();
  SmallVector<StringRef> vars = getVars(out);
  vectorizeRow(s.func("out"), vars.front(),
               getVectors(s, out.getType().getElementType(), features));
  RowSchedule rows(s, ArrayRef(vars).drop_front(),
                   s.getCosts().getTaskRows(features));
  // Without a norm each element is read once.
  bool isNormed = s.has("squares");
  if (isNormed && !isPlainLoad(s.getPipeline().lookupFunc("input")))
    rows.placeRow("input", features);
  rows.placeNorm();
}
