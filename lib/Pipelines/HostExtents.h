//===- HostExtents.h - Sizes of tensors of host functions -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The extents of tensors in a function that the kernels phase left, where the
/// dimensions' extents are known.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PIPELINES_HOSTEXTENTS_H
#define SYLVITE_LIB_PIPELINES_HOSTEXTENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/Cost.h"

namespace sylvite {

class HostExtents {
public:
  HostExtents(mlir::func::FuncOp function, const graph::Workload &workload)
      : function(function), workload(workload) {}

  /// None where an op in between is not understood.
  std::optional<double> getExtent(mlir::Value tensor, int64_t axis) const;
  std::optional<double> getBytes(mlir::Value tensor) const;
  /// How often an op runs: the steps of the loops around it, at most.
  double getRuns(mlir::Operation *op) const;

private:
  std::optional<double> evaluate(mlir::Value index) const;

  mutable mlir::func::FuncOp function;
  const graph::Workload &workload;
};

} // namespace sylvite

#endif // SYLVITE_LIB_PIPELINES_HOSTEXTENTS_H
