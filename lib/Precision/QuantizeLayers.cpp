//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Quantises layers for which it is worth it and which keep their numbers.
///
/// The errors are those of the reference evaluator, in double precision: once
/// for all targets, whose kernels have the same integers.
///
//===----------------------------------------------------------------------===//

#include "QuantizeLayers.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/Cost.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Reference/QuantizationError.h"
#include "sylvite/Reference/RunReference.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Which layers
//===----------------------------------------------------------------------===//

/// Measured on a Zen 4, with 1 to 128 rows. A row of 2048 numbers for 32
/// outputs is quantised in the time that its products in floats take; with 64
/// outputs VPDPBUSD wins (0.83 of the time), PMADDWD does not (1.3). Of a
/// weight of 256 x 256 numbers or 32 x 2048, integers take 0.35 to 0.98 of the
/// time.
static constexpr int64_t kLeastInputs = 32;
static constexpr int64_t kLeastOutputs = 128;
static constexpr int64_t kLeastNumbers = 1 << 16;
/// LINEAR-7.
static constexpr int64_t kMostInputs = 65536;

/// Why a layer cannot be one of integers, or would not be faster; empty where
/// neither is so.
static std::string findObstacle(graph::LinearOp layer) {
  int64_t inputs = layer.getInFeatures(), outputs = layer.getOutFeatures();
  auto isF32 = [](Value value) { return getElementTypeOrSelf(value).isF32(); };
  if (layer.isQuantized())
    return "it is quantised already";
  if (!graph::isFixed(layer.getWeight()))
    return "its weight is calculated in every run";
  if (!isF32(layer.getInput()) || !isF32(layer.getResult()) ||
      getElementTypeOrSelf(layer.getWeight()).isF64())
    return "it is not one of f32";
  if (inputs > kMostInputs)
    return "sums of so many inputs do not fit";
  if (inputs < kLeastInputs || outputs < kLeastOutputs ||
      inputs * outputs < kLeastNumbers)
    return "it is too small to become faster";
  return "";
}

/// The weights behind a value.
static SmallVector<graph::WeightOp> getWeights(Value value) {
  SmallVector<graph::WeightOp> weights;
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Operation *> behind{value.getDefiningOp()};
  while (!behind.empty()) {
    Operation *op = behind.pop_back_val();
    if (!op || !seen.insert(op).second)
      continue;
    if (auto weight = dyn_cast<graph::WeightOp>(op))
      weights.push_back(weight);
    for (Value operand : llvm::reverse(op->getOperands()))
      behind.push_back(operand.getDefiningOp());
  }
  return weights;
}

