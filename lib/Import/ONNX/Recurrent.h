//===- Recurrent.h - The operands of recurrent layers -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// RNN, GRU and LSTM as their importers read them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_RECURRENT_H
#define SYLVITE_LIB_IMPORT_ONNX_RECURRENT_H

#include "Importer.h"

namespace sylvite {

/// What the three layers have in common. Weights and biases have the rows of
/// all gates in the graph's order, those of both directions one after the
/// other.
struct RecurrentNode {
  unsigned gates;
  /// The graph's order of gates, as places in ONNX's.
  llvm::SmallVector<int64_t> order;
  int64_t hidden;
  graph::Direction direction;
  bool batchFirst;
  /// [time, batch, features], or with the batch in front.
  mlir::Value input;
  mlir::Value weight, recurrent, bias, recurrentBias;
  /// [batch, directions * hidden]; null where it is 0.
  mlir::Value initial;
  /// [batch]; null where all rows are as long as the time axis.
  mlir::Value lengths;
  llvm::SmallVector<graph::Activation> activations;

  int64_t getNumDirections() const {
    return direction == graph::Direction::Both ? 2 : 1;
  }
};

/// An LSTM whose gates also see the cell: sets the node's results. `cell` is as
/// `initial` is, `peepholes` [directions, 3 * hidden] in ONNX's order: input,
/// output, forget.
llvm::LogicalResult importPeepholes(Node &node, const RecurrentNode &layer,
                                    mlir::Value cell, mlir::Value peepholes);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_RECURRENT_H
