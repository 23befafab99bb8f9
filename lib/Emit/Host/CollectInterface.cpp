//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a host function tells its callers.
///
//===----------------------------------------------------------------------===//

#include "CollectInterface.h"

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Host/Roles.h"
#include "sylvite/Emit/Host/WeightList.h"
#include "sylvite/Precision/Precision.h"
#include "sylvite/Support/CIdentifier.h"
#include "sylvite/Support/ModuleTarget.h"
#include "sylvite/Support/WorkAttrs.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace sylvite;

namespace {

/// Collects the interface of one function.
class FunctionReader {
public:
  explicit FunctionReader(func::FuncOp function) : function(function) {}

  FailureOr<FunctionInfo> read();

private:
  void readDims();
  FailureOr<ParameterInfo> readParameter(BlockArgument argument);
  LogicalResult readShape(BlockArgument argument, ParameterInfo &parameter);
  LogicalResult readBatch();
  void readDefault(BlockArgument argument, ParameterInfo &parameter);
  LogicalResult readRange(BlockArgument argument, ParameterInfo &parameter);
  /// The error that names the argument.
  InFlightDiagnostic emitError(BlockArgument argument) {
    return function.emitError()
           << "argument '" << getGraphName(argument) << "' ";
  }
  Attribute getAttr(BlockArgument argument, StringRef name) {
    return function.getArgAttr(argument.getArgNumber(), name);
  }

  func::FuncOp function;
  FunctionInfo info;
};

} // namespace

void FunctionReader::readDims() {
  auto maxima = function->getAttrOfType<DictionaryAttr>("graph.dim_max");
  for (BlockArgument dim : getRoleArguments(function, Role::Dim)) {
    StringRef name = getGraphName(dim);
    auto max = maxima ? maxima.getAs<IntegerAttr>(name) : IntegerAttr();
    info.dims.push_back({name.str(), max ? max.getInt() : 0});
  }
}

LogicalResult FunctionReader::readShape(BlockArgument argument,
                                        ParameterInfo &parameter) {
  auto type = cast<MemRefType>(argument.getType());
  for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      parameter.shape.push_back(extent);
      continue;
    }
    StringRef name = getAxisName(argument, axis);
    auto dim = llvm::find_if(
        info.dims, [&](const DimInfo &dim) { return dim.name == name; });
    if (dim == info.dims.end())
      return emitError(argument) << "has no dimension for axis " << axis;
    parameter.shape.push_back(-1 - (dim - info.dims.begin()));
  }
  return success();
}

void FunctionReader::readDefault(BlockArgument argument,
                                 ParameterInfo &parameter) {
  // The graph dialect has verified what its attributes hold.
  Attribute value = getAttr(argument, "graph.default");
  if (auto integer = dyn_cast_if_present<IntegerAttr>(value))
    parameter.defaultValue = integer.getValue().getSExtValue();
  else if (auto real = dyn_cast_if_present<FloatAttr>(value))
    parameter.defaultValue = real.getValueAsDouble();
}

LogicalResult FunctionReader::readRange(BlockArgument argument,
                                        ParameterInfo &parameter) {
  auto range = dyn_cast_if_present<ArrayAttr>(getAttr(argument, "graph.range"));
  if (!range)
    return success();
  if (!isIntegerElement(parameter.type))
    return emitError(argument) << "has a range, but its elements are no "
                                  "integers";
  parameter.range = {cast<IntegerAttr>(range[0]).getInt(),
                     cast<IntegerAttr>(range[1]).getInt()};
  return success();
}

FailureOr<ParameterInfo> FunctionReader::readParameter(BlockArgument argument) {
  ParameterInfo parameter;
  parameter.name = getGraphName(argument).str();
  if (parameter.name.empty())
    return function.emitError() << "argument " << argument.getArgNumber()
                                << " has no name in " << kNameAttr;
  auto type = cast<MemRefType>(argument.getType());
  Type elements = type.getElementType();
  // Kernels know integers as bits; callers know their signs.
  if (getAttr(argument, "graph.unsigned"))
    elements = IntegerType::get(function.getContext(),
                                elements.getIntOrFloatBitWidth(),
                                IntegerType::Unsigned);
  std::optional<ElementType> element = getElementType(elements);
  if (!element)
    return emitError(argument)
           << "has elements of type " << type.getElementType()
           << ", which C callers do not have";
  parameter.type = *element;
  readDefault(argument, parameter);
  if (auto result =
          dyn_cast_if_present<StringAttr>(getAttr(argument, kInPlaceAttr)))
    parameter.inPlace = result.str();
  if (failed(readShape(argument, parameter)) ||
      failed(readRange(argument, parameter)))
    return failure();
  return parameter;
}

