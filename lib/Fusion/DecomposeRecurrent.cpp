//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes recurrent layers as one linear layer over all steps and a loop.
///
/// Time comes first, so that what a step reads and writes lies together;
/// between layers the transposes cancel out. Each direction takes its part of
/// weights, biases and initial states. The loop's body is what the op's formula
/// says of a state and a row of products: products with the state are linear
/// layers that add the row where it is needed whole, and gates are slices of
/// them.
///
//===----------------------------------------------------------------------===//

#include "TimeAxis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "sylvite/Dialect/Graph/Recurrent.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-decompose-recurrent"

namespace sylvite {
#define GEN_PASS_DEF_DECOMPOSERECURRENTPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
/// Writes one direction of a layer whose input has time first.
class LoopWriter {
public:
  LoopWriter(const graph::RecurrentLayer &layer, bool isReverse,
             ImplicitLocOpBuilder &builder)
      : layer(layer), isReverse(isReverse), builder(builder),
        hidden(layer.getHidden()), gates(layer.getNumGates()),
        part(isReverse ? layer.getNumDirections() - 1 : 0),
        element(getElementTypeOrSelf(layer.input)) {}

  /// The states of all steps if `storesStates`, then the last state, and an
  /// LSTM's last cell. `live` is the mask over steps, or null.
  SmallVector<Value> write(Value live, bool storesStates);

private:
  /// Elements [begin, end) along the last axis, or another one.
  Value slice(Value value, int64_t begin, int64_t end, int64_t axis = -1);
  /// The direction's part of a weight, a bias or a state; null of null.
  Value take(Value whole, int64_t extent, int64_t axis = -1);
  Value takeWeight(Value weight) {
    return take(weight, gates * hidden, layer.transposeWeights ? 0 : 1);
  }
  /// The input's products with all gates' weights.
  Value multiplyInput();
  /// A tensor of rank 0.
  Value zero();
  /// An initial state, or zeros.
  Value begin(Value initial);
  /// x W + bias + residual.
  Value linear(Value x, Value weight, Value bias = {}, Value residual = {});
  Value activate(graph::Activation activation, Value x);
  template <typename OpTy>
  Value create(Value lhs, Value rhs) {
    return OpTy::create(builder, lhs, rhs);
  }
  /// Gate `number` of what all gates are slices of.
  Value getGate(Value all, int64_t number) {
    return slice(all, number * hidden, (number + 1) * hidden);
  }

  // One step, from the state and the input's products.
  Value stepRnn(Value h, Value row);
  Value stepGru(Value h, Value row);
  std::pair<Value, Value> stepLstm(Value h, Value cell, Value row);

