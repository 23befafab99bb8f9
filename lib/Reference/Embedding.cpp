//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates tables and pooling.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

FailureOr<ArrayRef<double>> sylvite::getRow(Operation *op, const Tensor &table,
                                            double index) {
  int64_t rows = table.shape[0], features = table.shape[1];
  if (!(index >= 0 && index < rows))
    return op->emitOpError("index ")
           << int64_t(index) << " is outside the table of " << rows << " rows";
  return ArrayRef(table.data).slice(int64_t(index) * features, features);
}

LogicalResult sylvite::evaluate(graph::EmbeddingOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &table = frame[op.getTable()];
  auto target = result.data.begin();
  for (double index : frame[op.getIndices()].data) {
    FailureOr<ArrayRef<double>> row = getRow(op, table, index);
    if (failed(row))
      return failure();
    target = llvm::copy(*row, target);
  }
  return success();
}

LogicalResult sylvite::evaluate(graph::EmbeddingsOp op, const Frame &frame,
                                Tensor &result) {
  int64_t features = result.shape.back();
  ArrayRef<int64_t> places = ArrayRef(result.shape).drop_back();
  LogicalResult status = success();
  for (auto [table, indices] :
       llvm::zip_equal(op.getTables(), op.getIndices())) {
    BroadcastReader read(frame[indices], places.size());
    forEachIndex(places, [&](ArrayRef<int64_t> index, int64_t position) {
      FailureOr<ArrayRef<double>> row;
      if (succeeded(status))
        row = getRow(op, frame[table], read(index));
      if (failed(row)) {
        status = failure();
        return;
      }
      for (auto [i, value] : llvm::enumerate(*row))
        result.data[position * features + i] += value;
    });
  }
  normalize(result, op.getNorm(), lookup(frame, op.getScale()),
            lookup(frame, op.getBias()), op.getEps().convertToDouble());
  return status;
}

/// One feature over the positions of a sequence that the mask shows.
static double pool(graph::PoolKind kind, ArrayRef<double> shown) {
  if (shown.empty())
    return 0;
  double y = kind == graph::PoolKind::Max ? -INFINITY : 0;
  for (double x : shown)
    y = kind == graph::PoolKind::Max ? maximum(y, x) : y + x;
  return kind == graph::PoolKind::Max ? y : y / shown.size();
}

LogicalResult sylvite::evaluate(graph::PoolOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  const Tensor *mask = lookup(frame, op.getMask());
  int64_t batches = input.shape[0], positions = input.shape[1],
          features = input.shape[2];
  for (int64_t b = 0; b < batches; ++b) {
    MutableArrayRef<double> y(&result.data[b * features], features);
    for (int64_t f = 0; f < features; ++f) {
      SmallVector<double> shown;
      for (int64_t s = 0; s < positions; ++s) {
        bool isShown = op.getKind() == graph::PoolKind::Cls
                           ? s == 0
                           : !mask || mask->data[b * positions + s] != 0;
        if (isShown)
          shown.push_back(input.data[(b * positions + s) * features + f]);
      }
      y[f] = pool(op.getKind(), shown);
    }
    if (!op.getNormalize())
      continue;
    double squares = 0;
    for (double value : y)
      squares += value * value;
    double norm = maximum(std::sqrt(squares), op.getEps().convertToDouble());
    for (double &value : y)
      value /= norm;
  }
  return success();
}
