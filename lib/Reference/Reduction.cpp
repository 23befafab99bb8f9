//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates reductions, softmax and norms.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

LogicalResult sylvite::evaluate(graph::ReduceOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  // Under `kept`, the result has the input's rank and extent 1 where it is
  // reduced, whether or not keepdims says so.
  SmallVector<int64_t> kept = input.shape;
  int64_t count = 1;
  for (int64_t axis : op.getAxes()) {
    count *= kept[axis];
    kept[axis] = 1;
  }
  SmallVector<int64_t> strides = getStrides(kept);
  for (int64_t axis : op.getAxes())
    strides[axis] = 0;

  switch (op.getKind()) {
  case graph::ReduceKind::Max:
    llvm::fill(result.data, -INFINITY);
    break;
  case graph::ReduceKind::Min:
    llvm::fill(result.data, INFINITY);
    break;
  case graph::ReduceKind::Product:
    llvm::fill(result.data, 1);
    break;
  case graph::ReduceKind::Sum:
  case graph::ReduceKind::Mean:
    break;
  }
  forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t target = 0;
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      target += i * stride;
    double &y = result.data[target], x = input.data[position];
    switch (op.getKind()) {
    case graph::ReduceKind::Sum:
    case graph::ReduceKind::Mean:
      y += x;
      return;
    case graph::ReduceKind::Max:
      y = maximum(y, x);
      return;
    case graph::ReduceKind::Min:
      y = minimum(y, x);
      return;
    case graph::ReduceKind::Product:
      y *= x;
      return;
    }
  });
  if (op.getKind() == graph::ReduceKind::Mean)
    for (double &y : result.data)
      y /= count;
  return success();
}

LogicalResult sylvite::evaluate(graph::ArgmaxOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  auto next = result.data.begin();
  forEachLine(input.shape, op.getAxis(), [&](Line line) {
    int64_t best = -1;
    for (int64_t i = 0; i < line.count; ++i) {
      double value = input.data[line[i]];
      if (!std::isnan(value) && (best < 0 || value > input.data[line[best]]))
        best = i;
    }
    *next++ = std::max<int64_t>(best, 0);
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::CumsumOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  forEachLine(result.shape, op.getAxis(), [&](Line line) {
    double sum = 0;
    for (int64_t i = 0; i < line.count; ++i)
      result.data[line[i]] = sum += input.data[line[i]];
  });
  return success();
}

/// Replaces each line of the input along the op's axis by what `f` makes of it.
template <typename Op>
static LogicalResult
mapLines(Op op, const Frame &frame, Tensor &result,
         llvm::function_ref<void(MutableArrayRef<double>)> f) {
  const Tensor &input = frame[op.getInput()];
  forEachLine(result.shape, op.getAxis(), [&](Line line) {
    SmallVector<double> elements;
    for (int64_t i = 0; i < line.count; ++i)
      elements.push_back(input.data[line[i]]);
    f(elements);
    for (int64_t i = 0; i < line.count; ++i)
      result.data[line[i]] = elements[i];
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::SoftmaxOp op, const Frame &frame,
                                Tensor &result) {
  return mapLines(op, frame, result, softmax);
}

LogicalResult sylvite::evaluate(graph::LogSoftmaxOp op, const Frame &frame,
                                Tensor &result) {
  return mapLines(op, frame, result, [](MutableArrayRef<double> x) {
    double largest = -INFINITY, sum = 0;
    for (double value : x)
      largest = maximum(largest, value);
    // The logarithm of softmax's zeros: already -inf throughout.
    if (largest == -INFINITY)
      return;
    for (double value : x)
      sum += std::exp(value - largest);
    for (double &value : x)
      value = value - largest - std::log(sum);
  });
}

LogicalResult sylvite::evaluate(graph::L2NormalizeOp op, const Frame &frame,
                                Tensor &result) {
  double eps = op.getEps().convertToDouble();
  return mapLines(op, frame, result, [&](MutableArrayRef<double> x) {
    double squares = 0;
    for (double value : x)
      squares += value * value;
    double norm = maximum(std::sqrt(squares), eps);
    for (double &value : x)
      value /= norm;
  });
}

/// z = x + residual, then the norm.
template <typename Op>
static LogicalResult evaluateNorm(Op op, graph::NormKind kind,
                                  const Frame &frame, Tensor &result) {
  result.data = frame[op.getInput()].data;
  if (const Tensor *residual = lookup(frame, op.getResidual()))
    for (auto [y, r] : llvm::zip_equal(result.data, residual->data))
      y += r;
  normalize(result, kind, lookup(frame, op.getScale()),
            lookup(frame, op.getBias()), op.getEps().convertToDouble());
  return success();
}

LogicalResult sylvite::evaluate(graph::LayerNormOp op, const Frame &frame,
                                Tensor &result) {
  return evaluateNorm(op, graph::NormKind::Layer, frame, result);
}

LogicalResult sylvite::evaluate(graph::RmsNormOp op, const Frame &frame,
                                Tensor &result) {
  return evaluateNorm(op, graph::NormKind::Rms, frame, result);
}

/// The means of `value(position, mean)` along the axes whose stride is 0.
static std::vector<double>
averageOver(const Tensor &input, ArrayRef<int64_t> strides, int64_t means,
            llvm::function_ref<double(int64_t, int64_t)> value) {
  std::vector<double> sums(means), counts(means);
  forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t target = 0;
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      target += i * stride;
    sums[target] += value(position, target);
    ++counts[target];
  });
  for (auto [sum, count] : llvm::zip_equal(sums, counts))
    sum /= count;
  return sums;
}

LogicalResult sylvite::evaluate(graph::BatchNormOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  int64_t axis = op.getAxis();
  // Where an element's statistics stand: at its channel where they are stored,
  // else at its index without the axes that were gone over.
  SmallVector<int64_t> strides(input.getRank());
  std::vector<double> mean, variance;
  if (!op.getOver()) {
    strides[axis] = 1;
    mean = frame[op.getMean()].data;
    variance = frame[op.getVariance()].data;
  } else {
    SmallVector<int64_t> kept = input.shape;
    ArrayRef<int64_t> axes = *op.getOver();
    for (int64_t over : axes)
      kept[over] = 1;
    strides = getStrides(kept);
    for (int64_t over : axes)
      strides[over] = 0;
    int64_t means = *getNumElements(kept);
    mean = averageOver(input, strides, means, [&](int64_t position, int64_t) {
      return input.data[position];
    });
    variance = averageOver(
        input, strides, means, [&](int64_t position, int64_t target) {
          double deviation = input.data[position] - mean[target];
          return deviation * deviation;
        });
  }
  const Tensor *scale = lookup(frame, op.getScale());
  const Tensor *bias = lookup(frame, op.getBias());
  double eps = op.getEps().convertToDouble();
  forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    int64_t target = 0;
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      target += i * stride;
    double y = (input.data[position] - mean[target]) /
               std::sqrt(variance[target] + eps);
    if (scale)
      y *= scale->data[index[axis]];
    if (bias)
      y += bias->data[index[axis]];
    result.data[position] = y;
  });
  return success();
}
