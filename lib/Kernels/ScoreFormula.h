//===- ScoreFormula.h - Formulas of one's own in kernels --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The score region of graph.attention, written into a kernel.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_SCOREFORMULA_H
#define SYLVITE_LIB_KERNELS_SCOREFORMULA_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Writes a region of scalar ops where the kernel's builder stands. An `index`
/// of the region is an i32 of the kernel, and `tensor.extract` reads an operand
/// of it.
class ScoreFormula {
public:
  ScoreFormula(mlir::Region &region, KernelBuilder &kernel)
      : region(region), kernel(kernel) {}

  bool empty() const { return region.empty(); }

  /// Gets the tensors that the region reads. Fails, with an error at the op,
  /// where the region has an op that is not one of scalars.
  llvm::LogicalResult read();

  /// What the region yields for these arguments: the score, then batch, head,
  /// query and key.
  Expr apply(llvm::ArrayRef<Expr> arguments);

private:
  mlir::Region &region;
  KernelBuilder &kernel;
  llvm::DenseMap<mlir::Value, Operand> tensors;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_SCOREFORMULA_H
