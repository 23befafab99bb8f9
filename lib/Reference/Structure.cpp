//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates weights, constants and ops that only move elements.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

using namespace mlir;
using namespace sylvite;

LogicalResult sylvite::evaluate(graph::WeightOp op, const Frame &frame,
                                Tensor &result) {
  llvm::Expected<Tensor> weight =
      frame.weights.load(op.getName(), op.getType());
  if (!weight)
    return op.emitOpError("'")
           << op.getName() << "': " << llvm::toString(weight.takeError());
  result = std::move(*weight);
  return success();
}

LogicalResult sylvite::evaluate(graph::ConstantOp op, const Frame &,
                                Tensor &result) {
  llvm::Expected<Tensor> constant = toTensor(op.getValue());
  if (!constant)
    return op.emitOpError(llvm::toString(constant.takeError()));
  result = std::move(*constant);
  return success();
}

LogicalResult sylvite::evaluate(graph::IotaOp op, const Frame &,
                                Tensor &result) {
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    result.data[position] = index[op.getAxis()];
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::TransposeOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  SmallVector<int64_t> strides = getStrides(input.shape);
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t source = 0;
    for (auto [i, axis] : llvm::zip_equal(index, op.getPerm()))
      source += i * strides[axis];
    result.data[position] = input.data[source];
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::ReshapeOp op, const Frame &frame,
                                Tensor &result) {
  result.data = frame[op.getInput()].data;
  return success();
}

LogicalResult sylvite::evaluate(graph::BroadcastToOp op, const Frame &frame,
                                Tensor &result) {
  BroadcastReader read(frame[op.getInput()], result.getRank());
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    result.data[position] = read(index);
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::SliceOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  SmallVector<int64_t> strides = getStrides(input.shape);
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t source = op.getBegin() * strides[op.getAxis()];
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      source += i * stride;
    result.data[position] = input.data[source];
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::ConcatOp op, const Frame &frame,
                                Tensor &result) {
  SmallVector<int64_t> strides = getStrides(result.shape);
  int64_t begin = 0;
  for (Value operand : op.getInputs()) {
    const Tensor &input = frame[operand];
    forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t position) {
      int64_t target = begin * strides[op.getAxis()];
      for (auto [i, stride] : llvm::zip_equal(index, strides))
        target += i * stride;
      result.data[target] = input.data[position];
    });
    begin += input.shape[op.getAxis()];
  }
  return success();
}
