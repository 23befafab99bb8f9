//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matching pieces that the fusion passes share.
///
//===----------------------------------------------------------------------===//

#include "Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

std::optional<double> sylvite::getNumber(Value value) {
  auto constant = value.getDefiningOp<graph::ConstantOp>();
  if (!constant || !constant.getValue().isSplat())
    return std::nullopt;
  ElementsAttr elements = constant.getValue();
  Type type = elements.getElementType();
  if (isa<FloatType>(type))
    return elements.getSplatValue<APFloat>().convertToDouble();
  if (type.isInteger(1))
    return elements.getSplatValue<APInt>().getZExtValue();
  return double(elements.getSplatValue<APInt>().getSExtValue());
}

bool sylvite::isClose(double number, double expected, Type element) {
  auto type = dyn_cast<FloatType>(element);
  if (!type)
    return number == expected;
  // A few units in the last place: constants may have been calculated in the
  // tensor's own precision.
  double unit = std::ldexp(1.0, 1 - int(type.getFPMantissaWidth()));
  return std::abs(number - expected) <= 4 * unit * std::abs(expected);
}

Location sylvite::fuseLocs(ArrayRef<Operation *> ops) {
  SmallVector<Location> locs;
  for (Operation *op : ops)
    if (op)
      locs.push_back(op->getLoc());
  assert(!locs.empty() && "a fused op comes from something");
  return FusedLoc::get(locs.front().getContext(), locs);
}

void sylvite::eraseDead(Operation *op,
                        llvm::SmallPtrSetImpl<Operation *> *erased) {
  llvm::SetVector<Operation *> dead;
  dead.insert(op);
  while (!dead.empty()) {
    Operation *next = dead.pop_back_val();
    if (!isOpTriviallyDead(next))
      continue;
    for (Value operand : next->getOperands())
      if (Operation *producer = operand.getDefiningOp())
        dead.insert(producer);
    if (erased)
      erased->insert(next);
    next->erase();
  }
}
