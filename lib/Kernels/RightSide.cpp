//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Packed weights, and matrices that the kernel packs itself.
///
//===----------------------------------------------------------------------===//

#include "RightSide.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

/// Bytes at a multiple of which packed weights begin.
static constexpr int64_t kAlignment = 64;

FailureOr<RightSide> RightSide::read(KernelBuilder &kernel, Value value,
                                     bool transposed, unsigned batch,
                                     Type wide) {
  LoweringContext &context = kernel.getContext();
  RightSide side;
  side.width = context.getTarget().panelColumns;
  auto type = cast<RankedTensorType>(value.getType());
  if (LoweringContext::isWeight(value) && type.getRank() == 2)
    return readPacked(kernel, value, {.transposed = transposed});
  FailureOr<Operand> matrix = kernel.read(value);
  if (failed(matrix))
    return failure();
  Extent columns = getExtents(value).end()[transposed ? -2 : -1];
  Expr last = kernel.extent(columns) - 1;
  static constexpr StringRef names[] = {"ni", "k",  "no", "b0", "b1",
                                        "b2", "b3", "b4", "b5", "b6",
                                        "b7", "b8", "b9"};
  side.func = kernel.func(
      "rhs", ArrayRef(names).take_front(3 + batch), wide, [&](Vars v) {
        SmallVector<Expr> place = reversed(v.drop_front(3));
        // Columns beyond the last one repeat it; nobody looks at their results.
        Expr n = min(v[2] * double(side.width) + v[0], last);
        place.push_back(transposed ? n : v[1]);
        place.push_back(transposed ? v[1] : n);
        return cast(matrix->atBroadcast(place), wide);
      });
  return side;
}

/// A weight that is packed so, in panels of the target's width.
RightSide RightSide::readPacked(KernelBuilder &kernel, Value weight,
                                WeightPacking packing) {
  LoweringContext &context = kernel.getContext();
  RightSide side;
  side.width = packing.panels = context.getTarget().panelColumns;
  side.packed = kernel.addInput(context.getWeight(weight, packing), kAlignment);
  return side;
}

RightSide RightSide::readWords(KernelBuilder &kernel, Value weight,
                               bool transposed, int64_t parts) {
  return readPacked(kernel, weight, {.transposed = transposed, .words = parts});
}

RightSide RightSide::readOffsets(KernelBuilder &kernel, Value weight,
                                 bool transposed) {
  return readPacked(kernel, weight,
                    {.transposed = transposed, .offsets = true});
}

Expr RightSide::at(Vars batch, Expr k, Expr n) const {
  SmallVector<Expr> place{mod(n, double(width)), k, floorDiv(n, double(width))};
  if (packed.getValue())
    return packed(place);
  llvm::append_range(place, llvm::reverse(batch));
  return func(place);
}
