//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The weights of a package.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/PackWeights.h"

#include "sylvite/Emit/Host/WeightList.h"

#include "llvm/ADT/STLExtras.h"

#include <memory>

using namespace sylvite;
using namespace llvm;

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
  // The program was compiled with these offsets.
  for (auto [index, weight] : enumerate(*weights))
    if (layout->getOffset(index) != weight.offset)
      return module.emitError()
             << "weight '" << weight.name << "' lies at " << weight.offset
             << ", its place is " << layout->getOffset(index);
  auto list = std::make_shared<std::vector<HostWeight>>(std::move(*weights));
  auto write = [list, &store](size_t index, raw_ostream &os) {
    const HostWeight &weight = (*list)[index];
    Error error = packWeight(weight.spec, store, os);
    return error ? createStringError("weight '" + Twine(weight.name) +
                                     "': " + toString(std::move(error)))
                 : std::move(error);
  };
  packed.emplace(PackedWeights{std::move(*layout), write});
  return packed;
}
