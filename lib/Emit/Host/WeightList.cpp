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
  std::string name = base;
  for (int i = 2; !taken.insert(name).second; ++i)
    name = base + " " + std::to_string(i);
  return name;
}

llvm::Expected<SafeTensorsLayout>
sylvite::getWeightsLayout(ArrayRef<HostWeight> weights) {
  std::vector<TensorSpec> tensors;
  for (const HostWeight &weight : weights) {
    std::optional<DType> dtype = getDType(weight.spec.type.getElementType());
    if (!dtype)
      return llvm::createStringError("a weights file cannot hold the elements "
                                     "of '" +
                                     weight.name + "'");
    tensors.push_back(
        {weight.name, *dtype, llvm::to_vector<4>(weight.spec.type.getShape())});
  }
  return SafeTensorsLayout::create(std::move(tensors));
}

FailureOr<std::vector<HostWeight>>
sylvite::layOutWeights(ArrayRef<halide::WeightOp> ops,
                       SmallVectorImpl<size_t> &indices) {
  std::vector<HostWeight> weights;
  llvm::DenseMap<std::pair<Attribute, Type>, size_t> known;
  llvm::StringSet<> names;
  for (halide::WeightOp op : ops) {
    auto type = cast<RankedTensorType>(op.getType());
    auto [place, isNew] = known.try_emplace(
        {op->getPropertiesAsAttribute(), type}, weights.size());
    indices.push_back(place->second);
    if (!isNew)
      continue;
    if (!getDType(type.getElementType()))
      return op.emitOpError("has elements that a weights file cannot hold");
    HostWeight weight;
    weight.spec = WeightSpec(op);
    weight.name = makeName(weight, names);
    weights.push_back(std::move(weight));
  }
  if (weights.empty())
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
    SmallVector<StringRef> sources(weight.spec.sources.begin(),
                                   weight.spec.sources.end());
    NamedAttrList entry;
    entry.set("name", builder.getStringAttr(weight.name));
    entry.set("offset", builder.getI64IntegerAttr(weight.offset));
    entry.set("type", TypeAttr::get(weight.spec.type));
    if (!sources.empty())
      entry.set("sources", builder.getStrArrayAttr(sources));
    if (weight.spec.axis)
      entry.set("axis", builder.getI64IntegerAttr(weight.spec.axis));
    if (weight.spec.panels)
      entry.set("panels", builder.getI64IntegerAttr(weight.spec.panels));
    if (weight.spec.transposed)
      entry.set("transposed", builder.getUnitAttr());
    if (weight.spec.value)
      entry.set("value", weight.spec.value);
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
