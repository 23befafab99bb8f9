//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes the copies that keep values in their places.
///
/// The analysis of one-shot bufferization tells which values are in their place
/// without a copy. Those of inner loops come first, since the result of a loop
/// is in the place of what it began with only once that holds of what it
/// carries.
///
//===----------------------------------------------------------------------===//

#include "KeepPlaces.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace sylvite;

namespace {

/// An operand, and the tensor whose buffer its value must end in.
struct Place {
  OpOperand *value;
  Value tensor;
};

using Places = SmallVector<Place>;

} // namespace

static void addPlaces(MutableArrayRef<OpOperand> values, ValueRange tensors,
                      Places &places) {
  for (auto [value, tensor] : llvm::zip(values, tensors))
    if (isa<TensorType>(tensor.getType()))
      places.push_back({&value, tensor});
}

/// Places by the depth of their loop, 0 for the function.
static void collectPlaces(Region &region, unsigned depth,
                          SmallVectorImpl<Places> &places) {
  if (places.size() <= depth)
    places.resize(depth + 1);
  for (Operation &op : region.getOps()) {
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      collectPlaces(loop.getRegion(), depth + 1, places);
      addPlaces(loop.getYieldedValuesMutable().value(),
                loop.getRegionIterArgs(), places[depth + 1]);
    } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
      collectPlaces(loop.getAfter(), depth + 1, places);
      addPlaces(loop.getYieldOp().getResultsMutable(), loop.getAfterArguments(),
                places[depth + 1]);
    } else if (auto end = dyn_cast<MaterializeInDestinationOp>(op)) {
      // Of a function's results; those in place go into an input's buffer.
      for (Operation *user : end.getDest().getUsers())
        if (auto input = dyn_cast<ToTensorOp>(user))
          places[depth].push_back({&end.getSourceMutable(), input.getResult()});
    }
  }
}

LogicalResult sylvite::keepPlaces(func::FuncOp function,
                                  const OneShotBufferizationOptions &options) {
  SmallVector<Places> places;
  collectPlaces(function.getBody(), 0, places);
  OneShotBufferizationOptions tolerant = options;
  tolerant.allowReturnAllocsFromLoops = true;
  for (const Places &level : llvm::reverse(places)) {
    if (level.empty())
      continue;
    OneShotAnalysisState state(function, tolerant);
    if (failed(analyzeOp(function, state)))
      return failure();
    SmallVector<Place> elsewhere;
    for (const Place &place : level)
      if (!state.areEquivalentBufferizedValues(place.value->get(),
                                               place.tensor))
        elsewhere.push_back(place);
    for (const Place &place : elsewhere) {
      Operation *owner = place.value->getOwner();
      OpBuilder builder(owner);
      Value value = place.value->get();
      auto copy = MaterializeInDestinationOp::create(
          builder, owner->getLoc(), value.getType(), value, place.tensor);
      place.value->set(copy.getResult());
    }
  }
  return success();
}
