//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Steps of recurrent cells in plain ops.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_NOTES_BUILDER_CELLS_H
#define SYLVITE_TEST_NOTES_BUILDER_CELLS_H

#include "sylvite/Dialect/Graph/GraphBuilder.h"

/// The next state of a GRU whose reset gate comes behind the recurrent product.
/// `row` and `state` are the products of input and state h, with their biases.
mlir::Value stepGru(sylvite::graph::GraphBuilder &b, mlir::Value row,
                    mlir::Value state, mlir::Value h);

/// The next state and cell of an LSTM.
llvm::SmallVector<mlir::Value> stepLstm(sylvite::graph::GraphBuilder &b,
                                        mlir::Value row, mlir::Value state,
                                        mlir::Value cell);

#endif // SYLVITE_TEST_NOTES_BUILDER_CELLS_H
