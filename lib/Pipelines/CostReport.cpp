//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Collects costs of ops and kernels for one shape, and adds them up.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/CostReport.h"

#include "AliveBytes.h"
#include "KernelCosts.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Support/ArenaFormula.h"

using namespace mlir;
using namespace sylvite;

CostReport::CostReport(CostOptions options) : options(std::move(options)) {}
CostReport::~CostReport() = default;

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// Bytes that are alive while an op of the graph runs, if each op but movements
/// writes its results.
static double getGraphArena(Operation *op, const graph::Workload &workload) {
  auto isMovement = [&](Operation *op) {
    auto cost = dyn_cast<graph::CostOpInterface>(op);
    return cost && cost.getCost(workload).isMovement &&
           op->getNumRegions() == 0;
  };
  TensorUses uses = {[&](Operation *op) {
                       return op->getNumResults() && !isMovement(op) &&
                              !graph::isFixed(op->getResult(0));
                     },
                     isMovement,
                     [&](Value tensor) { return workload.getBytes(tensor); }};
  return getAliveBytes(op, uses);
}

LogicalResult CostReport::readGraph(ModuleOp module) {
  SmallVector<func::FuncOp> functions = getCostFunctions(module);
  auto fail = [&](llvm::Error error) {
    return emitError(UnknownLoc::get(module.getContext()))
           << "--dim: " << toString(std::move(error));
  };
  CostShape shape = options.shape;
  if (shape.extents.empty())
    for (func::FuncOp function : functions)
      for (auto &entry : getUsualShape(getFunctionDims(function)).extents)
        shape.extents.insert(entry);
  if (llvm::Error error = checkShape(shape, functions))
    return fail(std::move(error));
  costs.clear();
  for (func::FuncOp function : functions) {
    llvm::Expected<CostShape> own = selectShape(shape, function);
    if (!own)
      return fail(own.takeError());
    graph::Workload workload = getWorkload(*own, function);
    FunctionCost cost{function.getName().str(), *own, {}, {}, {}, {}};
    walkCosts(function, workload, [&](graph::CostOpInterface op, double runs) {
      graph::OpCost work = op.getCost(workload);
      if (work.isMovement)
        return;
      CostRow &row =
          cost.ops.emplace_back(makeCostRow(op, work, runs, workload));
      row.arena = getGraphArena(op, workload);
    });
    costs.push_back(std::move(cost));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

LogicalResult CostReport::trace(ModuleOp module) {
  traced.clear();
  for (const FunctionCost &cost : costs) {
    auto function = module.lookupSymbol<func::FuncOp>(cost.function);
    if (!function)
      return emitError(module.getLoc())
             << "function " << cost.function << " is gone";
    traced.push_back(std::make_unique<KernelCosts>(
        function, getWorkload(cost.shape, function)));
  }
  return success();
}

void CostReport::readKernels(ModuleOp module) {
  for (auto [cost, kernels] : llvm::zip_equal(costs, traced)) {
    auto function = module.lookupSymbol<func::FuncOp>(cost.function);
    kernels->read(function, [&](halide::InvokeOp, CostRow row) {
      cost.kernels.push_back(std::move(row));
    });
  }
}

void CostReport::readArena(const ModelInterface &interface) {
  for (FunctionCost &cost : costs)
    for (const FunctionInfo &function : interface.functions) {
      if (function.name != cost.function)
        continue;
      llvm::StringMap<uint64_t> dims;
      for (const auto &[name, extent] : cost.shape.extents)
        dims[name] = extent;
      cost.arenaFormula = function.arenaFormula;
      if (auto bytes = evaluateArena(function.arenaFormula, dims))
        cost.arena = double(*bytes);
    }
}

//===----------------------------------------------------------------------===//
// Numbers made of these
//===----------------------------------------------------------------------===//

std::optional<double> sylvite::predictSeconds(const CostRow &row,
                                              const CostOptions &options) {
  if (!options.peak && !options.bandwidth)
    return std::nullopt;
  double seconds = 0;
  if (options.peak)
    seconds = row.getFlops() / (options.peak * 1e9);
  if (options.bandwidth)
    seconds = std::max(seconds, row.getBytes() / (options.bandwidth * 1e9));
  return seconds;
}

CostRow sylvite::getTotal(ArrayRef<CostRow> rows) {
  CostRow total;
  total.name = "total";
  for (const CostRow &row : rows) {
    total.products += row.runs * row.products;
    total.others += row.runs * row.others;
    total.weights += row.runs * row.weights;
    total.read += row.runs * row.read;
    total.written += row.runs * row.written;
    total.padding += row.runs * row.padding;
    total.masked += row.runs * row.masked;
    total.arena = std::max(total.arena, row.arena);
  }
  return total;
}
