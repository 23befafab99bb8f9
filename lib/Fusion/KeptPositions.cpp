//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Masks over a sequence, spelled out.
///
//===----------------------------------------------------------------------===//

#include "KeptPositions.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// Is the value an input that is 0 or 1? An integer that is summed up as a
/// weight is taken to be that, unless its range says otherwise.
static bool isBinaryInput(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function =
      argument
          ? dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp())
          : FunctionOpInterface();
  if (!function)
    return false;
  auto range = function.getArgAttrOfType<ArrayAttr>(
      argument.getArgNumber(), graph::GraphDialect::kRange);
  return !range || (cast<IntegerAttr>(range[0]).getInt() >= 0 &&
                    cast<IntegerAttr>(range[1]).getInt() <= 2);
}

/// What `value` is a cast or another shape of, with the same positions. A
/// reshape keeps the order of elements, so that extents of 1 do not matter.
static Value skipMove(Value value, ArrayRef<Dim> positions) {
  Operation *op = value.getDefiningOp();
  if (!isa_and_present<graph::CastOp, graph::ReshapeOp>(op))
    return {};
  Value input = op->getOperand(0);
  return dropOnes(graph::getDims(input)) == dropOnes(positions) ? input
                                                                : Value();
}

/// The m of m != 0, or null.
static Value matchNotZero(Value value) {
  auto compare = value.getDefiningOp<graph::CompareOp>();
  if (!compare || compare.getPredicate() != graph::ComparePredicate::Ne ||
      getNumber(compare.getRhs()) != 0.0)
    return {};
  Value mask = compare.getLhs();
  return isa<IntegerType>(getElementTypeOrSelf(mask)) ? mask : Value();
}

Value sylvite::skipRepeats(Value value) {
  auto getRank = [](Value tensor) {
    return cast<RankedTensorType>(tensor.getType()).getRank();
  };
  while (auto broadcast = value.getDefiningOp<graph::BroadcastToOp>()) {
    if (getRank(broadcast.getInput()) != getRank(value))
      break;
    value = broadcast.getInput();
  }
  return value;
}

Value sylvite::findMask(Value value, ArrayRef<Dim> positions,
                        MissedFusion &missed) {
  value = skipRepeats(value);
  Operation *first = value.getDefiningOp();
  // One number for all features of a position.
  SmallVector<Dim> single(positions), dims = graph::getDims(value);
  single.push_back(Dim(1));
  if (ArrayRef<Dim>(dims) != positions && dims != single)
    value = {};
  // The innermost value of the mask's shape, and whether it needs to be 0 or 1
  // to mean the same: from the first boolean on, only zero matters.
  Value mask;
  bool isBoolean = false, maskIsBoolean = false;
  while (value) {
    Type element = getElementTypeOrSelf(value);
    isBoolean |= element.isInteger(1);
    if (isa<IntegerType>(element) &&
        ArrayRef<Dim>(graph::getDims(value)) == positions) {
      mask = value;
      maskIsBoolean = isBoolean;
    }
    Value compared = matchNotZero(value);
    value = compared ? compared : skipMove(value, positions);
  }
  if (!mask) {
    missed = {"the weights are made of no mask [batch, sequence]", first,
              "compare an integer mask with 0"};
    return {};
  }
  if (!maskIsBoolean && !isBinaryInput(mask)) {
    missed = {"the mask may hold other numbers than 0 and 1",
              mask.getDefiningOp(),
              "compare it with 0, or give the input graph.range = [0, 2]"};
    return {};
  }
  return mask;
}
