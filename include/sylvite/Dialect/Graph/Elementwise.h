//===- Elementwise.h - Ops on single elements -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which ops of the graph compute each element by itself.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_ELEMENTWISE_H
#define SYLVITE_DIALECT_GRAPH_ELEMENTWISE_H

namespace mlir {
class Operation;
} // namespace mlir

namespace sylvite::graph {

/// Does the op compute each element of its result from those of its operands at
/// the same place, with operands broadcast as numpy does?
bool isElementwise(mlir::Operation *op);

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_ELEMENTWISE_H
