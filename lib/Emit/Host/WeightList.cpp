//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The packed weights of a module as a list.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Host/WeightList.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

/// A name that tells the sources and the packing: "query.weight+key.weight
/// panels(64)".
static std::string makeName(const HostWeight &weight,
                            llvm::StringSet<> &taken) {
  std::string base = weight.spec.sources.empty()
                         ? "constant"
                         : llvm::join(weight.spec.sources, "+");
  if (weight.spec.transposed)
    base += " transposed";
  if (weight.spec.panels)
    base += " panels(" + std::to_string(weight.spec.panels) + ")";
  if (weight.spec.words)
    base += weight.spec.getWordElements() == 4 ? " fours" : " pairs";
  if (weight.spec.quantized &&
      *weight.spec.quantized != halide::QuantizedPart::Values)
    base += " " + stringifyQuantizedPart(*weight.spec.quantized).str();
  std::string name = base;
  for (int i = 2; !taken.insert(name).second; ++i)
    name = base + " " + std::to_string(i);
  return name;
}

/// What says how a weight is packed. Equal ones are one weight.
static NamedAttrList printSpec(MLIRContext *context, const WeightSpec &spec) {
  Builder builder(context);
  NamedAttrList entry;
  entry.set("type", TypeAttr::get(spec.type));
  SmallVector<StringRef> sources(spec.sources.begin(), spec.sources.end());
  if (!sources.empty())
    entry.set("sources", builder.getStrArrayAttr(sources));
  if (spec.axis)
    entry.set("axis", builder.getI64IntegerAttr(spec.axis));
  if (spec.panels)
    entry.set("panels", builder.getI64IntegerAttr(spec.panels));
  if (spec.transposed)
    entry.set("transposed", builder.getUnitAttr());
  if (spec.words)
    entry.set("words", TypeAttr::get(spec.words));
  if (spec.quantized)
    entry.set("quantized",
              builder.getStringAttr(stringifyQuantizedPart(*spec.quantized)));
  if (spec.value)
    entry.set("value", spec.value);
  return entry;
}

llvm::Expected<SafeTensorsLayout>
sylvite::getWeightsLayout(ArrayRef<HostWeight> weights) {
  std::vector<TensorSpec> tensors;
  for (const HostWeight &weight : weights) {
    std::optional<DType> dtype = getDType(weight.spec.getElementType());
    if (!dtype)
      return llvm::createStringError("a weights file cannot hold the elements "
                                     "of '" +
                                     weight.name + "'");
    tensors.push_back(
        {weight.name, *dtype, llvm::to_vector<4>(weight.spec.getShape())});
  }
  return SafeTensorsLayout::create(std::move(tensors));
}

FailureOr<std::vector<HostWeight>>
sylvite::layOutWeights(ArrayRef<halide::WeightOp> ops,
                       std::vector<HostWeight> known,
                       SmallVectorImpl<size_t> &indices) {
  std::vector<HostWeight> weights = std::move(known);
  llvm::DenseMap<DictionaryAttr, size_t> places;
  llvm::StringSet<> names;
  for (auto [index, weight] : llvm::enumerate(weights)) {
    names.insert(weight.name);
    MLIRContext *context = weight.spec.type.getContext();
    places[printSpec(context, weight.spec).getDictionary(context)] = index;
  }
  for (halide::WeightOp op : ops) {
    HostWeight weight;
    weight.spec = WeightSpec(op);
    auto [place, isNew] = places.try_emplace(
        printSpec(op.getContext(), weight.spec).getDictionary(op.getContext()),
        weights.size());
    indices.push_back(place->second);
    if (!isNew)
      continue;
    if (!getDType(weight.spec.type.getElementType()))
      return op.emitOpError("has elements that a weights file cannot hold");
    weight.name = makeName(weight, names);
    weights.push_back(std::move(weight));
  }
  if (ops.empty())
    return weights;
  llvm::Expected<SafeTensorsLayout> layout = getWeightsLayout(weights);
  if (!layout)
    return halide::WeightOp(ops.front())
        .emitOpError(toString(layout.takeError()));
  for (auto [index, weight] : llvm::enumerate(weights))
    weight.offset = layout->getOffset(index);
  return weights;
}

//===----------------------------------------------------------------------===//
// Attribute
//===----------------------------------------------------------------------===//

ArrayAttr sylvite::printWeights(MLIRContext *context,
                                ArrayRef<HostWeight> weights) {
  Builder builder(context);
  SmallVector<Attribute> list;
  for (const HostWeight &weight : weights) {
    NamedAttrList entry = printSpec(context, weight.spec);
    entry.set("name", builder.getStringAttr(weight.name));
    entry.set("offset", builder.getI64IntegerAttr(weight.offset));
    list.push_back(entry.getDictionary(context));
  }
  return builder.getArrayAttr(list);
}

static FailureOr<HostWeight> parseWeight(DictionaryAttr entry) {
  HostWeight weight;
  auto name = entry.getAs<StringAttr>("name");
  auto type = entry.getAs<TypeAttr>("type");
  auto offset = entry.getAs<IntegerAttr>("offset");
  auto tensor =
      type ? dyn_cast<RankedTensorType>(type.getValue()) : RankedTensorType();
  if (!name || !offset || !tensor || !tensor.hasStaticShape())
    return failure();
  weight.name = name.str();
  weight.spec.type = tensor;
  weight.offset = offset.getInt();
  if (auto sources = entry.getAs<ArrayAttr>("sources"))
    for (StringAttr source : sources.getAsRange<StringAttr>())
      weight.spec.sources.push_back(source.str());
  if (auto axis = entry.getAs<IntegerAttr>("axis"))
    weight.spec.axis = axis.getInt();
  if (auto panels = entry.getAs<IntegerAttr>("panels"))
    weight.spec.panels = panels.getInt();
  weight.spec.transposed = entry.contains("transposed");
  if (auto words = entry.getAs<TypeAttr>("words"))
    weight.spec.words = words.getValue();
  if (weight.spec.words && !weight.spec.words.isBF16() &&
      !weight.spec.words.isInteger(8))
    return failure();
  if (auto part = entry.getAs<StringAttr>("quantized")) {
    weight.spec.quantized = halide::symbolizeQuantizedPart(part.getValue());
    if (!weight.spec.quantized)
      return failure();
  }
  weight.spec.value = entry.getAs<ElementsAttr>("value");
  if (weight.spec.sources.empty() == !weight.spec.value)
    return failure();
  return weight;
}

FailureOr<std::vector<HostWeight>> sylvite::getWeights(ModuleOp module) {
  std::vector<HostWeight> weights;
  auto list = module->getAttrOfType<ArrayAttr>(kWeightsAttr);
  if (!list)
    return weights;
  for (Attribute attribute : list) {
    auto entry = dyn_cast<DictionaryAttr>(attribute);
    FailureOr<HostWeight> weight =
        entry ? parseWeight(entry) : FailureOr<HostWeight>(failure());
    if (failed(weight))
      return module.emitError() << kWeightsAttr << " holds " << attribute
                                << ", which describes no weight";
    weights.push_back(std::move(*weight));
  }
  return weights;
}
