//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows without their padding.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

#include <algorithm>

using namespace mlir;
using namespace sylvite;

SmallVector<int64_t> sylvite::listRows(const Tensor &lengths,
                                       int64_t sequence) {
  SmallVector<int64_t> places;
  for (auto [item, length] : llvm::enumerate(lengths.data))
    for (int64_t i = 0; i < std::min<double>(length, sequence); ++i)
      places.push_back(item * sequence + i);
  return places;
}

/// How many elements a row has.
static int64_t getRowElements(const Tensor &rows) {
  return rows.getNumElements() / rows.shape.front();
}

LogicalResult sylvite::evaluate(graph::PackRowsOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  int64_t count = getRowElements(result);
  SmallVector<int64_t> places =
      listRows(frame[op.getLengths()], input.shape[1]);
  // There is one row at least.
  if (places.empty())
    places.push_back(0);
  for (auto [row, place] : llvm::enumerate(places))
    std::copy_n(input.data.begin() + place * count, count,
                result.data.begin() + row * count);
  return success();
}

LogicalResult sylvite::evaluate(graph::UnpackRowsOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  int64_t count = getRowElements(input);
  SmallVector<int64_t> places =
      listRows(frame[op.getLengths()], result.shape[1]);
  if (int64_t(std::max<size_t>(places.size(), 1)) != input.shape.front())
    return op.emitOpError("takes ")
           << input.shape.front() << " rows, but the lengths tell of "
           << places.size();
  for (auto [row, place] : llvm::enumerate(places))
    std::copy_n(input.data.begin() + row * count, count,
                result.data.begin() + place * count);
  return success();
}
