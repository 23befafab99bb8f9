//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Losses of classifiers, as models have them that also tell how good they are.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::ReduceKind;

/// Of each place of [batch, classes, ...] the element of the class that
/// `target`, [batch, ...], tells.
static Value pickClasses(GraphWriter &ops, Value x, Value target) {
  if (!x || !target)
    return {};
  Dims dims = graph::getDims(target);
  SmallVector<Value> indices;
  for (int64_t i = 0, rank = dims.size(); i != rank; ++i) {
    Dims one(rank, Dim(1));
    one[i] = dims[i];
    indices.push_back(ops.iota(one, i, ops.i64()));
  }
  indices.insert(indices.begin() + 1, target);
  return ops.gather(x, indices, 0);
}

/// The loss of log-probabilities: minus that of the class that is right, times
/// the class's weight.
static LogicalResult setLoss(Node &node, Value x) {
  GraphWriter &ops = node.ops;
  std::string reduction = node.getString("reduction", "mean");
  if (reduction != "mean" && reduction != "sum" && reduction != "none")
    return node.invalid("reduction must be mean, sum or none");
  Value target = ops.cast(node.get(1), ops.i64());
  if (!x || !target)
    return node.set(Value());
  Dims dims = graph::getDims(x), places = graph::getDims(target);
  if (dims.size() < 2 || places.size() + 1 != dims.size())
    return node.invalid("needs a class for each place");
  Value loss = ops.unary<graph::NegOp>(pickClasses(ops, x, target));
  Value weight;
  if (node.has(2))
    weight = ops.gather(node.get(2), target, 0);
  if (node.has(2) && !weight)
    return node.set(Value());
  if (weight)
    loss = ops.mul(loss, weight);
  if (node.hasAttribute("ignore_index")) {
    int64_t ignored = node.getInt("ignore_index", 0);
    Value isIgnored =
        ops.compare(graph::ComparePredicate::Eq, target, double(ignored));
    Value zero = ops.like(0, x);
    loss = ops.select(isIgnored, zero, loss);
    weight = ops.select(isIgnored, zero, weight ? weight : ops.like(1, x));
  }
  if (reduction == "none")
    return node.set(loss);
  SmallVector<int64_t> axes;
  for (int64_t i = 0, rank = places.size(); i != rank; ++i)
    axes.push_back(i);
  if (reduction == "mean" && !weight)
    return node.set(ops.reduce(ReduceKind::Mean, loss, axes, false));
  Value sum = ops.reduce(ReduceKind::Sum, loss, axes, false);
  if (reduction == "mean")
    sum = ops.div(sum, ops.reduce(ReduceKind::Sum, weight, axes, false));
  return node.set(sum);
}

static LogicalResult importNegativeLogLikelihood(Node &node) {
  return setLoss(node, node.get(0));
}

static LogicalResult importCrossEntropy(Node &node) {
  Value x = node.get(0);
  Value logarithms =
      node.ops.create<graph::LogSoftmaxOp>(x ? x.getType() : Type(), x, 1);
  if (node.wants(1) && failed(node.set(1, logarithms)))
    return failure();
  return setLoss(node, logarithms);
}

void sylvite::addLosses(Operators &operators) {
  operators.add("NegativeLogLikelihoodLoss", importNegativeLogLikelihood);
  operators.add("SoftmaxCrossEntropyLoss", importCrossEntropy);
}
