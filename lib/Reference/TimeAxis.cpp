//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elements of sequences, and blocks of caches.
///
//===----------------------------------------------------------------------===//

#include "TimeAxis.h"
#include "OpEvaluators.h"

#include <algorithm>

using namespace mlir;
using namespace sylvite;

/// Runs of neighbours that stand at one place of an axis.
static void forEachRun(const Tensor &sequence, int64_t axis, int64_t place,
                       llvm::function_ref<void(int64_t, int64_t)> visit) {
  int64_t run = getStrides(sequence.shape)[axis];
  int64_t step = run * sequence.shape[axis];
  int64_t count = step ? sequence.getNumElements() / step : 0;
  for (int64_t i = 0; i < count; ++i)
    visit(i * step + place * run, run);
}

Tensor sylvite::getElement(const Tensor &sequence, int64_t axis,
                           int64_t place) {
  Tensor element;
  element.shape = sequence.shape;
  element.shape.erase(element.shape.begin() + axis);
  element.dtype = sequence.dtype;
  forEachRun(sequence, axis, place, [&](int64_t start, int64_t count) {
    auto begin = sequence.data.begin() + start;
    element.data.insert(element.data.end(), begin, begin + count);
  });
  return element;
}

void sylvite::setElement(Tensor &sequence, int64_t axis, int64_t place,
                         const Tensor &element) {
  auto next = element.data.begin();
  forEachRun(sequence, axis, place, [&](int64_t start, int64_t count) {
    std::copy(next, next + count, sequence.data.begin() + start);
    next += count;
  });
}

LogicalResult sylvite::evaluate(graph::UpdateOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &rows = frame[op.getRows()];
  result.data = frame[op.getInput()].data;
  int64_t axis = op.getAxis();
  // Clamped as doubles: any number may stand there.
  double last = result.shape[axis] - rows.shape[axis];
  int64_t position =
      std::clamp<double>(frame[op.getPosition()].data[0], 0, last);
  SmallVector<int64_t> strides = getStrides(result.shape);
  forEachIndex(rows.shape, [&](ArrayRef<int64_t> index, int64_t source) {
    int64_t target = position * strides[axis];
    for (auto [i, place] : llvm::enumerate(index))
      target += (op.getOffset(i) + place) * strides[i];
    result.data[target] = rows.data[source];
  });
  return success();
}
