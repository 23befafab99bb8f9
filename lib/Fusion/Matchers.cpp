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
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// Numbers are calculated in no more steps.
static constexpr unsigned kMaxDepth = 8;

/// What an op of arithmetic makes of the numbers of its operands.
static std::optional<double> calculate(Operation *op, ArrayRef<double> x) {
  return llvm::TypeSwitch<Operation *, std::optional<double>>(op)
      .Case([&](graph::NegOp) { return -x[0]; })
      .Case([&](graph::SqrtOp) { return std::sqrt(x[0]); })
      .Case([&](graph::RsqrtOp) { return 1 / std::sqrt(x[0]); })
      .Case([&](graph::ReciprocalOp) { return 1 / x[0]; })
      .Case([&](graph::AddOp) { return x[0] + x[1]; })
      .Case([&](graph::SubOp) { return x[0] - x[1]; })
      .Case([&](graph::MulOp) { return x[0] * x[1]; })
      .Case([&](graph::DivOp) { return x[0] / x[1]; })
      .Case([&](graph::PowOp) { return std::pow(x[0], x[1]); })
      .Default([](Operation *) { return std::nullopt; });
}

static std::optional<double> getNumber(Value value, unsigned depth) {
  Operation *op = value.getDefiningOp();
  auto constant = dyn_cast_if_present<graph::ConstantOp>(op);
  if (op && !constant && depth < kMaxDepth &&
      isa<graph::GraphDialect>(op->getDialect()) && op->getNumResults() == 1) {
    // Whole numbers may overflow; they stay what they are when cast to floats.
    bool isCast = isa<graph::CastOp>(op);
    bool isMove = isa<graph::ReshapeOp, graph::BroadcastToOp,
                      graph::TransposeOp, graph::SliceOp>(op);
    if (op->getNumOperands() == 0 || op->getNumOperands() > 2 ||
        (!isMove && !isa<FloatType>(getElementTypeOrSelf(value))))
      return std::nullopt;
    SmallVector<double> operands;
    for (Value operand : op->getOperands()) {
      std::optional<double> number = getNumber(operand, depth + 1);
      if (!number)
        return std::nullopt;
      operands.push_back(*number);
    }
    return isCast || isMove ? operands[0] : calculate(op, operands);
  }
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

std::optional<double> sylvite::getNumber(Value value) {
  return ::getNumber(value, 0);
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

SmallVector<graph::Dim> sylvite::dropOnes(ArrayRef<graph::Dim> dims) {
  SmallVector<graph::Dim> kept;
  for (const graph::Dim &dim : dims)
    if (!dim.isOne())
      kept.push_back(dim);
  return kept;
}
