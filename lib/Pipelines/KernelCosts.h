//===- KernelCosts.h - What kernels have to do ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Costs of ops by their interface, and of kernels by the ops that they
/// compute: ops are numbered and looked at before kernels are formed, and calls
/// of kernels carry the numbers of what they compute.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PIPELINES_KERNELCOSTS_H
#define SYLVITE_LIB_PIPELINES_KERNELCOSTS_H

#include "HostExtents.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Pipelines/CostReport.h"

#include <string>

namespace sylvite {

/// The row of an op; its arena is left at 0.
CostRow makeCostRow(mlir::Operation *op, const graph::OpCost &cost, double runs,
                    const graph::Workload &workload);

/// Visits the ops of a function in order, those in regions and in called
/// functions as well, with the number of times they run.
void walkCosts(mlir::func::FuncOp function, const graph::Workload &workload,
               llvm::function_ref<void(graph::CostOpInterface, double)> visit);

/// The public functions that have a body.
llvm::SmallVector<mlir::func::FuncOp> getCostFunctions(mlir::ModuleOp module);

/// The costs of the kernels of one function, at one workload.
class KernelCosts {
public:
  /// Looks at the numbered ops of a function.
  KernelCosts(mlir::func::FuncOp function, graph::Workload workload);

  /// Visits the calls of kernels of what has become of the function.
  void read(mlir::func::FuncOp function,
            llvm::function_ref<void(halide::InvokeOp, CostRow)> visit) const;

private:
  struct Read {
    /// The number of the op that makes what is read, or a negative one for
    /// other tensors.
    int64_t tensor;
    double bytes;
    bool isFixed;
  };
  /// What is kept of an op when it is gone.
  struct Entry {
    CostRow row;
    std::vector<Read> reads;
  };

  CostRow makeRow(halide::InvokeOp invoke, const HostExtents &extents) const;

  graph::Workload workload;
  /// By the op's number.
  std::map<int64_t, Entry> ops;
};

} // namespace sylvite

#endif // SYLVITE_LIB_PIPELINES_KERNELCOSTS_H
