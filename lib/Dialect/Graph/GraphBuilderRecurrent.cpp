//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Builds recurrent layers.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/Verifier.h"
#include "sylvite/Dialect/Graph/GraphBuilder.h"
#include "sylvite/Dialect/Graph/Recurrent.h"

using namespace mlir;
using namespace sylvite::graph;

/// The op of a layer whose operands are verified.
static Operation *createLayer(OpBuilder &builder, Location loc,
                              const RecurrentLayer &layer) {
  SmallVector<Type> types = layer.getResultTypes();
  switch (layer.cell) {
  case RecurrentCell::Rnn:
    return RnnOp::create(builder, loc, types, layer.input, layer.weight,
                         layer.recurrentWeight, layer.bias, layer.recurrentBias,
                         layer.initial, layer.lengths, layer.direction,
                         layer.axis, layer.activation, layer.transposeWeights);
  case RecurrentCell::Gru:
    return GruOp::create(builder, loc, types, layer.input, layer.weight,
                         layer.recurrentWeight, layer.bias, layer.recurrentBias,
                         layer.initial, layer.lengths, layer.direction,
                         layer.axis, layer.gateActivation, layer.activation,
                         layer.resetAfter, layer.transposeWeights);
  case RecurrentCell::Lstm:
    return LstmOp::create(
        builder, loc, types, layer.input, layer.weight, layer.recurrentWeight,
        layer.bias, layer.recurrentBias, layer.initial, layer.initialCell,
        layer.lengths, layer.direction, layer.axis, layer.gateActivation,
        layer.activation, layer.outputActivation, layer.transposeWeights);
  }
  llvm_unreachable("all cells are above");
}

RecurrentResults GraphBuilder::recurrent(RecurrentCell cell, Value input,
                                         Value weight, Value recurrentWeight,
                                         const RecurrentOptions &options) {
  RecurrentResults none;
  if (!input || !weight || !recurrentWeight) {
    fail();
    return none;
  }
  RecurrentLayer layer = {cell,
                          input,
                          weight,
                          recurrentWeight,
                          options.bias,
                          options.recurrentBias,
                          options.initial,
                          options.initialCell,
                          options.lengths,
                          options.direction,
                          options.axis,
                          options.activation,
                          options.gateActivation,
                          options.outputActivation,
                          options.resetAfter,
                          options.transposeWeights};
  if (failed(layer.verifyOperands([&] { return emitError(getLoc()); }))) {
    fail();
    return none;
  }
  Operation *op = createLayer(builder, getLoc(), layer);
  if (failed(mlir::verify(op))) {
    fail();
    return none;
  }
  bool hasCell = cell == RecurrentCell::Lstm;
  return {op->getResult(0), op->getResult(1),
          hasCell ? op->getResult(2) : Value()};
}

RecurrentResults GraphBuilder::rnn(Value input, Value weight,
                                   Value recurrentWeight,
                                   const RecurrentOptions &options) {
  return recurrent(RecurrentCell::Rnn, input, weight, recurrentWeight, options);
}

RecurrentResults GraphBuilder::gru(Value input, Value weight,
                                   Value recurrentWeight,
                                   const RecurrentOptions &options) {
  return recurrent(RecurrentCell::Gru, input, weight, recurrentWeight, options);
}

RecurrentResults GraphBuilder::lstm(Value input, Value weight,
                                    Value recurrentWeight,
                                    const RecurrentOptions &options) {
  return recurrent(RecurrentCell::Lstm, input, weight, recurrentWeight,
                   options);
}
