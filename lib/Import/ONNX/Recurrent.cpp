//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recurrent layers.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Recurrent.h"
#include "Operators.h"
#include "Recurrent.h"

using namespace mlir;
using namespace sylvite;
using graph::Activation;
using graph::Dim;
using graph::Direction;

/// An activation by ONNX's name, where the graph has it.
static std::optional<Activation> parseActivation(StringRef name) {
  std::string lower = name.lower();
  if (lower == "sigmoid")
    return Activation::Sigmoid;
  if (lower == "tanh")
    return Activation::Tanh;
  if (lower == "relu")
    return Activation::Relu;
  return std::nullopt;
}

/// [directions, gates * hidden, ...] as the graph has it: rows in its order of
/// gates, both directions one after the other.
static Value orderGates(GraphWriter &ops, Value x, const RecurrentNode &layer) {
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  SmallVector<Value> parts;
  for (int64_t d = 0; d != dims[0].size; ++d)
    for (int64_t gate : layer.order) {
      Value part = ops.slice(x, 0, d, d + 1);
      parts.push_back(
          ops.slice(part, 1, gate * layer.hidden, (gate + 1) * layer.hidden));
    }
  for (Value &part : parts)
    part = ops.dropDim(part, 0);
  return ops.concat(parts, 0);
}

/// [directions, batch, hidden] as [batch, directions * hidden].
static Value readState(GraphWriter &ops, Value x, bool batchFirst) {
  if (!x)
    return {};
  if (graph::getDims(x).size() != 3)
    return ops.error("needs states of rank 3");
  if (!batchFirst)
    x = ops.transpose(x, {1, 0, 2});
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  if (!dims[1].isStatic() || !dims[2].isStatic())
    return ops.error("needs states of a static number of features");
  return ops.reshape(x, {dims[0], Dim(dims[1].size * dims[2].size)});
}

/// The way back.
static Value writeState(GraphWriter &ops, Value x, const RecurrentNode &layer) {
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  int64_t directions = layer.getNumDirections();
  x = ops.reshape(x, {dims[0], Dim(directions), Dim(layer.hidden)});
  return layer.batchFirst ? x : ops.transpose(x, {1, 0, 2});
}

static LogicalResult readLayer(Node &node, unsigned gates,
                               ArrayRef<int64_t> order,
                               ArrayRef<Activation> activations,
                               RecurrentNode &layer) {
  GraphWriter &ops = node.ops;
  layer.gates = gates;
  layer.order.assign(order.begin(), order.end());
  std::string direction = node.getString("direction", "forward");
  if (direction == "forward")
    layer.direction = Direction::Forward;
  else if (direction == "reverse")
    layer.direction = Direction::Reverse;
  else if (direction == "bidirectional")
    layer.direction = Direction::Both;
  else
    return node.invalid("has no direction that there is");
  int64_t directions = layer.getNumDirections();
  layer.batchFirst = node.getInt("layout", 0);
  if (node.hasAttribute("clip"))
    return node.unsupported("the attribute clip of " + node.getType());
  auto isDefault = [&](StringRef name) {
    auto values = node.getFloats(name);
    return !values || values->empty();
  };
  if (!isDefault("activation_alpha") || !isDefault("activation_beta"))
    return node.unsupported("activations with parameters");
  layer.activations.assign(activations.begin(), activations.end());
  if (auto names = node.getStrings("activations")) {
    if (names->size() != activations.size() * directions)
      return node.invalid("needs an activation for each function");
    for (auto [i, name] : llvm::enumerate(*names)) {
      std::optional<Activation> activation = parseActivation(name);
      if (!activation)
        return node.unsupported("the activation " + name + " in a layer");
      size_t own = i % activations.size();
      if (i >= activations.size() && layer.activations[own] != *activation)
        return node.unsupported("directions with activations of their own");
      layer.activations[own] = *activation;
    }
  }
  layer.input = node.get(0);
  Value weight = node.get(1), recurrent = node.get(2);
  if (!layer.input || !weight || !recurrent)
    return failure();
  Dims wDims = graph::getDims(weight), rDims = graph::getDims(recurrent);
  if (wDims.size() != 3 || rDims.size() != 3 ||
      !getTensorType(weight).hasStaticShape() ||
      !getTensorType(recurrent).hasStaticShape() ||
      wDims[0] != Dim(directions) || rDims[0] != Dim(directions) ||
      graph::getDims(layer.input).size() != 3)
    return node.invalid("has weights that do not fit its direction");
  layer.hidden = rDims[2].size;
  if (node.getInt("hidden_size", layer.hidden) != layer.hidden)
    return node.invalid("has a hidden_size that is not that of its weights, " +
                        Twine(layer.hidden));
  if (rDims[1] != Dim(gates * layer.hidden) ||
      wDims[1] != Dim(gates * layer.hidden))
    return node.invalid("has weights of another number of gates");
  layer.weight = orderGates(ops, weight, layer);
  layer.recurrent = orderGates(ops, recurrent, layer);
  if (node.has(3)) {
    Value bias = node.get(3);
    if (!bias)
      return failure();
    int64_t rows = gates * layer.hidden;
    if (graph::getDims(bias).size() != 2 ||
        graph::getDims(bias)[0] != Dim(directions) ||
        graph::getDims(bias)[1] != Dim(2 * rows))
      return node.invalid("has a bias that does not fit its gates");
    layer.bias = orderGates(ops, ops.slice(bias, 1, 0, rows), layer);
    layer.recurrentBias =
        orderGates(ops, ops.slice(bias, 1, rows, 2 * rows), layer);
  }
  if (node.has(4)) {
    layer.lengths = ops.cast(node.get(4), ops.i64());
    if (!layer.lengths)
      return failure();
  }
  if (node.has(5)) {
    layer.initial = readState(ops, node.get(5), layer.batchFirst);
    if (!layer.initial)
      return failure();
  }
  return success();
}

