//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elements by their places.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

using namespace mlir;
using namespace sylvite;

/// Calls `visit` with each element that indices pick: its place in the tensor
/// that is indexed and in the one of the shape [p..., B..., s...].
template <typename OpTy>
static LogicalResult
forEachPlace(OpTy op, const Frame &frame, ArrayRef<int64_t> indexed,
             ArrayRef<int64_t> picked,
             llvm::function_ref<void(int64_t, int64_t)> visit) {
  int64_t axis = op.getAxis(), count = op.getIndices().size();
  int64_t rank = picked.size() - (indexed.size() - count);
  SmallVector<BroadcastReader> readers;
  for (Value index : op.getIndices())
    readers.emplace_back(frame[index], rank);
  SmallVector<int64_t> strides = getStrides(indexed);
  LogicalResult status = success();
  forEachIndex(picked, [&](ArrayRef<int64_t> place, int64_t position) {
    if (failed(status))
      return;
    int64_t source = 0;
    for (int64_t i = 0; i != axis; ++i)
      source += place[i] * strides[i];
    for (int64_t i = axis + count; i != int64_t(indexed.size()); ++i)
      source += place[i - count + rank] * strides[i];
    for (int64_t i = 0; i != count; ++i) {
      double index = readers[i](place.slice(axis, rank));
      if (!(index >= 0 && index < indexed[axis + i])) {
        status = op.emitOpError("index ")
                 << int64_t(index) << " is outside axis " << axis + i
                 << ", which has " << indexed[axis + i] << " elements";
        return;
      }
      source += int64_t(index) * strides[axis + i];
    }
    visit(source, position);
  });
  return status;
}

LogicalResult sylvite::evaluate(graph::GatherOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  return forEachPlace(op, frame, input.shape, result.shape,
                      [&](int64_t source, int64_t position) {
                        result.data[position] = input.data[source];
                      });
}

LogicalResult sylvite::evaluate(graph::ScatterOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &updates = frame[op.getUpdates()];
  result.data = frame[op.getInput()].data;
  return forEachPlace(op, frame, result.shape, updates.shape,
                      [&](int64_t place, int64_t position) {
                        double &y = result.data[place];
                        double x = updates.data[position];
                        switch (op.getKind()) {
                        case graph::ScatterKind::Set:
                          y = x;
                          break;
                        case graph::ScatterKind::Add:
                          y += x;
                          break;
                        case graph::ScatterKind::Mul:
                          y *= x;
                          break;
                        case graph::ScatterKind::Max:
                          y = maximum(y, x);
                          break;
                        case graph::ScatterKind::Min:
                          y = minimum(y, x);
                          break;
                        }
                      });
}

LogicalResult sylvite::evaluate(graph::PadOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  llvm::fill(result.data, frame[op.getValue()].data.front());
  SmallVector<int64_t> strides = getStrides(result.shape);
  forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t place = 0;
    for (auto [i, low, stride] : llvm::zip_equal(index, op.getLow(), strides))
      place += (i + low) * stride;
    result.data[place] = input.data[position];
  });
  return success();
}
