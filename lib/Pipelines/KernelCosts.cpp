//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks at ops, remembers them by number, and adds up those of a kernel.
///
//===----------------------------------------------------------------------===//

#include "KernelCosts.h"

#include "AliveBytes.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/OriginOps.h"
#include "sylvite/Support/Diagnostics/Places.h"

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// "8x128x384xf32".
static std::string describeTensor(RankedTensorType type,
                                  const graph::Workload &workload) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (const graph::Dim &dim : graph::getDims(type))
    os << int64_t(workload.getExtent(dim)) << 'x';
  os << type.getElementType();
  return text;
}

/// Is it an op that fusion makes of several?
static bool isFusedOp(Operation *op) {
  return isa<graph::AttentionOp, graph::EmbeddingsOp, graph::GeluOp,
             graph::L2NormalizeOp, graph::LayerNormOp, graph::LinearOp,
             graph::PoolOp, graph::RmsNormOp, graph::RotaryEmbeddingOp,
             graph::SiluOp, graph::SoftmaxOp>(op);
}

CostRow sylvite::makeCostRow(Operation *op, const graph::OpCost &cost,
                             double runs, const graph::Workload &workload) {
  CostRow row;
  row.name = op->getName().stripDialect().str();
  if (op->getNumResults())
    if (auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType()))
      row.result = describeTensor(type, workload);
  row.place = findCommonPlace(op->getLoc());
  row.runs = runs;
  row.products = cost.products;
  row.others = cost.others;
  for (const graph::TensorRead &read : cost.reads)
    (graph::isFixed(read.tensor) ? row.weights : row.read) += read.bytes;
  row.written = cost.written;
  row.padding = cost.getFlops() * cost.padding;
  row.masked = cost.getFlops() * cost.masked;
  row.isFused = isFusedOp(op);
  return row;
}

/// Visits the ops of a function in order, those in regions and in called
/// functions as well, with the number of times they run. `callers` are the
/// functions around, lest one that calls itself is gone into for ever.
static void walkOps(Block &block, double runs, const graph::Workload &workload,
                    SmallVectorImpl<func::FuncOp> &callers,
                    function_ref<void(graph::CostOpInterface, double)> visit) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<func::CallOp>(op)) {
      auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
          call, call.getCalleeAttr());
      if (!callee || callee.isExternal() || llvm::is_contained(callers, callee))
        continue;
      callers.push_back(callee);
      walkOps(callee.getBody().front(), runs, workload, callers, visit);
      callers.pop_back();
      continue;
    }
    auto cost = dyn_cast<graph::CostOpInterface>(op);
    // What is calculated of weights alone is so when a model is compiled.
    if (!cost || (op.getNumResults() == 1 && graph::isFixed(op.getResult(0))))
      continue;
    visit(cost, runs);
    double regionRuns = runs * cost.getRegionRuns(workload);
    for (Region &region : op.getRegions())
      for (Block &nested : region)
        walkOps(nested, regionRuns, workload, callers, visit);
  }
}

void sylvite::walkCosts(
    func::FuncOp function, const graph::Workload &workload,
    function_ref<void(graph::CostOpInterface, double)> visit) {
  SmallVector<func::FuncOp> callers = {function};
  walkOps(function.getBody().front(), 1, workload, callers, visit);
}

SmallVector<func::FuncOp> sylvite::getCostFunctions(ModuleOp module) {
  SmallVector<func::FuncOp> functions;
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (!function.isExternal() && function.isPublic())
      functions.push_back(function);
  return functions;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

KernelCosts::KernelCosts(func::FuncOp function, graph::Workload given)
    : workload(std::move(given)) {
  DenseMap<Value, int64_t> numbers;
  int64_t nextOther = -1;
  walkCosts(function, workload, [&](graph::CostOpInterface op, double runs) {
    graph::OpCost work = op.getCost(workload);
    std::optional<int64_t> number = getOriginNumber(op);
    if (work.isMovement || !number)
      return;
    auto [known, isNew] = ops.try_emplace(*number);
    // An op of a function that is called twice.
    if (!isNew)
      return;
    Entry &entry = known->second;
    for (Value result : op->getResults())
      numbers[result] = *number;
    entry.row = makeCostRow(op, work, runs, workload);
    for (const graph::TensorRead &read : work.reads) {
      auto [tensor, isNew] = numbers.try_emplace(read.tensor, nextOther);
      nextOther -= isNew;
      entry.reads.push_back(
          {tensor->second, read.bytes, graph::isFixed(read.tensor)});
    }
  });
}

/// "8x128x384xf32" of a host tensor.
static std::string describeTensor(Value tensor, const HostExtents &extents) {
  auto type = cast<RankedTensorType>(tensor.getType());
  std::string text;
  llvm::raw_string_ostream os(text);
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    if (std::optional<double> extent = extents.getExtent(tensor, axis))
      os << int64_t(*extent) << 'x';
    else
      os << "?x";
  }
  os << type.getElementType();
  return text;
}

static std::vector<int64_t> getExtents(Value tensor,
                                       const HostExtents &extents) {
  std::vector<int64_t> known;
  int64_t rank = cast<ShapedType>(tensor.getType()).getRank();
  for (int64_t axis = 0; axis < rank; ++axis)
    known.push_back(extents.getExtent(tensor, axis).value_or(-1));
  return known;
}

CostRow KernelCosts::makeRow(halide::InvokeOp invoke,
                             const HostExtents &extents) const {
  CostRow row;
  row.name = invoke.getKernel().str();
  row.result = describeTensor(invoke.getOutputs().front(), extents);
  row.place = findCommonPlace(invoke.getLoc());
  row.runs = extents.getRuns(invoke);
  for (ValueRange tensors : {invoke.getInputs(), invoke.getOutputs()})
    for (Value tensor : tensors)
      row.extents.push_back(getExtents(tensor, extents));
  TensorUses uses = {
      [](Operation *op) { return isa<halide::InvokeOp>(op); },
      [](Operation *op) { return isa<ViewLikeOpInterface>(op); },
      [&](Value tensor) { return extents.getBytes(tensor).value_or(0); }};
  row.arena = getAliveBytes(invoke, uses);
  for (Value output : invoke.getOutputs())
    row.written += extents.getBytes(output).value_or(0);
  SmallVector<int64_t> origins = llvm::to_vector(llvm::make_filter_range(
      getOrigins(invoke), [&](int64_t number) { return ops.count(number); }));
  // What only moves elements reads as much as it writes.
  if (origins.empty())
    row.read = row.written;
  row.isFused = origins.size() > 1;
  std::map<int64_t, Read> reads;
  for (int64_t origin : origins) {
    const Entry &entry = ops.at(origin);
    row.isFused |= entry.row.isFused;
    row.products += entry.row.products;
    row.others += entry.row.others;
    row.padding += entry.row.padding;
    row.masked += entry.row.masked;
    for (const Read &read : entry.reads) {
      if (llvm::is_contained(origins, read.tensor))
        continue;
      auto [known, isNew] = reads.try_emplace(read.tensor, read);
      if (!isNew)
        known->second.bytes = std::max(known->second.bytes, read.bytes);
    }
  }
  for (const auto &[tensor, read] : reads)
    (read.isFixed ? row.weights : row.read) += read.bytes;
  return row;
}

void KernelCosts::read(
    func::FuncOp function,
    function_ref<void(halide::InvokeOp, CostRow)> visit) const {
  HostExtents extents(function, workload);
  function.walk([&](halide::InvokeOp invoke) {
    visit(invoke, makeRow(invoke, extents));
  });
}
