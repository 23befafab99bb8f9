//===- ReadOperand.h - Values of the graph inside kernels -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_READOPERAND_H
#define SYLVITE_LIB_KERNELS_READOPERAND_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Makes operands of a kernel from values of the graph.
class ReadOperand {
public:
  explicit ReadOperand(KernelBuilder &kernel) : kernel(kernel) {}

  /// Through the value's op where that is deferred and allows it, else as a
  /// tensor.
  mlir::FailureOr<Operand> read(mlir::Value value);

  /// Through the value's op, deferred or not. A failure without a diagnostic
  /// means that this op can only be read as a tensor.
  mlir::FailureOr<Operand> readThrough(mlir::Value value);

  /// The elementwise ops that were read through, by their mnemonics.
  llvm::ArrayRef<llvm::StringRef> getElementwiseOps() const { return ops; }

private:
  KernelBuilder &kernel;
  llvm::SmallVector<llvm::StringRef> ops;
};

/// Is this an op that moves elements only, or makes constant ones?
bool isLookThrough(mlir::Operation *op);

/// Is this an op that applies a scalar function to its operands' elements?
bool isElementwise(mlir::Operation *op);

/// The scalar function of an elementwise op.
Expr writeElementwise(mlir::Operation *op, llvm::ArrayRef<Expr> operands);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_READOPERAND_H