/// How reports call a layer.
static std::string getName(graph::LinearOp layer) {
  SmallVector<graph::WeightOp> weights = getWeights(layer.getWeight());
  if (weights.empty())
    return "a constant";
  std::string name = weights.front().getName().str();
  if (weights.size() > 1)
    name += llvm::formatv(" and {0} more", weights.size() - 1).str();
  return name;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

namespace {
/// The layers of a module that might be quantised.
class Layers {
public:
  explicit Layers(ModuleOp module) : module(module) {}

  /// Lists all layers.
  void collect();
  /// Notes the errors on the inputs of a file.
  LogicalResult calibrate(StringRef calibrate);
  /// Notes those of weights, where no other one is known.
  LogicalResult measureWeights();
  void decide(double limit);
  void quantize();
  void report(PrecisionReport &report) const;

private:
  struct Layer {
    graph::LinearOp op;
    LayerPrecision precision;
    SquaredError error;
  };

  ModuleOp module;
  std::vector<Layer> layers;
};
} // namespace

void Layers::collect() {
  module.walk([&](graph::LinearOp op) {
    LayerPrecision precision;
    if (auto function = op->getParentOfType<func::FuncOp>())
      precision.function = function.getName();
    precision.weight = getName(op);
    precision.inputs = op.getInFeatures();
    precision.outputs = op.getOutFeatures();
    precision.reason = findObstacle(op);
    precision.isQuantized = precision.reason.empty();
    layers.push_back({op, precision, {}});
  });
}

LogicalResult Layers::calibrate(StringRef calibrate) {
  auto [name, path] = calibrate.split('=');
  if (!calibrate.contains('='))
    std::swap(name, path);
  func::FuncOp function = findReferenceFunction(module, name);
  if (!function)
    return failure();
  FailureOr<NamedTensors> inputs = readReferenceInputs(function, path);
  if (failed(inputs))
    return failure();
  FailureOr<WeightStore> store = WeightStore::fromModule(module);
  if (failed(store))
    return failure();
  llvm::DenseMap<Operation *, Layer *> byOp;
  for (Layer &layer : layers)
    if (layer.precision.isQuantized)
      byOp[layer.op] = &layer;
  auto observe = [&](Operation *op, TensorLookup lookup) {
    Layer *layer = byOp.lookup(op);
    if (!layer)
      return;
    Tensor lines = getOutputLines(lookup(layer->op.getWeight()),
                                  layer->op.getTransposeWeight());
    layer->error.add(measureProductError(lookup(layer->op.getInput()), lines));
    layer->precision.isOfProduct = true;
  };
  StoredWeights weights(*store);
  return LogicalResult(
      evaluateFunction(function, *inputs, weights, {}, observe));
}

/// The files of a module, where they can be read.
static std::optional<WeightStore> openFiles(ModuleOp module) {
  std::vector<std::string> paths;
  if (auto files =
          module->getAttrOfType<ArrayAttr>(graph::GraphDialect::kWeightFiles))
    for (auto path : files.getAsRange<StringAttr>())
      paths.push_back(path.str());
  llvm::Expected<WeightStore> store = WeightStore::open(paths);
  if (store)
    return std::move(*store);
  llvm::consumeError(store.takeError());
  return std::nullopt;
}

/// Do the files hold the weights behind a value, as floats of their shapes?
static bool isStored(Value value, const WeightStore &store) {
  return llvm::all_of(getWeights(value), [&](graph::WeightOp weight) {
    std::optional<WeightStore::Entry> entry = store.lookup(weight.getName());
    return entry && widensToF32(entry->tensor->dtype) &&
           weight.getType().getShape() == ArrayRef(entry->tensor->shape);
  });
}

LogicalResult Layers::measureWeights() {
  // Who only looks at the IR need not have the files.
  std::optional<WeightStore> store = openFiles(module);
  if (!store)
    return success();
  StoredWeights weights(*store);
  for (Layer &layer : layers) {
    Value weight = layer.op.getWeight();
    if (!layer.precision.isQuantized || layer.precision.isOfProduct ||
        !isStored(weight, *store))
      continue;
    FailureOr<Tensor> numbers = evaluateFixed(weight, weights);
    if (failed(numbers))
      return failure();
    layer.error.add(measureWeightError(
        getOutputLines(*numbers, layer.op.getTransposeWeight())));
  }
  return success();
}

void Layers::decide(double limit) {
  for (Layer &layer : layers) {
    LayerPrecision &precision = layer.precision;
    if (!precision.isQuantized)
      continue;
    if (layer.error.size == 0 && !std::isnan(layer.error.difference))
      continue;
    precision.error = layer.error.getRelative();
    // Written so that a NaN is beyond.
    precision.isQuantized = *precision.error <= limit;
    if (!precision.isQuantized)
      precision.reason = llvm::formatv("its error is beyond {0:P2}", limit);
  }
}

void Layers::quantize() {
  for (Layer &layer : layers) {
    if (!layer.precision.isQuantized)
      continue;
    OpBuilder builder(layer.op);
    auto quantize = graph::QuantizeOp::create(
        builder, layer.op.getLoc(), layer.op.getWeight(),
        layer.op.getTransposeWeight() ? 0 : 1);
    layer.op.getWeightMutable().assign(quantize.getValues());
    layer.op.getWeightScaleMutable().assign(quantize.getScales());
  }
}

void Layers::report(PrecisionReport &report) const {
  for (const Layer &layer : layers)
    report.layers.push_back(layer.precision);
}

LogicalResult sylvite::quantizeLayers(ModuleOp module,
                                      const QuantizeOptions &options,
                                      PrecisionReport &report) {
  Layers layers(module);
  layers.collect();
  if (!options.calibrate.empty() && failed(layers.calibrate(options.calibrate)))
    return failure();
  if (failed(layers.measureWeights()))
    return failure();
  layers.decide(options.limit);
  layers.quantize();
  layers.report(report);
  return success();
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

void PrecisionReport::print(llvm::raw_ostream &os) const {
  if (layers.empty()) {
    os << "precision: no linear layers\n";
    return;
  }
  os << llvm::formatv("{0,-10}{1,12}{2,12}  {3}\n", "precision", "size",
                      "error", "layer");
  for (const LayerPrecision &layer : layers) {
    std::string size = llvm::formatv("{0}x{1}", layer.inputs, layer.outputs);
    std::string error =
        layer.error ? llvm::formatv("{0:P2}", *layer.error).str() : "-";
    os << llvm::formatv("{0,-10}{1,12}{2,12}  {3}: {4}",
                        layer.isQuantized ? "int8" : "as it is", size, error,
                        layer.function, layer.weight);
    if (layer.error)
      os << (layer.isOfProduct ? ", product" : ", weight");
    if (!layer.reason.empty())
      os << "; " << layer.reason;
    os << '\n';
  }
}
