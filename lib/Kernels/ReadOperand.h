//===- ReadOperand.h - Values of the graph inside kernels -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How a kernel reads what stands behind a value of the graph: an input of the
/// kernel, through ops that only move elements.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_READOPERAND_H
#define SYLVITE_LIB_KERNELS_READOPERAND_H

#include "sylvite/Dialect/Graph/Elementwise.h"
#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Makes operands of a kernel from values of the graph.
class ReadOperand {
public:
  explicit ReadOperand(KernelBuilder &kernel) : kernel(kernel) {}

  /// Merges dimensions of what is read: neighbours that all tensors behind
  /// `root` have both or lack both become one, if they are of one `kind`. Call
  /// it first, on the value that is about to be read (`through` its op, or as
  /// `read` decides). Does nothing where an index map is in the way.
  void mergeDims(mlir::Value root, bool through,
                 llvm::function_ref<bool(unsigned)> kind = nullptr);
  /// The merged dimension that a dimension of the root has become part of.
  unsigned getMerged(unsigned dim) const;

  /// Through the value's op where that is deferred and allows it, else as a
  /// tensor.
  mlir::FailureOr<Operand> read(mlir::Value value);

  /// Through the value's op, deferred or not.
  mlir::FailureOr<Operand> readThrough(mlir::Value value);

  /// The elementwise ops that were read through, by their mnemonics.
  llvm::ArrayRef<llvm::StringRef> getElementwiseOps() const { return ops; }

private:
  /// Does `read` go through the value's op?
  bool goesThrough(mlir::Value value);
  /// The tensors behind an op; false where an index map is found.
  bool collectTensors(mlir::Value value,
                      llvm::SmallVectorImpl<mlir::Value> &tensors);
  /// Extents after the merge.
  Extents merge(llvm::ArrayRef<Extent> extents);

  KernelBuilder &kernel;
  /// For each merged dimension the end of its run of dimensions of the root;
  /// none without a merge.
  std::optional<llvm::SmallVector<unsigned>> runs;
  llvm::SmallVector<llvm::StringRef> ops;
};

/// The name of a kernel that evaluates what was read and ends with `last`
/// ("add_mul", and "" for none).
std::string getExpressionName(const ReadOperand &reader,
                              const llvm::Twine &last);

/// Is this an op that moves elements only, or makes constant ones?
bool isLookThrough(mlir::Operation *op);

/// The scalar function of an elementwise op.
Expr writeElementwise(mlir::Operation *op, llvm::ArrayRef<Expr> operands);

/// The infinite constant that a returned value is, which kernels otherwise have
/// a large number for; none of other values.
std::optional<Expr> writeReturnedInfinity(KernelBuilder &kernel,
                                          mlir::Value value);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_READOPERAND_H
