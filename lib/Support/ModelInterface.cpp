//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The interface of a compiled library as JSON, and back.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ModelInterface.h"

#include "sylvite/Runtime/Descriptor.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace sylvite;
using namespace llvm;

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

/// The bits of `value` in a floating-point format.
static uint64_t getFloatBits(double value, const fltSemantics &semantics) {
  APFloat number(value);
  bool losesInfo;
  number.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  return number.bitcastToAPInt().getZExtValue();
}

uint64_t ParameterInfo::getDefaultBits() const {
  if (!defaultValue)
    return 0;
  const auto *integer = std::get_if<int64_t>(&*defaultValue);
  double real = integer ? double(*integer) : std::get<double>(*defaultValue);
  switch (type) {
  case ElementType::F32:
    return getFloatBits(real, APFloat::IEEEsingle());
  case ElementType::F64:
    return getFloatBits(real, APFloat::IEEEdouble());
  case ElementType::F16:
    return getFloatBits(real, APFloat::IEEEhalf());
  case ElementType::BF16:
    return getFloatBits(real, APFloat::BFloat());
  default:
    return integer ? uint64_t(*integer) : uint64_t(int64_t(real));
  }
}

std::string FunctionInfo::getShapeText(const ParameterInfo &tensor) const {
  std::string text = "[";
  ListSeparator separator;
  for (int64_t extent : tensor.shape) {
    text += StringRef(separator);
    text += extent < 0 ? dims[-1 - extent].name : std::to_string(extent);
  }
  return text + "]";
}

int64_t FunctionInfo::getPart(ArrayRef<int64_t> extents) const {
  if (batchDim < 0)
    return 0;
  int64_t rows = batchRows < 0 ? extents[-1 - batchRows] : batchRows;
  int64_t part = std::max<int64_t>(SYLVITE_PART_ROWS / rows, 1);
  return std::min(part, extents[batchDim]);
}

std::string FunctionInfo::getPartText() const {
  if (batchDim < 0)
    return "";
  std::string part = std::to_string(SYLVITE_PART_ROWS);
  if (batchRows < 0)
    part = "max(1, " + part + " / " + dims[-1 - batchRows].name + ")";
  else
    part = std::to_string(std::max<int64_t>(SYLVITE_PART_ROWS / batchRows, 1));
  return part + " of " + dims[batchDim].name;
}

std::vector<std::string>
sylvite::getPublicNames(const ModelInterface &interface) {
  std::vector<std::string> names;
  for (StringRef name :
       {"open", "open_target", "target", "close", "context_create",
        "context_set_num_threads", "context_set_parallel_for",
        "context_destroy", "invoke", "describe", "last_error", "error_message",
        "set_num_threads", "profile", "profile_count"})
    names.push_back((interface.prefix + "_" + name).str());
  if (interface.hasDevice())
    names.push_back(interface.prefix + "_get_device_counts");
  for (const FunctionInfo &function : interface.functions) {
    std::string name = interface.prefix + "_" + function.name;
    names.push_back(name);
    names.push_back(name + "_arena_bytes");
    if (function.lengthsInput >= 0)
      names.push_back(name + "_lengths");
  }
  return names;
}

bool ModelInterface::hasDevice() const {
  return any_of(variants, [](const VariantInfo &variant) {
    return StringRef(variant.target).contains('+');
  });
}

std::string ModelInterface::getTargetText() const {
  auto names = map_range(
      variants, [](const VariantInfo &variant) { return variant.target; });
  return join(names, ", ");
}

//===----------------------------------------------------------------------===//
// Several targets
//===----------------------------------------------------------------------===//

/// What callers see, as text.
static std::string printCallersView(ModelInterface interface) {
  interface.variants.clear();
  interface.weightBytes = 0;
  for (FunctionInfo &function : interface.functions)
    function.arenaFormula.clear();
  return printInterface(interface);
}

