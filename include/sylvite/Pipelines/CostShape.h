//===- CostShape.h - Extents to report costs for ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The extents that a report of costs is made for, as users write them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_COSTSHAPE_H
#define SYLVITE_PIPELINES_COSTSHAPE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/Cost.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace sylvite {

/// Extents of dimensions, and how many positions of one are no padding.
struct CostShape {
  std::map<std::string, int64_t> extents;
  /// One length for all rows of the batch, or one each.
  std::map<std::string, std::vector<int64_t>> lengths;

  /// "batch = 8, seq = 128 (lengths 64)".
  std::string print() const;
};

/// Adds the entries of "batch=8,seq=128:64" to a shape: extents, behind a colon
/// the length of all rows or the lengths of each, "seq=128:16/128/37".
llvm::Error parseCostShape(llvm::StringRef text, CostShape &shape);

/// A dimension of a function.
struct FunctionDim {
  std::string name;
  /// Largest extent; 0 where there is no limit.
  int64_t max = 0;
  /// Is a mask there that hides positions of it, and in which batch?
  std::optional<graph::Dim> paddedIn;
};

/// The dimensions whose names occur in a function, in order.
std::vector<FunctionDim> getFunctionDims(mlir::func::FuncOp function);

/// The shape that shows a usual call: a batch of one, lengths of 128.
CostShape getUsualShape(llvm::ArrayRef<FunctionDim> dims);

/// The part of `shape` that is about a function. An error where that lacks a
/// dimension, or has an extent that cannot be.
llvm::Expected<CostShape> selectShape(const CostShape &shape,
                                      mlir::func::FuncOp function);

/// Fails where `shape` names something that no function has.
llvm::Error checkShape(const CostShape &shape,
                       llvm::ArrayRef<mlir::func::FuncOp> functions);

/// Makes a workload of a shape that selectShape has given.
graph::Workload getWorkload(const CostShape &shape,
                            mlir::func::FuncOp function);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_COSTSHAPE_H
