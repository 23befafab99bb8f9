//===- CostReport.h - What ops and kernels have to do -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of costs: for each op of a fused graph and for each call of a
/// kernel its FLOP, its traffic, and the shares that are spent on padding and
/// on scores that a mask hides. What counts as what stands at
/// sylvite/Dialect/Graph/Cost.h.
///
/// A kernel's FLOP are those of the ops that it computes. To know them, ops are
/// numbered before kernels are formed; the kernels phase keeps the numbers
/// (lib/Kernels/OriginOps.h).
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_COSTREPORT_H
#define SYLVITE_PIPELINES_COSTREPORT_H

#include "mlir/Pass/Pass.h"
#include "sylvite/Pipelines/CostShape.h"
#include "sylvite/Support/ModelInterface.h"
#include "llvm/Support/JSON.h"

#include <memory>

namespace sylvite {
class KernelCosts;

struct CostOptions {
  /// The usual one where it is empty.
  CostShape shape;
  /// What the machine can do at most: GFLOP and GB of memory traffic per
  /// second. 0 where that is not known.
  double peak = 0, bandwidth = 0;
};

/// One op or one call of a kernel; numbers are those of one run.
struct CostRow {
  /// "linear", or the kernel.
  std::string name;
  /// The tensor that it writes.
  std::string result;
  /// Where it comes from; empty where nobody knows.
  std::string place;
  double runs = 1;
  double products = 0, others = 0;
  /// Bytes: of what is known when a model is compiled, of other tensors that
  /// are read, of the result.
  double weights = 0, read = 0, written = 0;
  /// FLOP for padding and for hidden scores.
  double padding = 0, masked = 0;
  /// Bytes of intermediate tensors that are alive meanwhile.
  double arena = 0;
  /// Of an op: does it stand for several plain ones? Of a kernel: does it
  /// calculate such an op, or several?
  bool isFused = false;
  /// Of a kernel: the extents of its buffers, inputs and then outputs, as the
  /// tensors have them; negative where nobody knows.
  std::vector<std::vector<int64_t>> extents;

  double getFlops() const { return products + others; }
  double getBytes() const { return weights + read + written; }
};

/// A function at its shape.
struct FunctionCost {
  std::string function;
  CostShape shape;
  std::vector<CostRow> ops, kernels;
  /// Bytes as text, and at the shape; empty before the host phase.
  std::string arenaFormula;
  std::optional<double> arena;
};

class CostReport {
public:
  explicit CostReport(CostOptions options);
  ~CostReport();

  /// Reads the ops of all public functions. Fails, with an error, where the
  /// shape does not fit them.
  mlir::LogicalResult readGraph(mlir::ModuleOp module);
  /// Looks at the numbered ops of functions, before kernels are formed.
  mlir::LogicalResult trace(mlir::ModuleOp module);
  /// Reads the calls of kernels.
  void readKernels(mlir::ModuleOp module);
  void readArena(const ModelInterface &interface);

  const std::vector<FunctionCost> &getCosts() const { return costs; }

  /// Prints tables for people, and JSON for programs, with what a device is
  /// predicted to do, unless that is empty.
  void print(llvm::raw_ostream &os) const;
  void printJson(llvm::raw_ostream &os, llvm::json::Object device = {}) const;

private:
  CostOptions options;
  std::vector<FunctionCost> costs;
  /// By the place in `costs`.
  std::vector<std::unique_ptr<KernelCosts>> traced;
};

/// What the roofline of a machine says of one run, in seconds; none where its
/// peaks are not known.
std::optional<double> predictSeconds(const CostRow &row,
                                     const CostOptions &options);

/// The sum over rows and their runs, with the largest arena.
CostRow getTotal(llvm::ArrayRef<CostRow> rows);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_COSTREPORT_H
