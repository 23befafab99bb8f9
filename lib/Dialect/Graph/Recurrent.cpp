//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of recurrent layers.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Recurrent.h"
#include "ShapeRules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite::graph;

//===----------------------------------------------------------------------===//
// The view
//===----------------------------------------------------------------------===//

/// What all three ops have.
template <typename OpTy>
static RecurrentLayer getCommon(OpTy op, RecurrentCell cell) {
  RecurrentLayer layer = {};
  layer.cell = cell;
  layer.input = op.getInput();
  layer.weight = op.getWeight();
  layer.recurrentWeight = op.getRecurrentWeight();
  layer.bias = op.getBias();
  layer.recurrentBias = op.getRecurrentBias();
  layer.initial = op.getInitial();
  layer.lengths = op.getLengths();
  layer.direction = op.getDirection();
  layer.axis = op.getAxis();
  layer.activation = op.getActivation();
  layer.transposeWeights = op.getTransposeWeights();
  return layer;
}

std::optional<RecurrentLayer> RecurrentLayer::get(Operation *op) {
  using Layer = std::optional<RecurrentLayer>;
  return llvm::TypeSwitch<Operation *, Layer>(op)
      .Case([](RnnOp rnn) { return getCommon(rnn, RecurrentCell::Rnn); })
      .Case([](GruOp gru) {
        RecurrentLayer layer = getCommon(gru, RecurrentCell::Gru);
        layer.gateActivation = gru.getGateActivation();
        layer.resetAfter = gru.getResetAfter();
        return layer;
      })
      .Case([](LstmOp lstm) {
        RecurrentLayer layer = getCommon(lstm, RecurrentCell::Lstm);
        layer.initialCell = lstm.getInitialCell();
        layer.gateActivation = lstm.getGateActivation();
        layer.outputActivation = lstm.getOutputActivation();
        return layer;
      })
      .Default([](Operation *) { return std::nullopt; });
}

int64_t RecurrentLayer::getNumGates() const {
  switch (cell) {
  case RecurrentCell::Rnn:
    return 1;
  case RecurrentCell::Gru:
    return 3;
  case RecurrentCell::Lstm:
    return 4;
  }
  llvm_unreachable("all cells are above");
}

int64_t RecurrentLayer::getHidden() const {
  auto type = cast<RankedTensorType>(recurrentWeight.getType());
  return type.getDimSize(transposeWeights ? 1 : 0);
}

SmallVector<Type> RecurrentLayer::getResultTypes() const {
  SmallVector<Dim> dims = getDims(input);
  Type element = getElementTypeOrSelf(input.getType());
  Dim features(getHidden() * getNumDirections()), batch = dims[1 - axis];
  dims.back() = features;
  Type last = getTensorType({batch, features}, element);
  SmallVector<Type> types = {getTensorType(dims, element), last};
  if (cell == RecurrentCell::Lstm)
    types.push_back(last);
  return types;
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

LogicalResult RecurrentLayer::verifyOperands(
    function_ref<InFlightDiagnostic()> emitError) const {
  SmallVector<Dim> dims = getDims(input);
  // RECURRENT-1
  if (dims.size() != 3 || axis < 0 || axis > 1)
    return emitError() << "takes a sequence of rank 3 with time at axis 0 or "
                          "1, not "
                       << toString(dims) << " with axis " << axis;
  // RECURRENT-2
  auto inputWeight = cast<RankedTensorType>(weight.getType());
  auto stateWeight = cast<RankedTensorType>(recurrentWeight.getType());
  for (RankedTensorType matrix : {inputWeight, stateWeight})
    if (matrix.getRank() != 2 || !matrix.hasStaticShape())
      return emitError() << "weights must be static matrices, not " << matrix;
  unsigned out = transposeWeights ? 0 : 1;
  int64_t hidden = getHidden(), blocks = getNumGates() * getNumDirections();
  int64_t outputs = 0;
  bool fits = !llvm::MulOverflow(hidden, blocks, outputs);
  if (!fits || Dim(inputWeight.getDimSize(1 - out)) != dims.back() ||
      inputWeight.getDimSize(out) != outputs ||
      stateWeight.getDimSize(out) != outputs)
    return emitError() << "weights must take " << toString(dims.back())
                       << " features and " << hidden
                       << " of the state, and give " << blocks << " x "
                       << hidden << " both; they are " << inputWeight << " and "
                       << stateWeight;
  // RECURRENT-3
  for (Value vector : {bias, recurrentBias})
    if (vector && !isVector(vector, Dim(outputs)))
      return emitError() << "biases must be vectors of " << outputs
                         << " elements, not " << vector.getType();
  // RECURRENT-4
  SmallVector<Dim> state = {dims[1 - axis], hidden * getNumDirections()};
  for (Value first : {initial, initialCell})
    if (first && getDims(first) != state)
      return emitError() << "initial states must be " << toString(state)
                         << ", not " << toString(getDims(first));
  if (lengths && !isVector(lengths, state.front()))
    return emitError() << "lengths must be " << toString(state.front())
                       << ", not " << toString(getDims(lengths));
  return success();
}

static LogicalResult verifyLayer(Operation *op) {
  RecurrentLayer layer = *RecurrentLayer::get(op);
  if (failed(layer.verifyOperands([&] { return op->emitOpError(); })))
    return failure();
  // RECURRENT-5
  SmallVector<Type> types = layer.getResultTypes();
  if (op->getResultTypes() != TypeRange(types))
    return op->emitOpError("must give (") << TypeRange(types) << ')';
  // RECURRENT-6
  return verifyOneElementType(op);
}

LogicalResult RnnOp::verify() { return verifyLayer(*this); }
LogicalResult GruOp::verify() { return verifyLayer(*this); }
LogicalResult LstmOp::verify() { return verifyLayer(*this); }

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// FLOP of a cell for one feature of the state, behind the products.
static double getCellFlops(const RecurrentLayer &layer) {
  double gate = getFlops(layer.gateActivation);
  double activation = getFlops(layer.activation);
  switch (layer.cell) {
  case RecurrentCell::Rnn:
    return activation;
  // Two gates; a product; (1 - z) * n + z * h.
  case RecurrentCell::Gru:
    return 2 * gate + activation + 1 + 4;
  // Three gates; f * s + i * g; o * output(s).
  case RecurrentCell::Lstm:
    return 3 * gate + activation + 3 + getFlops(layer.outputActivation) + 1;
  }
  llvm_unreachable("all cells are above");
}

/// Two matrix products for each gate, their sum and the biases, then the cell.
static OpCost getLayerCost(Operation *op, const Workload &workload) {
  RecurrentLayer layer = *RecurrentLayer::get(op);
  SmallVector<Dim> dims = getDims(layer.input);
  double hidden = layer.getHidden() * layer.getNumDirections();
  double outputs = hidden * layer.getNumGates();
  double inputs = workload.getExtent(dims.back()) + layer.getHidden();
  double steps = workload.getElements(ArrayRef(dims).drop_back());
  double sums = 1 + bool(layer.bias) + bool(layer.recurrentBias);
  OpCost cost = workload.getCost(op, ArrayRef(dims).drop_back(),
                                 outputs * sums + hidden * getCellFlops(layer));
  cost.products = 2 * steps * inputs * outputs;
  return cost;
}

OpCost RnnOp::getCost(const Workload &workload) {
  return getLayerCost(*this, workload);
}

OpCost GruOp::getCost(const Workload &workload) {
  return getLayerCost(*this, workload);
}

OpCost LstmOp::getCost(const Workload &workload) {
  return getLayerCost(*this, workload);
}
