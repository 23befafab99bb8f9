//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LSTMs with peepholes, which the graph has no op for: a loop over time.
///
//===----------------------------------------------------------------------===//

#include "Recurrent.h"

using namespace mlir;
using namespace sylvite;
using graph::Activation;
using graph::Dim;
using graph::Direction;

static Value applyActivation(GraphWriter &ops, Activation activation, Value x) {
  switch (activation) {
  case Activation::Sigmoid:
    return ops.unary<graph::SigmoidOp>(x);
  case Activation::Relu:
    return ops.unary<graph::ReluOp>(x);
  default:
    return ops.unary<graph::TanhOp>(x);
  }
}

namespace {
/// One direction of a layer.
struct Cell {
  GraphWriter &ops;
  const RecurrentNode &layer;
  Value recurrent, peepholes;

  Value part(Value x, int64_t gate) const {
    int64_t axis = graph::getDims(x).size() - 1;
    return ops.slice(x, axis, gate * layer.hidden, (gate + 1) * layer.hidden);
  }

  /// The next state and cell, of the gates' products with the input. Gates are
  /// input, forget, cell, output.
  std::pair<Value, Value> step(Value products, Value state, Value cell) const {
    Value gates = ops.add(products, ops.matmul(state, recurrent, false, true));
    if (!gates || !cell)
      return {};
    auto gate = [&](int64_t i, int64_t peephole, Value seen) {
      Value sum =
          ops.add(part(gates, i), ops.mul(part(peepholes, peephole), seen));
      return applyActivation(ops, layer.activations[0], sum);
    };
    Value input = gate(0, 0, cell), forget = gate(1, 2, cell);
    Value fresh = applyActivation(ops, layer.activations[1], part(gates, 2));
    Value next = ops.add(ops.mul(forget, cell), ops.mul(input, fresh));
    Value output = gate(3, 1, next);
    return {ops.mul(output, applyActivation(ops, layer.activations[2], next)),
            next};
  }
};
} // namespace

/// Where a row is over, what it had stays.
static Value keepEnded(GraphWriter &ops, Value lives, Value next, Value old) {
  return lives ? ops.select(lives, next, old) : next;
}

LogicalResult sylvite::importPeepholes(Node &node, const RecurrentNode &layer,
                                       Value cell, Value peepholes) {
  GraphWriter &ops = node.ops;
  if (layer.lengths && layer.direction != Direction::Forward)
    return node.unsupported("an LSTM with peepholes that goes backward over "
                            "rows of different lengths");
  int64_t hidden = layer.hidden, rows = 4 * hidden;
  Value x =
      layer.batchFirst ? ops.transpose(layer.input, {1, 0, 2}) : layer.input;
  if (!x || !peepholes)
    return node.set(Value());
  Dims dims = graph::getDims(x);
  // Of both directions: states of all steps, last states, last cells.
  SmallVector<Value> parts[3];
  for (int64_t d = 0; d != layer.getNumDirections(); ++d) {
    bool isReverse = layer.direction == Direction::Reverse || d == 1;
    auto rowsOf = [&](Value value) {
      return value ? ops.slice(value, 0, d * rows, (d + 1) * rows) : Value();
    };
    auto stateOf = [&](Value value) {
      return value ? ops.slice(value, 1, d * hidden, (d + 1) * hidden)
                   : ops.broadcast(ops.like(0, x), {dims[1], Dim(hidden)});
    };
    Cell step = {ops, layer, rowsOf(layer.recurrent),
                 ops.dropDim(ops.slice(peepholes, 0, d, d + 1), 0)};
    Value products = ops.matmul(x, rowsOf(layer.weight), false, true);
    for (Value bias : {layer.bias, layer.recurrentBias})
      if (bias)
        products = ops.add(products, rowsOf(bias));
    if (isReverse)
      products = ops.flip(products, 0);
    if (!products)
      return node.set(Value());
    SmallVector<Value> results = ops.scan(
        {stateOf(layer.initial), stateOf(cell)}, products, /*axis=*/0,
        [&](const GraphWriter::ScanStep &now) {
          using Values = SmallVector<Value>;
          Value state = now.carried[0], old = now.carried[1], lives;
          if (layer.lengths)
            lives = ops.insertDim(ops.compare(graph::ComparePredicate::Lt,
                                              now.number, layer.lengths),
                                  1);
          auto [output, next] = step.step(now.elements[0], state, old);
          if (!output)
            return std::pair<Values, Values>();
          Value shown =
              lives ? ops.select(lives, output, ops.like(0, output)) : output;
          return std::pair<Values, Values>(
              {keepEnded(ops, lives, output, state),
               keepEnded(ops, lives, next, old)},
              {shown});
        });
    if (results.size() != 3)
      return node.set(Value());
    parts[0].push_back(isReverse ? ops.flip(results[2], 0) : results[2]);
    parts[1].push_back(results[0]);
    parts[2].push_back(results[1]);
  }
  for (unsigned i = 0; i != 3; ++i) {
    if (!node.wants(i))
      continue;
    // The direction comes in front of the batch, or behind the batch and time.
    for (Value &part : parts[i])
      part = ops.insertDim(part, i == 0);
    Value result = ops.concat(parts[i], i == 0);
    if (layer.batchFirst)
      result = i == 0 ? ops.transpose(result, {2, 0, 1, 3})
                      : ops.transpose(result, {1, 0, 2});
    if (failed(node.set(i, result)))
      return failure();
  }
  return success();
}
