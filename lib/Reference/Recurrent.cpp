//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recurrent layers by their formulas: one sequence after the other, step by
/// step, one feature at a time.
///
//===----------------------------------------------------------------------===//

#include "Recurrent.h"
#include "OpEvaluators.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// One sequence of the batch in one direction.
class SequenceEvaluator {
public:
  SequenceEvaluator(const graph::RecurrentLayer &layer, const Frame &frame,
                    bool isReverse, int64_t batch)
      : layer(layer), frame(frame), isReverse(isReverse), batch(batch),
        hidden(layer.getHidden()),
        first(isReverse ? hidden * (layer.getNumDirections() - 1) : 0),
        h(begin(layer.initial)), cell(begin(layer.initialCell)) {}

  void evaluate(MutableArrayRef<Tensor> results);

private:
  /// An initial state, or zeros.
  std::vector<double> begin(Value initial) const;
  /// Feature j of gate g in x W + b.
  double project(Value weight, Value bias, int64_t gate, int64_t j,
                 ArrayRef<double> x) const;
  /// ... of the step's input, and of a state.
  double fromInput(int64_t gate, int64_t j) const {
    return project(layer.weight, layer.bias, gate, j, x);
  }
  double fromState(int64_t gate, int64_t j, ArrayRef<double> state) const {
    return project(layer.recurrentWeight, layer.recurrentBias, gate, j, state);
  }
  double getGate(int64_t gate, int64_t j) const {
    return activate(layer.gateActivation,
                    fromInput(gate, j) + fromState(gate, j, h));
  }
  void step();
  void stepRnn();
  void stepGru();
  void stepLstm();

  const graph::RecurrentLayer &layer;
  const Frame &frame;
  bool isReverse;
  int64_t batch, hidden;
  /// Of the direction's features in states.
  int64_t first;
  ArrayRef<double> x;
  std::vector<double> h, cell;
};
} // namespace

std::vector<double> SequenceEvaluator::begin(Value initial) const {
  if (!initial)
    return std::vector<double>(hidden, 0);
  const Tensor &tensor = frame[initial];
  auto start = tensor.data.begin() + batch * tensor.shape[1] + first;
  return {start, start + hidden};
}

double SequenceEvaluator::project(Value weight, Value bias, int64_t gate,
                                  int64_t j, ArrayRef<double> x) const {
  const Tensor &matrix = frame[weight];
  // Behind the gates of the other direction.
  int64_t column = first * layer.getNumGates() + gate * hidden + j;
  double sum = bias ? frame[bias].data[column] : 0;
  for (auto [i, value] : llvm::enumerate(x))
    sum += value * (layer.transposeWeights
                        ? matrix.data[column * matrix.shape[1] + i]
                        : matrix.data[i * matrix.shape[1] + column]);
  return sum;
}

void SequenceEvaluator::stepRnn() {
  std::vector<double> next(hidden);
  for (int64_t j = 0; j < hidden; ++j)
    next[j] = activate(layer.activation, fromInput(0, j) + fromState(0, j, h));
  h = std::move(next);
}

void SequenceEvaluator::stepGru() {
  std::vector<double> r(hidden), z(hidden), reset(hidden), next(hidden);
  for (int64_t j = 0; j < hidden; ++j) {
    r[j] = getGate(0, j);
    z[j] = getGate(1, j);
    reset[j] = r[j] * h[j];
  }
  for (int64_t j = 0; j < hidden; ++j) {
    double recurrent =
        layer.resetAfter ? r[j] * fromState(2, j, h) : fromState(2, j, reset);
    double n = activate(layer.activation, fromInput(2, j) + recurrent);
    next[j] = (1 - z[j]) * n + z[j] * h[j];
  }
  h = std::move(next);
}

void SequenceEvaluator::stepLstm() {
  std::vector<double> next(hidden);
  for (int64_t j = 0; j < hidden; ++j) {
    double in = getGate(0, j), forget = getGate(1, j), out = getGate(3, j);
    double g = activate(layer.activation, fromInput(2, j) + fromState(2, j, h));
    cell[j] = forget * cell[j] + in * g;
    next[j] = out * activate(layer.outputActivation, cell[j]);
  }
  h = std::move(next);
}

void SequenceEvaluator::step() {
  switch (layer.cell) {
  case graph::RecurrentCell::Rnn:
    return stepRnn();
  case graph::RecurrentCell::Gru:
    return stepGru();
  case graph::RecurrentCell::Lstm:
    return stepLstm();
  }
}

void SequenceEvaluator::evaluate(MutableArrayRef<Tensor> results) {
  const Tensor &input = frame[layer.input];
  SmallVector<int64_t> from = getStrides(input.shape);
  SmallVector<int64_t> to = getStrides(results[0].shape);
  int64_t time = layer.axis, count = input.shape[time];
  // As a double: any number may stand there.
  double length = layer.lengths ? frame[layer.lengths].data[batch] : count;
  for (int64_t number = 0; number < count; ++number) {
    int64_t t = isReverse ? count - 1 - number : number;
    if (t >= length)
      continue;
    const double *row =
        input.data.data() + t * from[time] + batch * from[1 - time];
    x = ArrayRef<double>(row, input.shape[2]);
    step();
    llvm::copy(h, results[0].data.begin() + t * to[time] +
                      batch * to[1 - time] + first);
  }
  int64_t last = batch * results[1].shape[1] + first;
  llvm::copy(h, results[1].data.begin() + last);
  if (layer.cell == graph::RecurrentCell::Lstm)
    llvm::copy(cell, results[2].data.begin() + last);
}

void sylvite::evaluateRecurrent(const graph::RecurrentLayer &layer,
                                const Frame &frame,
                                MutableArrayRef<Tensor> results) {
  int64_t batches = frame[layer.input].shape[1 - layer.axis];
  for (bool isReverse : {false, true}) {
    if (layer.direction ==
        (isReverse ? graph::Direction::Forward : graph::Direction::Reverse))
      continue;
    for (int64_t batch = 0; batch < batches; ++batch)
      SequenceEvaluator(layer, frame, isReverse, batch).evaluate(results);
  }
}