Expected<ModelInterface>
sylvite::mergeInterfaces(ArrayRef<ModelInterface> interfaces) {
  ModelInterface merged = interfaces.front();
  for (const ModelInterface &other : interfaces.drop_front()) {
    if (printCallersView(other) != printCallersView(merged))
      return createStringError("the functions for " + other.getTargetText() +
                               " differ from those for " +
                               merged.getTargetText());
    append_range(merged.variants, other.variants);
    merged.weightBytes = std::max(merged.weightBytes, other.weightBytes);
    for (auto [function, another] : zip(merged.functions, other.functions))
      if (function.arenaFormula != another.arenaFormula)
        function.arenaFormula =
            "max(" + function.arenaFormula + ", " + another.arenaFormula + ")";
  }
  return merged;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static json::Value printExtent(const FunctionInfo &function, int64_t extent) {
  if (extent < 0)
    return function.dims[-1 - extent].name;
  return extent;
}

static json::Object printTensor(const FunctionInfo &function,
                                const ParameterInfo &tensor) {
  json::Array shape;
  for (int64_t extent : tensor.shape)
    shape.push_back(printExtent(function, extent));
  json::Object object{{"name", tensor.name},
                      {"dtype", getElementName(tensor.type)},
                      {"dims", std::move(shape)}};
  if (tensor.defaultValue)
    std::visit([&](auto value) { object["default"] = value; },
               *tensor.defaultValue);
  if (tensor.range)
    object["range"] = json::Array{tensor.range->first, tensor.range->second};
  if (!tensor.inPlace.empty())
    object["in_place"] = tensor.inPlace;
  return object;
}

static json::Object printCall(const KernelCallInfo &call) {
  json::Object object{{"kernel", call.kernel}};
  for (auto [key, text] :
       {std::pair("place", &call.place), std::pair("flops", &call.flops),
        std::pair("bytes", &call.bytes), std::pair("product", &call.product)})
    if (!text->empty())
      object[key] = *text;
  return object;
}

static json::Object printVariant(const VariantInfo &variant) {
  json::Object calls;
  for (const auto &[function, list] : variant.calls) {
    json::Array array;
    for (const KernelCallInfo &call : list)
      array.push_back(printCall(call));
    calls[function] = std::move(array);
  }
  return json::Object{{"name", variant.target},
                      {"kernels", json::Array(variant.kernels)},
                      {"calls", std::move(calls)}};
}

static json::Object printFunction(const FunctionInfo &function) {
  json::Array dims, inputs, outputs;
  for (const DimInfo &dim : function.dims) {
    json::Object object{{"name", dim.name}};
    if (dim.max > 0)
      object["max"] = dim.max;
    dims.push_back(std::move(object));
  }
  for (const ParameterInfo &input : function.inputs)
    inputs.push_back(printTensor(function, input));
  for (const ParameterInfo &output : function.outputs)
    outputs.push_back(printTensor(function, output));
  json::Object object{{"name", function.name},
                      {"dims", std::move(dims)},
                      {"inputs", std::move(inputs)},
                      {"outputs", std::move(outputs)},
                      {"arena", function.arenaFormula}};
  if (function.lengthsInput >= 0)
    object["lengths"] = function.inputs[function.lengthsInput].name;
  if (function.batchDim >= 0)
    object["parts"] =
        json::Object{{"dim", function.dims[function.batchDim].name},
                     {"rows", printExtent(function, function.batchRows)}};
  return object;
}

std::string sylvite::printInterface(const ModelInterface &interface) {
  json::Array functions;
  for (const FunctionInfo &function : interface.functions)
    functions.push_back(printFunction(function));
  json::Array targets;
  for (const VariantInfo &variant : interface.variants)
    targets.push_back(printVariant(variant));
  json::Object object{{"prefix", interface.prefix},
                      {"targets", std::move(targets)},
                      {"weight_bytes", interface.weightBytes},
                      {"functions", std::move(functions)}};
  if (!interface.precision.empty())
    object["precision"] = interface.precision;
  std::string text;
  raw_string_ostream(text) << json::Value(std::move(object));
  return text;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

static bool parseExtent(const json::Value &value, const FunctionInfo &function,
                        int64_t &extent, json::Path path) {
  if (std::optional<int64_t> constant = value.getAsInteger()) {
    if (*constant < 0)
      return path.report("expected an extent that is not negative"), false;
    extent = *constant;
    return true;
  }
  std::optional<StringRef> name = value.getAsString();
  for (auto [index, dim] : enumerate(function.dims))
    if (name && dim.name == *name) {
      extent = -1 - int64_t(index);
      return true;
    }
  path.report("expected a number or the name of a dimension");
  return false;
}

static bool parseTensor(const json::Value &value, const FunctionInfo &function,
                        ParameterInfo &tensor, json::Path path) {
  json::ObjectMapper map(value, path);
  std::string type;
  if (!map || !map.map("name", tensor.name) || !map.map("dtype", type) ||
      !map.mapOptional("in_place", tensor.inPlace))
    return false;
  std::optional<ElementType> known = getElementTypeByName(type);
  if (!known)
    return path.field("dtype").report("unknown element type"), false;
  tensor.type = *known;

  const json::Object &object = *value.getAsObject();
  const json::Array *dims = object.getArray("dims");
  if (!dims)
    return path.field("dims").report("expected an array"), false;
  tensor.shape.resize(dims->size());
  for (auto [index, extent] : enumerate(*dims))
    if (!parseExtent(extent, function, tensor.shape[index],
                     path.field("dims").index(index)))
      return false;
  if (const json::Value *number = object.get("default")) {
    if (std::optional<int64_t> integer = number->getAsInteger())
      tensor.defaultValue = *integer;
    else if (std::optional<double> real = number->getAsNumber())
      tensor.defaultValue = *real;
    else
      return path.field("default").report("expected a number"), false;
  }
  std::vector<int64_t> range;
  if (!map.mapOptional("range", range))
    return false;
  if (range.size() == 2)
    tensor.range = {range[0], range[1]};
  else if (!range.empty())
    return path.field("range").report("expected two integers"), false;
  return true;
}

static bool parseTensors(const json::Object &object, StringRef key,
                         const FunctionInfo &function,
                         std::vector<ParameterInfo> &tensors, json::Path path) {
  const json::Array *array = object.getArray(key);
  if (!array)
    return path.field(key).report("expected an array"), false;
  tensors.resize(array->size());
  for (auto [index, value] : enumerate(*array))
    if (!parseTensor(value, function, tensors[index],
                     path.field(key).index(index)))
      return false;
  return true;
}

// Found by the JSON library, which looks in the type's namespace.
namespace sylvite {

static bool fromJSON(const json::Value &value, DimInfo &dim, json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("name", dim.name) && map.mapOptional("max", dim.max);
}

static bool fromJSON(const json::Value &value, KernelCallInfo &call,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("kernel", call.kernel) &&
         map.mapOptional("place", call.place) &&
         map.mapOptional("flops", call.flops) &&
         map.mapOptional("bytes", call.bytes) &&
         map.mapOptional("product", call.product);
}

/// Reads along which dimension a call is run in parts, if it is.
static bool parseParts(const json::Object &object, FunctionInfo &function,
                       json::Path path) {
  const json::Object *parts = object.getObject("parts");
  if (!parts)
    return true;
  json::Path at = path.field("parts");
  const json::Value *dim = parts->get("dim"), *rows = parts->get("rows");
  int64_t batch = 0;
  if (!dim || !rows)
    return at.report("expected dim and rows"), false;
  if (!parseExtent(*dim, function, batch, at.field("dim")) ||
      !parseExtent(*rows, function, function.batchRows, at.field("rows")))
    return false;
  if (batch >= 0 || function.batchRows == 0)
    return at.report("expected a dimension, and rows"), false;
  function.batchDim = int32_t(-1 - batch);
  return true;
}

static bool fromJSON(const json::Value &value, FunctionInfo &function,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  std::string lengths;
  if (!map || !map.map("name", function.name) ||
      !map.map("dims", function.dims) ||
      !map.mapOptional("arena", function.arenaFormula) ||
      !map.mapOptional("lengths", lengths))
    return false;
  const json::Object &object = *value.getAsObject();
  if (!parseTensors(object, "inputs", function, function.inputs, path) ||
      !parseTensors(object, "outputs", function, function.outputs, path))
    return false;
  for (auto [index, input] : enumerate(function.inputs))
    if (!lengths.empty() && input.name == lengths)
      function.lengthsInput = int32_t(index);
  return parseParts(object, function, path);
}

static bool fromJSON(const json::Value &value, VariantInfo &variant,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("name", variant.target) &&
         map.map("kernels", variant.kernels) &&
         map.mapOptional("calls", variant.calls);
}

static bool fromJSON(const json::Value &value, ModelInterface &interface,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("prefix", interface.prefix) &&
         map.map("targets", interface.variants) &&
         map.map("weight_bytes", interface.weightBytes) &&
         map.map("functions", interface.functions) &&
         map.mapOptional("precision", interface.precision);
}

} // namespace sylvite

Expected<ModelInterface> sylvite::parseInterface(StringRef text) {
  return json::parse<ModelInterface>(text, "description");
}
