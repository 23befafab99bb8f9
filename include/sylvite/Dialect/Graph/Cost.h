//===- Cost.h - What ops have to do --------------------------- -*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The work of ops at given extents: arithmetic, traffic, and how much of it is
/// for positions that stand for nothing. Each op tells its own by the interface
/// of CostInterface.td; its method stands beside its rules. Those methods are
/// made from the helpers below.
///
/// FLOP are what the op's formula says, whatever kernel computes it: a sum,
/// difference, product, quotient, comparison, maximum or minimum of floats is
/// one, and so is a function (exp, erf, sqrt ...); a multiply-add of a matrix
/// product is two. Work on integers and booleans, casts, choices and movements
/// are none.
///
/// Traffic is distinct bytes: each tensor that is read once, the result once.
/// Ops that only move elements are looked through: their reader is charged for
/// the elements that it needs.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_COST_H
#define SYLVITE_DIALECT_GRAPH_COST_H

#include "mlir/IR/Value.h"
#include "sylvite/Dialect/Graph/Dim.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace sylvite::graph {

/// Bytes that are read of a tensor.
struct TensorRead {
  mlir::Value tensor;
  double bytes;
};

/// What an op has to do. Numbers are large and need not be exact beyond 2^53.
struct OpCost {
  /// FLOP of matrix products and of the rest.
  double products = 0, others = 0;
  llvm::SmallVector<TensorRead> reads;
  /// Bytes of the results.
  double written = 0;
  /// The share of the FLOP that is spent on positions past the lengths of the
  /// op's rows, and that on scores of other rows that the mask hides.
  double padding = 0, masked = 0;
  /// Is nothing calculated, but elements moved or made? Readers look through.
  bool isMovement = false;

  double getFlops() const { return products + others; }
};

/// Is a tensor known when a model is compiled: a weight, a constant, or
/// calculated of such alone?
bool isFixed(mlir::Value tensor);

/// The positions of a named dimension that stand for something: in row b of the
/// batch the first lengths[b], or as many in all rows.
struct Lengths {
  Dim batch = 1;
  std::vector<int64_t> lengths;
  int64_t getLength(size_t row) const {
    return lengths[lengths.size() == 1 ? 0 : row];
  }
};

/// Extents and lengths for the names of a function.
class Workload {
public:
  void setExtent(llvm::StringRef name, int64_t extent) {
    extents[name] = extent;
  }
  /// Names the lengths of a dimension, whose rows are those of `batch`.
  void setLengths(llvm::StringRef name, const Dim &batch,
                  std::vector<int64_t> rows);

  /// The extent; 1 where nothing is known of the name.
  double getExtent(const Dim &dim) const;
  double getElements(llvm::ArrayRef<Dim> dims) const;
  double getElements(mlir::Value tensor) const;
  double getBytes(mlir::Value tensor) const;
  /// The lengths of the dimension where `dims` has its batch as well, or null.
  const Lengths *getLengths(const Dim &dim, llvm::ArrayRef<Dim> dims) const;
  /// The share of the elements whose positions all stand for something.
  double getUsefulShare(llvm::ArrayRef<Dim> dims) const;

  //===--- For the methods of ops -----------------------------------------===//

  /// Charges `cost` for reading `bytes` of a tensor, or what is behind ops that
  /// move its elements; all of it by default.
  void addRead(OpCost &cost, mlir::Value tensor) const;
  void addRead(OpCost &cost, mlir::Value tensor, double bytes) const;
  /// The same for the tensors that a region of scalars reads.
  void addFormulaReads(OpCost &cost, mlir::Region &formula) const;
  /// Reading all operands and writing all results.
  OpCost getTraffic(mlir::Operation *op) const;
  /// The same and so many FLOP for each element of `dims`, of which those are
  /// padding that stand past the lengths.
  OpCost getCost(mlir::Operation *op, llvm::ArrayRef<Dim> dims,
                 double flopsPerElement) const;
  /// A movement of elements, with which no FLOP and, in itself, no traffic
  /// come.
  OpCost getMovement() const;

private:
  llvm::StringMap<int64_t> extents;
  llvm::StringMap<Lengths> lengths;
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_COST_H
