//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights from files and weights from names.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/Weights.h"
#include "Random.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

llvm::Expected<Tensor> GeneratedWeights::load(llvm::StringRef name,
                                              RankedTensorType type) {
  if (!sylvite::getNumElements(type.getShape()))
    return llvm::createStringError("the weight is too large for memory");
  Tensor result(type.getShape(), type.getElementType());
  Random random(name, seed);
  int64_t last = type.getRank() ? type.getShape().back() : 1;
  double scale = 1 / std::sqrt(double(std::max<int64_t>(last, 1)));
  for (double &value : result.data)
    value = result.isInteger() ? double(random.below(2))
                               : scale * random.uniform(-1, 1);
  roundStorage(result);
  return result;
}

llvm::Expected<Tensor> StoredWeights::load(llvm::StringRef name,
                                           RankedTensorType type) {
  llvm::Expected<WeightStore::Entry> entry = store->get(name);
  if (!entry)
    return entry.takeError();
  const TensorInfo &info = *entry->tensor;
  if (type.getShape() != llvm::ArrayRef<int64_t>(info.shape))
    return llvm::createStringError(
        "the file holds " + describe(info.dtype, info.shape) +
        ", the graph expects " + toString(type.getShape()));
  if (!isa<FloatType>(type.getElementType()))
    return llvm::createStringError("stored weights are floats");
  llvm::Expected<std::vector<float>> values = store->readAsF32(name);
  store->release(name);
  if (!values)
    return values.takeError();
  Tensor result;
  result.shape.assign(type.getShape().begin(), type.getShape().end());
  result.dtype = type.getElementType();
  result.data.assign(values->begin(), values->end());
  roundStorage(result);
  return result;
}

StoredOrGeneratedWeights::StoredOrGeneratedWeights(ModuleOp module) {
  std::vector<std::string> paths;
  if (auto files =
          module->getAttrOfType<ArrayAttr>(graph::GraphDialect::kWeightFiles))
    for (StringAttr path : files.getAsRange<StringAttr>())
      paths.push_back(path.str());
  llvm::Expected<WeightStore> opened = WeightStore::open(paths);
  if (opened)
    store.emplace(std::move(*opened));
  else
    // Made-up values serve as well; who needs the files reports the error.
    llvm::consumeError(opened.takeError());
}

llvm::Expected<Tensor> StoredOrGeneratedWeights::load(llvm::StringRef name,
                                                      RankedTensorType type) {
  if (store && store->lookup(name))
    return StoredWeights(*store).load(name, type);
  return generated.load(name, type);
}
