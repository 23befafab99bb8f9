//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The place of the largest element. It is found in two steps, since vectors
/// compare without branches: the largest value, then the first place that holds
/// it. Comparisons with a NaN are false, so that none is the largest.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RowReduction.h"

using namespace mlir;
using namespace sylvite;

/// The value that is less than any other, or equal.
static Expr getLowest(KernelBuilder &kernel, Type type) {
  OpBuilder &builder = kernel.getBuilder();
  if (auto floats = dyn_cast<FloatType>(type))
    return kernel.constant(builder.getFloatAttr(
        type, APFloat::getInf(floats.getFloatSemantics(), /*Negative=*/true)));
  unsigned width = type.getIntOrFloatBitWidth();
  return kernel.constant(builder.getIntegerAttr(
      type, width == 1 ? APInt(1, 0) : APInt::getSignedMinValue(width)));
}

LogicalResult sylvite::lowerArgmax(graph::ArgmaxOp op,
                                   LoweringContext &context) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  Type wide = getComputeType(type.getElementType());
  Extents dims = getExtents(op.getInput()), kept = getExtents(op.getResult());
  unsigned axis = op.getAxis(), rank = std::max<size_t>(kept.size(), 1);
  KernelBuilder kernel(context, op.getLoc(),
                       "argmax_" + getTypeName(type.getElementType()) + "_" +
                           Twine(dims.size()) + "d",
                       "argmax");
  FailureOr<Operand> input = kernel.read(op.getInput());
  if (failed(input))
    return failure();
  auto elementAt = [&](Expr k, Vars row) {
    SmallVector<Expr> place = reversed(row.take_front(kept.size()));
    place.insert(place.begin() + axis, k);
    return cast(input->at(place), wide);
  };
  ArrayRef<StringRef> rows = KernelBuilder::getVarNames(rank);
  Func largest = reduceRows(
      kernel,
      {"max", rows, dims[axis], /*others=*/{}, getLowest(kernel, wide),
       wide.isInteger(1) ? [](Expr a, Expr b) { return a || b; } : maxElements,
       [&](Vars k, Vars row) { return elementAt(k[0], row); }});
  Expr none = kernel.index(std::numeric_limits<int32_t>::max());
  Func first =
      reduceRows(kernel, {"first", rows, dims[axis], /*others=*/{}, none,
                          [](Expr a, Expr b) { return min(a, b); },
                          [&](Vars k, Vars row) {
                            return select(elementAt(k[0], row) == largest(row),
                                          k[0], none);
                          }});
  Func out =
      kernel.func("out", rank, op.getType().getElementType(), [&](Vars row) {
        // A row of NaNs has none.
        Expr place = first(row);
        return cast(select(place == none, place.like(0), place),
                    op.getType().getElementType());
      });
  context.setResult(op.getResult(), kernel.finish(out, kept));
  return success();
}