  const graph::RecurrentLayer &layer;
  bool isReverse;
  ImplicitLocOpBuilder &builder;
  int64_t hidden, gates, part;
  Type element;
  Value weight, recurrentWeight, recurrentBias;
};

struct DecomposeRecurrentPass
    : public sylvite::impl::DecomposeRecurrentPassBase<DecomposeRecurrentPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

Value LoopWriter::slice(Value value, int64_t begin, int64_t end, int64_t axis) {
  SmallVector<graph::Dim> dims = graph::getDims(value);
  if (axis < 0)
    axis = dims.size() - 1;
  if (dims[axis] == graph::Dim(end - begin))
    return value;
  return graph::SliceOp::create(builder, value, axis, begin, end);
}

Value LoopWriter::take(Value whole, int64_t extent, int64_t axis) {
  return whole ? slice(whole, part * extent, (part + 1) * extent, axis) : whole;
}

Value LoopWriter::zero() {
  auto type = RankedTensorType::get({}, element);
  return graph::ConstantOp::create(
      builder,
      DenseElementsAttr::get(type, Attribute(builder.getZeroAttr(element))));
}

Value LoopWriter::begin(Value initial) {
  if (initial)
    return take(initial, hidden);
  graph::Dim batch = graph::getDims(layer.input)[1];
  return graph::BroadcastToOp::create(
      builder, graph::getTensorType({batch, hidden}, element), zero());
}

Value LoopWriter::linear(Value x, Value weight, Value bias, Value residual) {
  SmallVector<graph::Dim> dims = graph::getDims(x);
  auto type = cast<RankedTensorType>(weight.getType());
  dims.back() = type.getDimSize(layer.transposeWeights ? 0 : 1);
  return graph::LinearOp::create(
      builder, graph::getTensorType(dims, element), x, weight,
      /*weight_scale=*/Value(), bias, residual,
      /*norm_scale=*/Value(), /*norm_bias=*/Value(), graph::Activation::None,
      graph::NormKind::None, llvm::APFloat(1e-5), layer.transposeWeights);
}

Value LoopWriter::activate(graph::Activation activation, Value x) {
  Type type = x.getType();
  switch (activation) {
  case graph::Activation::None:
    return x;
  case graph::Activation::Relu:
    return graph::ReluOp::create(builder, type, x);
  case graph::Activation::GeluErf:
  case graph::Activation::GeluTanh:
    return graph::GeluOp::create(builder, type, x,
                                 activation == graph::Activation::GeluTanh);
  case graph::Activation::Silu:
    return graph::SiluOp::create(builder, type, x);
  case graph::Activation::Tanh:
    return graph::TanhOp::create(builder, type, x);
  case graph::Activation::Sigmoid:
    return graph::SigmoidOp::create(builder, type, x);
  }
  llvm_unreachable("all activations are above");
}

Value LoopWriter::multiplyInput() {
  int64_t outputs = gates * hidden;
  weight = takeWeight(layer.weight);
  recurrentWeight = takeWeight(layer.recurrentWeight);
  Value bias = take(layer.bias, outputs);
  recurrentBias = take(layer.recurrentBias, outputs);
  // Only where it is multiplied is the recurrent bias none of the input.
  if (!layer.resetAfter && recurrentBias) {
    bias = bias ? create<graph::AddOp>(bias, recurrentBias) : recurrentBias;
    recurrentBias = {};
  }
  return linear(layer.input, weight, bias);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

Value LoopWriter::stepRnn(Value h, Value row) {
  Value sum = linear(h, recurrentWeight, /*bias=*/{}, row);
  return activate(layer.activation, sum);
}

/// h_t = n + z (h - n).
Value LoopWriter::stepGru(Value h, Value row) {
  auto open = [&](Value sum) { return activate(layer.gateActivation, sum); };
  Value r, z, n;
  if (layer.resetAfter) {
    Value state = linear(h, recurrentWeight, recurrentBias);
    auto add = [&](int64_t gate) {
      return create<graph::AddOp>(getGate(row, gate), getGate(state, gate));
    };
    r = open(add(0));
    z = open(add(1));
    Value product = create<graph::MulOp>(r, getGate(state, 2));
    n = create<graph::AddOp>(getGate(row, 2), product);
  } else {
    int64_t axis = layer.transposeWeights ? 0 : 1;
    Value two = slice(recurrentWeight, 0, 2 * hidden, axis);
    Value third = slice(recurrentWeight, 2 * hidden, 3 * hidden, axis);
    Value sum = linear(h, two, /*bias=*/{}, slice(row, 0, 2 * hidden));
    r = open(getGate(sum, 0));
    z = open(getGate(sum, 1));
    n = linear(create<graph::MulOp>(r, h), third, /*bias=*/{}, getGate(row, 2));
  }
  n = activate(layer.activation, n);
  Value change = create<graph::MulOp>(z, create<graph::SubOp>(h, n));
  return create<graph::AddOp>(n, change);
}

std::pair<Value, Value> LoopWriter::stepLstm(Value h, Value cell, Value row) {
  Value sum = linear(h, recurrentWeight, /*bias=*/{}, row);
  auto open = [&](int64_t gate) {
    return activate(layer.gateActivation, getGate(sum, gate));
  };
  Value forget = create<graph::MulOp>(open(1), cell);
  Value in = activate(layer.activation, getGate(sum, 2));
  Value next = create<graph::AddOp>(forget, create<graph::MulOp>(open(0), in));
  Value out = activate(layer.outputActivation, next);
  return {create<graph::MulOp>(open(3), out), next};
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

SmallVector<Value> LoopWriter::write(Value live, bool storesStates) {
  SmallVector<Value> sequences = {multiplyInput()};
  if (live)
    sequences.push_back(live);
  SmallVector<Value> inits = {begin(layer.initial)};
  bool hasCell = layer.cell == graph::RecurrentCell::Lstm;
  if (hasCell)
    inits.push_back(begin(layer.initialCell));

  SmallVector<Type> types(ValueRange(inits).getTypes());
  if (storesStates) {
    SmallVector<graph::Dim> dims = graph::getDims(layer.input);
    dims.back() = hidden;
    types.push_back(graph::getTensorType(dims, element));
  }
  auto scan =
      graph::ScanOp::create(builder, types, inits, sequences, /*axis=*/0,
                            isReverse, /*steps=*/IntegerAttr());
  Block &body = scan.getBody().emplaceBlock();
  Location loc = builder.getLoc();
  body.addArgument(RankedTensorType::get({}, builder.getI64Type()), loc);
  for (Value init : inits)
    body.addArgument(init.getType(), loc);
  for (Value sequence : sequences) {
    SmallVector<graph::Dim> dims = graph::getDims(sequence);
    dims.erase(dims.begin());
    body.addArgument(graph::getTensorType(dims, getElementTypeOrSelf(sequence)),
                     loc);
  }

  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body);
  auto carried = scan.getCarried();
  Value row = scan.getElements()[0];
  SmallVector<Value> next;
  switch (layer.cell) {
  case graph::RecurrentCell::Rnn:
    next = {stepRnn(carried[0], row)};
    break;
  case graph::RecurrentCell::Gru:
    next = {stepGru(carried[0], row)};
    break;
  case graph::RecurrentCell::Lstm:
    auto [h, cell] = stepLstm(carried[0], carried[1], row);
    next = {h, cell};
    break;
  }
  Value emitted = next[0];
  if (live) {
    auto keep = [&](Value value, Value otherwise) -> Value {
      return graph::SelectOp::create(builder, scan.getElements()[1], value,
                                     otherwise);
    };
    if (storesStates)
      emitted = keep(emitted, zero());
    for (auto [value, before] : llvm::zip(next, carried))
      value = keep(value, before);
  }
  graph::NextOp::create(builder, next,
                        storesStates ? ValueRange(emitted) : ValueRange(),
                        /*stop=*/Value());
  SmallVector<Value> results(scan.getResults());
  if (storesStates)
    std::rotate(results.begin(), results.end() - 1, results.end());
  return results;
}

/// Which steps are within the sequences' lengths, [time, batch, 1].
static Value makeMask(const graph::RecurrentLayer &layer,
                      ImplicitLocOpBuilder &builder) {
  Type i64 = builder.getI64Type();
  SmallVector<graph::Dim> dims = graph::getDims(layer.input);
  dims.back() = 1;
  Value step = graph::IotaOp::create(builder, graph::getTensorType(dims, i64),
                                     /*axis=*/0);
  Value lengths = layer.lengths;
  if (getElementTypeOrSelf(lengths) != i64)
    lengths = graph::CastOp::create(
        builder, graph::getTensorType(graph::getDims(lengths), i64), lengths);
  // Broadcasts to [batch, time, 1] and to [time, batch, 1].
  SmallVector<graph::Dim> spread(layer.axis + 1, 1);
  spread.insert(spread.begin(), graph::getDims(lengths).front());
  lengths = graph::ReshapeOp::create(builder, graph::getTensorType(spread, i64),
                                     lengths);
  return graph::CompareOp::create(builder, graph::ComparePredicate::Lt, step,
                                  lengths);
}

static void decompose(Operation *op) {
  graph::RecurrentLayer layer = *graph::RecurrentLayer::get(op);
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  int64_t axis = std::exchange(layer.axis, 0);
  layer.input = moveToFront(builder, builder.getLoc(), layer.input, axis);
  Value live = layer.lengths ? makeMask(layer, builder) : Value();
  bool storesStates = !op->getResult(0).use_empty();
  SmallVector<SmallVector<Value>, 2> directions;
  for (bool isReverse : {false, true})
    if (layer.direction !=
        (isReverse ? graph::Direction::Forward : graph::Direction::Reverse))
      directions.push_back(
          LoopWriter(layer, isReverse, builder).write(live, storesStates));
  for (auto [i, result] :
       llvm::enumerate(op->getResults().drop_front(storesStates ? 0 : 1))) {
    Value joined = directions.front()[i];
    if (directions.size() == 2) {
      int64_t features = graph::getDims(joined).size() - 1;
      joined = graph::ConcatOp::create(
          builder, ValueRange{joined, directions.back()[i]}, features);
    }
    if (result == op->getResult(0))
      joined = moveFromFront(builder, builder.getLoc(), joined, axis);
    result.replaceAllUsesWith(joined);
  }
  op->erase();
}

void DecomposeRecurrentPass::runOnOperation() {
  SmallVector<Operation *> layers;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::RnnOp, graph::GruOp, graph::LstmOp>(op))
      layers.push_back(op);
  });
  for (Operation *op : layers)
    decompose(op);
}