/// States of all steps, [time, batch, directions * hidden], as ONNX has them.
static Value writeStates(GraphWriter &ops, Value x,
                         const RecurrentNode &layer) {
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  int64_t directions = layer.getNumDirections();
  x = ops.reshape(x, {dims[0], dims[1], Dim(directions), Dim(layer.hidden)});
  // [batch, time, directions, hidden] already, or with time in front.
  return layer.batchFirst ? x : ops.transpose(x, {0, 2, 1, 3});
}

/// The types of a layer's results.
static SmallVector<Type> getResultTypes(const RecurrentNode &layer,
                                        unsigned lasts) {
  Dims dims = graph::getDims(layer.input);
  int64_t directions = layer.getNumDirections();
  Dim features(directions * layer.hidden);
  Type element = getElement(layer.input);
  SmallVector<Type> types = {
      graph::getTensorType({dims[0], dims[1], features}, element)};
  types.append(lasts, graph::getTensorType(
                          {dims[layer.batchFirst ? 0 : 1], features}, element));
  return types;
}

static LogicalResult setResults(Node &node, Operation *op,
                                const RecurrentNode &layer) {
  if (failed(mlir::verify(op, /*verifyRecursively=*/false)))
    return failure();
  if (node.wants(0) &&
      failed(node.set(0, writeStates(node.ops, op->getResult(0), layer))))
    return failure();
  for (unsigned i = 1; i < op->getNumResults(); ++i)
    if (node.wants(i) &&
        failed(node.set(i, writeState(node.ops, op->getResult(i), layer))))
      return failure();
  return success();
}

/// Sets what the attributes of the three ops have in common.
template <typename OpTy>
static typename OpTy::Properties getProperties(Node &node,
                                               const RecurrentNode &layer) {
  typename OpTy::Properties properties;
  OpBuilder &builder = node.ops.getBuilder();
  properties.direction =
      graph::DirectionAttr::get(node.getContext(), layer.direction);
  properties.axis = builder.getI64IntegerAttr(layer.batchFirst ? 1 : 0);
  properties.transpose_weights = builder.getUnitAttr();
  return properties;
}

/// Makes a layer of the operands that there are.
template <typename OpTy>
static Operation *makeLayer(Node &node, const RecurrentNode &layer,
                            typename OpTy::Properties properties,
                            ArrayRef<Value> states, unsigned lasts) {
  OperationState state(node.ops.getLoc(), OpTy::getOperationName());
  SmallVector<Value> operands = {layer.input,         layer.weight,
                                 layer.recurrent,     layer.bias,
                                 layer.recurrentBias, layer.initial};
  operands.append(states.begin(), states.end());
  operands.push_back(layer.lengths);
  for (auto [i, operand] : llvm::enumerate(operands)) {
    properties.operandSegmentSizes[i] = operand ? 1 : 0;
    if (operand)
      state.addOperands(operand);
  }
  state.addTypes(getResultTypes(layer, lasts));
  state.getOrAddProperties<typename OpTy::Properties>() = properties;
  return node.ops.getBuilder().create(state);
}

static LogicalResult importRnn(Node &node) {
  RecurrentNode layer;
  if (failed(readLayer(node, 1, {0}, {Activation::Tanh}, layer)))
    return failure();
  auto properties = getProperties<graph::RnnOp>(node, layer);
  properties.activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[0]);
  return setResults(
      node, makeLayer<graph::RnnOp>(node, layer, properties, {}, 1), layer);
}

static LogicalResult importGru(Node &node) {
  RecurrentNode layer;
  // ONNX has update, reset, hidden; the graph has reset first.
  bool resetAfter = node.getInt("linear_before_reset", 0);
  if (failed(readLayer(node, 3, {1, 0, 2},
                       {Activation::Sigmoid, Activation::Tanh}, layer)))
    return failure();
  auto properties = getProperties<graph::GruOp>(node, layer);
  properties.gate_activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[0]);
  properties.activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[1]);
  if (resetAfter)
    properties.reset_after = node.ops.getBuilder().getUnitAttr();
  return setResults(
      node, makeLayer<graph::GruOp>(node, layer, properties, {}, 1), layer);
}

static LogicalResult importLstm(Node &node) {
  RecurrentNode layer;
  if (node.getInt("input_forget", 0))
    return node.unsupported("an LSTM whose forget gate is its input gate");
  // ONNX has input, output, forget, cell.
  if (failed(readLayer(
          node, 4, {0, 2, 3, 1},
          {Activation::Sigmoid, Activation::Tanh, Activation::Tanh}, layer)))
    return failure();
  Value cell;
  if (node.has(6)) {
    cell = readState(node.ops, node.get(6), layer.batchFirst);
    if (!cell)
      return failure();
  }
  if (node.has(7))
    return importPeepholes(node, layer, cell, node.get(7));
  auto properties = getProperties<graph::LstmOp>(node, layer);
  properties.gate_activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[0]);
  properties.activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[1]);
  properties.output_activation =
      graph::ActivationAttr::get(node.getContext(), layer.activations[2]);
  return setResults(
      node, makeLayer<graph::LstmOp>(node, layer, properties, {cell}, 2),
      layer);
}

void sylvite::addRecurrent(Operators &operators) {
  operators.add("RNN", importRnn);
  operators.add("GRU", importGru);
  operators.add("LSTM", importLstm);
}