/// Reads along which dimension calls run in parts.
LogicalResult FunctionReader::readBatch() {
  auto attr = function->getAttrOfType<DictionaryAttr>("graph.batch");
  if (!attr)
    return success();
  // The graph dialect has verified what its attributes hold.
  auto find = [&](Attribute name) -> std::optional<int32_t> {
    auto dim = llvm::find_if(info.dims, [&](const DimInfo &dim) {
      return dim.name == cast<StringAttr>(name).getValue();
    });
    if (dim != info.dims.end())
      return int32_t(dim - info.dims.begin());
    function.emitError() << "'graph.batch' names " << name
                         << ", which is no dimension of the function";
    return std::nullopt;
  };
  std::optional<int32_t> batch = find(attr.get("dim"));
  if (!batch)
    return failure();
  for (const std::vector<ParameterInfo> &list : {info.inputs, info.outputs})
    for (const ParameterInfo &tensor : list)
      if (llvm::is_contained(
              ArrayRef(tensor.shape).drop_front(tensor.shape.empty() ? 0 : 1),
              -1 - int64_t(*batch)))
        return function.emitError()
               << "'graph.batch' names " << attr.get("dim")
               << ", which is not the first axis of '" << tensor.name << "'";
  info.batchDim = *batch;
  if (auto number = dyn_cast<IntegerAttr>(attr.get("rows"))) {
    info.batchRows = number.getInt();
    return success();
  }
  std::optional<int32_t> rows = find(attr.get("rows"));
  if (!rows)
    return failure();
  info.batchRows = -1 - *rows;
  return success();
}

/// The input that lengths can stand for: the mask that Hugging Face calls so,
/// [rows, columns].
static int32_t findLengthsInput(const FunctionInfo &info) {
  for (auto [index, input] : llvm::enumerate(info.inputs))
    if (input.name == "attention_mask" && isIntegerElement(input.type) &&
        input.shape.size() == 2)
      return int32_t(index);
  return -1;
}

/// The calls of kernels in a function.
static std::vector<KernelCallInfo> readCalls(func::FuncOp function) {
  std::vector<KernelCallInfo> calls;
  function.walk([&](halide::InvokeOp op) {
    auto getText = [&](StringRef name) {
      auto text = op->getAttrOfType<StringAttr>(name);
      return text ? text.str() : std::string();
    };
    calls.push_back({op.getKernel().str(), getText(kPlaceAttr),
                     getText(kFlopsAttr), getText(kBytesAttr),
                     getText(kProductAttr)});
  });
  return calls;
}

FailureOr<FunctionInfo> FunctionReader::read() {
  info.name = function.getName().str();
  if (!isCIdentifier(info.name))
    return function.emitError()
           << "'" << info.name << "' cannot be the name of a C function";
  auto arena = function->getAttrOfType<StringAttr>("sylvite.arena");
  if (!arena)
    return function.emitError("has no planned arena");
  info.arenaFormula = arena.str();
  readDims();
  llvm::StringSet<> names;
  for (Role role : {Role::Input, Role::Output})
    for (BlockArgument argument : getRoleArguments(function, role)) {
      FailureOr<ParameterInfo> parameter = readParameter(argument);
      if (failed(parameter))
        return failure();
      bool isNew = names.insert(parameter->name).second;
      // A result in place may well have the name of its input.
      if (parameter->inPlace != parameter->name && !parameter->inPlace.empty())
        isNew &= names.insert(parameter->inPlace).second;
      if (!isNew)
        return emitError(argument) << "has the name of another one";
      (role == Role::Input ? info.inputs : info.outputs)
          .push_back(std::move(*parameter));
    }
  info.lengthsInput = findLengthsInput(info);
  if (failed(readBatch()))
    return failure();
  return info;
}

FailureOr<ModelInterface>
sylvite::collectInterface(ModuleOp module, ArrayRef<func::FuncOp> functions,
                          StringRef prefix) {
  ModelInterface interface;
  interface.prefix = prefix.str();
  if (!isCIdentifier(prefix))
    return module.emitError() << "'" << prefix
                              << "' cannot begin names in C; choose another "
                                 "name for the library";
  VariantInfo &variant = interface.variants.emplace_back();
  variant.target = getTargetName(module).str();
  if (variant.target.empty())
    return module.emitError("the module has no ") << kTargetAttr;
  if (auto precision = module->getAttrOfType<StringAttr>(kPrecisionAttr))
    interface.precision = precision.str();
  FailureOr<std::vector<HostWeight>> weights = getWeights(module);
  if (failed(weights))
    return failure();
  if (!weights->empty()) {
    llvm::Expected<SafeTensorsLayout> layout = getWeightsLayout(*weights);
    if (!layout)
      return module.emitError(toString(layout.takeError()));
    interface.weightBytes = layout->getFileSize() - layout->getDataStart();
  }
  for (auto kernel : module.getOps<halide::PipelineOp>())
    variant.kernels.push_back(kernel.getSymName().str());
  for (func::FuncOp function : functions) {
    FailureOr<FunctionInfo> info = FunctionReader(function).read();
    if (failed(info))
      return failure();
    variant.calls[info->name] = readCalls(function);
    interface.functions.push_back(std::move(*info));
    std::vector<std::string> names = getPublicNames(interface);
    llvm::StringSet<> distinct;
    for (const std::string &name : names)
      if (!distinct.insert(name).second)
        return function.emitError()
               << "the library would have two functions " << name
               << "; choose another name than '" << function.getName() << "'";
  }
  return interface;
}
