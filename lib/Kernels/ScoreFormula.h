//===- ScoreFormula.h - Formulas of one's own in kernels --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Regions of scalars, written into kernels: the score of graph.attention and
/// the formula of graph.positional_encoding.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_SCOREFORMULA_H
#define SYLVITE_LIB_KERNELS_SCOREFORMULA_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

/// Writes a region of scalar ops where the kernel's builder stands. An `index`
/// of the region is an i32 of the kernel, and `tensor.extract` reads an operand
/// of it. An index that is calculated and lies outside has no meaning, but
/// reads no foreign memory either: it is clamped.
class ScoreFormula {
public:
  ScoreFormula(mlir::Region &region, KernelBuilder &kernel)
      : region(region), kernel(kernel) {}

  bool empty() const { return region.empty(); }

  /// Gets the tensors that the region reads. Fails, with an error at the op,
  /// where the region has an op that is not one of scalars.
  llvm::LogicalResult read();

  /// What the region yields for these arguments.
  Expr apply(llvm::ArrayRef<Expr> arguments);

private:
  mlir::Region &region;
  KernelBuilder &kernel;
  /// A tensor and the last index along each of its dimensions.
  struct Table {
    Operand operand;
    llvm::SmallVector<Expr> last;
  };
  llvm::DenseMap<mlir::Value, Table> tensors;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_SCOREFORMULA_H
