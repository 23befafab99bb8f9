//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Collects costs: of ops by their interface, of kernels by the ops they
/// compute.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/CostReport.h"

#include "AliveBytes.h"
#include "HostExtents.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/OriginOps.h"
#include "sylvite/Support/ArenaFormula.h"
#include "sylvite/Support/Diagnostics/Places.h"

using namespace mlir;
using namespace sylvite;

CostReport::CostReport(CostOptions options)
    : options(std::move(options)), traced(std::make_unique<Trace>()) {}
CostReport::~CostReport() = default;

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

/// The module that all places of an op are in, "layer.0.attention" of
/// "layer.0.attention.query, layer.0.attention.key"; else the first place.
static std::string describePlace(Location loc) {
  SmallVector<std::string> places = listPlaces(loc);
  if (places.empty())
    return "";
  auto isInside = [](StringRef place, StringRef module) {
    return place.consume_front(module) &&
           (place.empty() || place.front() == '.');
  };
  StringRef common = places.front();
  while (!common.empty() && !llvm::all_of(places, [&](StringRef place) {
    return isInside(place, common);
  }))
    common = common.contains('.') ? common.rsplit('.').first : StringRef();
  return common.empty() ? places.front() : common.str();
}

static CostRow makeRow(Operation *op, const graph::OpCost &cost, double runs,
                       const graph::Workload &workload) {
  CostRow row;
  row.name = op->getName().stripDialect().str();
  if (op->getNumResults())
    if (auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType()))
      row.result = describeTensor(type, workload);
  row.place = describePlace(op->getLoc());
  row.runs = runs;
  row.products = cost.products;
  row.others = cost.others;
  for (const graph::TensorRead &read : cost.reads)
    (graph::isFixed(read.tensor) ? row.weights : row.read) += read.bytes;
  row.written = cost.written;
  row.padding = cost.getFlops() * cost.padding;
  row.masked = cost.getFlops() * cost.masked;
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

static void walkOps(func::FuncOp function, const graph::Workload &workload,
                    function_ref<void(graph::CostOpInterface, double)> visit) {
  SmallVector<func::FuncOp> callers = {function};
  walkOps(function.getBody().front(), 1, workload, callers, visit);
}

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

static SmallVector<func::FuncOp> getFunctions(ModuleOp module) {
  SmallVector<func::FuncOp> functions;
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (!function.isExternal() && function.isPublic())
      functions.push_back(function);
  return functions;
}

LogicalResult CostReport::readGraph(ModuleOp module) {
  SmallVector<func::FuncOp> functions = getFunctions(module);
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
    walkOps(function, workload, [&](graph::CostOpInterface op, double runs) {
      graph::OpCost work = op.getCost(workload);
      if (work.isMovement)
        return;
      CostRow &row = cost.ops.emplace_back(makeRow(op, work, runs, workload));
      row.arena = getGraphArena(op, workload);
    });
    costs.push_back(std::move(cost));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// What is kept of ops when they are gone.
struct CostReport::Trace {
  struct Read {
    /// The number of the op that makes what is read, or a negative one for
    /// other tensors.
    int64_t tensor;
    double bytes;
    bool isFixed;
  };
  struct Entry {
    CostRow row;
    std::vector<Read> reads;
  };
  /// By the op's number.
  std::vector<Entry> ops;
  /// By the place in `costs`.
  std::vector<graph::Workload> workloads;
};

LogicalResult CostReport::trace(ModuleOp module) {
  traced = std::make_unique<Trace>();
  DenseMap<Value, int64_t> numbers;
  int64_t nextOther = -1;
  for (const FunctionCost &cost : costs) {
    auto function = module.lookupSymbol<func::FuncOp>(cost.function);
    if (!function)
      return emitError(module.getLoc())
             << "function " << cost.function << " is gone";
    const graph::Workload &workload =
        traced->workloads.emplace_back(getWorkload(cost.shape, function));
    walkOps(function, workload, [&](graph::CostOpInterface op, double runs) {
      graph::OpCost work = op.getCost(workload);
      // An op of a function that others call has its number already.
      if (work.isMovement || getOriginNumber(op))
        return;
      int64_t number = traced->ops.size();
      setOriginNumber(op, number);
      for (Value result : op->getResults())
        numbers[result] = number;
      Trace::Entry &entry = traced->ops.emplace_back();
      entry.row = makeRow(op, work, runs, workload);
      for (const graph::TensorRead &read : work.reads) {
        auto [known, isNew] = numbers.try_emplace(read.tensor, nextOther);
        nextOther -= isNew;
        entry.reads.push_back(
            {known->second, read.bytes, graph::isFixed(read.tensor)});
      }
    });
  }
  return success();
}

namespace {
/// Calls CostReport::trace.
class TracePass : public PassWrapper<TracePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TracePass)
  explicit TracePass(std::function<LogicalResult(ModuleOp)> trace)
      : trace(std::move(trace)) {}
  StringRef getName() const final { return "sylvite-trace-ops"; }
  void runOnOperation() final {
    if (failed(trace(getOperation())))
      signalPassFailure();
  }

private:
  std::function<LogicalResult(ModuleOp)> trace;
};
} // namespace

std::unique_ptr<Pass> CostReport::createTracePass() {
  return std::make_unique<TracePass>(
      [this](ModuleOp module) { return trace(module); });
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

CostRow CostReport::makeKernelRow(halide::InvokeOp invoke,
                                  const HostExtents &extents) const {
  CostRow row;
  row.name = invoke.getKernel().str();
  row.result = describeTensor(invoke.getOutputs().front(), extents);
  row.place = describePlace(invoke.getLoc());
  row.runs = extents.getRuns(invoke);
  TensorUses uses = {
      [](Operation *op) { return isa<halide::InvokeOp>(op); },
      [](Operation *op) { return isa<ViewLikeOpInterface>(op); },
      [&](Value tensor) { return extents.getBytes(tensor).value_or(0); }};
  row.arena = getAliveBytes(invoke, uses);
  for (Value output : invoke.getOutputs())
    row.written += extents.getBytes(output).value_or(0);
  SmallVector<int64_t> origins = getOrigins(invoke);
  // What only moves elements reads as much as it writes.
  if (origins.empty())
    row.read = row.written;
  std::map<int64_t, Trace::Read> reads;
  for (int64_t origin : origins) {
    const Trace::Entry &entry = traced->ops[origin];
    row.products += entry.row.products;
    row.others += entry.row.others;
    row.padding += entry.row.padding;
    row.masked += entry.row.masked;
    for (const Trace::Read &read : entry.reads) {
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

void CostReport::readKernels(ModuleOp module) {
  for (auto [cost, workload] : llvm::zip_equal(costs, traced->workloads)) {
    auto function = module.lookupSymbol<func::FuncOp>(cost.function);
    HostExtents extents(function, workload);
    function.walk([&](halide::InvokeOp invoke) {
      cost.kernels.push_back(makeKernelRow(invoke, extents));
    });
  }
  module.walk([](halide::InvokeOp invoke) { dropOrigins(invoke); });
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
