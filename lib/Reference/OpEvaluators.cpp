//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From an op to its evaluator, and the numerics that several ops share.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

LogicalResult sylvite::evaluateOp(Operation *op, const Frame &frame,
                                  MutableArrayRef<Tensor> results) {
#define SYLVITE_EVALUATED_OP(Op)                                               \
  if (auto known = dyn_cast<graph::Op>(op))                                    \
    return evaluate(known, frame, results.front());
#define SYLVITE_EVALUATED_OP_WITH_RESULTS(Op)                                  \
  if (auto known = dyn_cast<graph::Op>(op))                                    \
    return evaluate(known, frame, results);
#include "EvaluatedOps.def"
  return op->emitOpError("is none that the reference evaluator knows");
}

double sylvite::maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  return std::max(a, b);
}

double sylvite::minimum(double a, double b) { return -maximum(-a, -b); }

double sylvite::activate(graph::Activation activation, double x) {
  switch (activation) {
  case graph::Activation::None:
    return x;
  case graph::Activation::Relu:
    return maximum(x, 0);
  case graph::Activation::GeluErf:
    return x / 2 * (1 + std::erf(x / std::sqrt(2)));
  case graph::Activation::GeluTanh:
    return x / 2 *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case graph::Activation::Silu:
    return x / (1 + std::exp(-x));
  case graph::Activation::Tanh:
    return std::tanh(x);
  case graph::Activation::Sigmoid:
    return 1 / (1 + std::exp(-x));
  }
  llvm_unreachable("all activations are above");
}

void sylvite::normalize(Tensor &tensor, graph::NormKind kind,
                        const Tensor *scale, const Tensor *bias, double eps) {
  if (kind == graph::NormKind::None)
    return;
  forEachLine(tensor.shape, tensor.getRank() - 1, [&](Line line) {
    double mean = 0, variance = 0;
    if (kind == graph::NormKind::Layer) {
      for (int64_t i = 0; i < line.count; ++i)
        mean += tensor.data[line[i]];
      mean /= line.count;
    }
    for (int64_t i = 0; i < line.count; ++i) {
      double deviation = tensor.data[line[i]] - mean;
      variance += deviation * deviation;
    }
    variance /= line.count;
    for (int64_t i = 0; i < line.count; ++i) {
      double &value = tensor.data[line[i]];
      value = (value - mean) / std::sqrt(variance + eps);
      if (scale)
        value *= scale->data[i];
      if (bias)
        value += bias->data[i];
    }
  });
}

void sylvite::softmax(llvm::MutableArrayRef<double> scores) {
  double largest = -INFINITY, sum = 0;
  for (double score : scores)
    largest = maximum(largest, score);
  if (largest == -INFINITY) {
    llvm::fill(scores, 0);
    return;
  }
  for (double &score : scores)
    sum += score = std::exp(score - largest);
  for (double &score : scores)
    score /= sum;
}
