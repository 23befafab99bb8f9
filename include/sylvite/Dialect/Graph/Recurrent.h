//===- Recurrent.h - What recurrent layers have in common -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One view of graph.rnn, graph.gru and graph.lstm, so that what they share is
/// said once.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_RECURRENT_H
#define SYLVITE_DIALECT_GRAPH_RECURRENT_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite::graph {

enum class RecurrentCell { Rnn, Gru, Lstm };

/// The operands and attributes of a recurrent layer; the ops' descriptions tell
/// what they mean. Null values are left out, or belong to another cell.
struct RecurrentLayer {
  RecurrentCell cell;
  mlir::Value input, weight, recurrentWeight, bias, recurrentBias;
  mlir::Value initial, initialCell, lengths;
  Direction direction;
  int64_t axis;
  Activation activation, gateActivation, outputActivation;
  bool resetAfter, transposeWeights;

  /// The layer that an op is; none for other ops.
  static std::optional<RecurrentLayer> get(mlir::Operation *op);

  /// Blocks of the weights' outputs in each direction.
  int64_t getNumGates() const;
  int64_t getNumDirections() const {
    return direction == Direction::Both ? 2 : 1;
  }
  /// Features of the state of one direction: what the recurrent weight takes.
  int64_t getHidden() const;

  /// Of all states, the last one, and of an LSTM the last cell.
  llvm::SmallVector<mlir::Type> getResultTypes() const;

  /// Everything but the types of the results. Nothing else here may be called
  /// for operands that do not pass.
  mlir::LogicalResult verifyOperands(
      llvm::function_ref<mlir::InFlightDiagnostic()> emitError) const;
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_RECURRENT_H
