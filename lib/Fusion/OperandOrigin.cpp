//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows operands of an attention backward, through transposes, reshapes,
/// factors, and the repetition of heads.
///
//===----------------------------------------------------------------------===//

#include "OperandOrigin.h"
#include "HeadSplits.h"
#include "Matchers.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// A norm below this is rounding noise, so that it does not matter what is
/// divided by in its place.
static constexpr double kMaxNormalizeEps = 1e-6;

AxisRoles sylvite::getLayoutRoles(graph::HeadLayout layout, Role sequence,
                                  bool hasGroup) {
  RoleList heads = {Role::Heads};
  if (hasGroup)
    heads.push_back(Role::Group);
  if (layout == graph::HeadLayout::Bshd)
    return {{Role::Batch}, {sequence}, heads, {Role::Features}};
  return {{Role::Batch}, heads, {sequence}, {Role::Features}};
}

/// The value that `op` multiplies by a number.
static std::optional<std::pair<Value, double>> matchScale(Operation *op) {
  if (!op || op->getNumResults() != 1)
    return std::nullopt;
  std::optional<double> factor;
  Value input;
  if (auto mul = dyn_cast<graph::MulOp>(op)) {
    factor = getNumber(mul.getRhs());
    input = mul.getLhs();
    if (!factor) {
      factor = getNumber(mul.getLhs());
      input = mul.getRhs();
    }
  } else if (auto div = dyn_cast<graph::DivOp>(op)) {
    factor = getNumber(div.getRhs());
    input = div.getLhs();
    if (factor)
      factor = 1 / *factor;
  } else if (auto neg = dyn_cast<graph::NegOp>(op)) {
    factor = -1;
    input = neg.getInput();
  }
  if (!factor || !std::isfinite(*factor) ||
      input.getType() != op->getResult(0).getType())
    return std::nullopt;
  return std::pair(input, *factor);
}

/// Does `op` make unit vectors of the features?
static bool normalizesFeatures(Operation *op, const View &view) {
  auto normalize = dyn_cast_if_present<graph::L2NormalizeOp>(op);
  return normalize &&
         view.axes[normalize.getAxis()] == RoleList{Role::Features} &&
         normalize.getEps().convertToDouble() <= kMaxNormalizeEps;
}

static bool hasGroup(const View &view) {
  return llvm::is_contained(view.getOrder(), Role::Group);
}

/// The view of what `view` repeats for all heads of a group, and nothing else.
static std::optional<View> stepRepeat(const View &view) {
  Value input = getRepeated(view.value);
  if (!input)
    return std::nullopt;
  View repeated = viewOperand(input, view);
  RoleList order = view.getOrder();
  llvm::erase(order, Role::Group);
  if (hasGroup(repeated) || repeated.getOrder() != order)
    return std::nullopt;
  return repeated;
}

Origin sylvite::trace(const View &operand, Role sequence,
                      const RoleExtents &extents, TraceOptions through) {
  Origin origin{sequence, {operand}, {}, {}, false, hasGroup(operand)};
  Source &source = origin.last;
  while (true) {
    RoleList order = source.view.getOrder();
    auto isIn = [&](graph::HeadLayout layout) {
      return order ==
             extents.flatten(getLayoutRoles(layout, sequence, origin.hasGroup));
    };
    if (isIn(graph::HeadLayout::Bhsd))
      origin.inBhsd = source;
    if (isIn(graph::HeadLayout::Bshd))
      origin.inBshd = source;

    Operation *op = source.view.value.getDefiningOp();
    if (std::optional<View> next = stepBack(source.view, extents)) {
      source.numTransposes += isa<graph::TransposeOp>(op);
      source.view = std::move(*next);
      continue;
    }
    if (auto scale = matchScale(op);
        scale && through.scale && !origin.isNormalized) {
      source.view.value = scale->first;
      source.scale *= scale->second;
      continue;
    }
    // What is behind a repetition or a normalisation cannot stand for what is
    // before it.
    std::optional<View> repeated;
    if (through.repeat && origin.hasGroup)
      repeated = stepRepeat(source.view);
    if (repeated) {
      source.view = std::move(*repeated);
      origin.hasGroup = false;
    } else if (through.normalize && !origin.isNormalized &&
               normalizesFeatures(op, source.view)) {
      origin.isNormalized = true;
      source.view.value = op->getOperand(0);
    } else {
      return origin;
    }
    origin.inBhsd = origin.inBshd = std::nullopt;
  }
}

void sylvite::sinkScales(OpOperand &operand) {
  // The moves, from the operand on.
  SmallVector<Operation *> moves;
  Value value = operand.get();
  while (value.hasOneUse() &&
         isa_and_present<graph::TransposeOp, graph::ReshapeOp>(
             value.getDefiningOp())) {
    moves.push_back(value.getDefiningOp());
    value = moves.back()->getOperand(0);
  }
  Operation *scale = value.getDefiningOp();
  auto matched = matchScale(scale);
  if (moves.empty() || !matched || !value.hasOneUse())
    return;
  OpBuilder builder(operand.getOwner());
  moves.back()->setOperand(0, matched->first);
  Type element = getElementTypeOrSelf(value.getType());
  auto number = graph::ConstantOp::create(
      builder, scale->getLoc(),
      DenseElementsAttr::get(
          RankedTensorType::get({}, element),
          ArrayRef<Attribute>(FloatAttr::get(element, matched->second))));
  operand.set(
      graph::MulOp::create(builder, scale->getLoc(), operand.get(), number));
  eraseDead(scale);
  // There may be another one before it.
  sinkScales(
      cast<graph::MulOp>(operand.get().getDefiningOp())->getOpOperand(0));
}
