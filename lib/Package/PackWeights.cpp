//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All packed weights of a module, one at a time; how one is packed is the
/// kernels phase's.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/PackWeights.h"

#include "sylvite/Kernels/PackWeight.h"
#include "llvm/ADT/STLExtras.h"

#include <memory>

using namespace sylvite;
using namespace llvm;

/// What the kernels phase knows of a weight.
static WeightSpec getSpec(const HostWeight &weight) {
  WeightSpec spec;
  spec.type = weight.type;
  spec.sources = weight.sources;
  spec.value = weight.value;
  spec.axis = weight.axis;
  spec.panels = weight.panels.value_or(0);
  spec.transposed = weight.transposed;
  return spec;
}

Error sylvite::packWeight(const HostWeight &weight, const WeightStore &store,
                          raw_ostream &os) {
  if (Error error = packWeight(getSpec(weight), store, os))
    return createStringError("weight '" + Twine(weight.name) +
                             "': " + toString(std::move(error)));
  return Error::success();
}

mlir::FailureOr<std::optional<PackedWeights>>
sylvite::getPackedWeights(mlir::ModuleOp module, const WeightStore &store) {
  mlir::FailureOr<std::vector<HostWeight>> weights = getWeights(module);
  if (failed(weights))
    return mlir::failure();
  std::optional<PackedWeights> packed;
  if (weights->empty())
    return packed;
  Expected<SafeTensorsLayout> layout = getWeightsLayout(*weights);
  if (!layout)
    return module.emitError(toString(layout.takeError()));
  for (auto [index, weight] : enumerate(*weights))
    if (layout->getOffset(index) != weight.offset)
      return module.emitError()
             << "weight '" << weight.name << "' lies at " << weight.offset
             << ", its place is " << layout->getOffset(index);
  auto list =
      std::make_shared<std::vector<HostWeight>>(std::move(*weights));
  packed.emplace(PackedWeights{
      std::move(*layout), [list, &store](size_t index, raw_ostream &os) {
        return packWeight((*list)[index], store, os);
      }});
  return packed;
}
