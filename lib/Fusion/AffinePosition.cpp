//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Sums of positions.
///
//===----------------------------------------------------------------------===//

#include "AffinePosition.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// No mask compares deeper sums.
static constexpr unsigned kMaxDepth = 12;
/// Sums of numbers up to this one stay within 64 bits.
static constexpr double kMaxNumber = 0x1p40;

AffinePosition AffinePosition::operator-() const {
  return {-query, -key, -number, minus, plus};
}

AffinePosition AffinePosition::operator+(const AffinePosition &other) const {
  AffinePosition sum = *this;
  sum.query += other.query;
  sum.key += other.key;
  sum.number += other.number;
  sum.plus.append(other.plus);
  sum.minus.append(other.minus);
  return sum;
}

std::optional<View> sylvite::stepMove(const View &view,
                                      const RoleExtents &extents) {
  if (auto broadcast = view.value.getDefiningOp<graph::BroadcastToOp>())
    return viewOperand(broadcast.getInput(), view);
  return stepBack(view, extents);
}

/// The position along one dimension; none along the batch or the heads.
static std::optional<AffinePosition> getPosition(const RoleList &axis) {
  // The only position of a dimension of extent 1 is 0.
  if (axis.empty())
    return AffinePosition();
  if (axis == RoleList{Role::Query})
    return AffinePosition{.query = 1};
  if (axis == RoleList{Role::Key})
    return AffinePosition{.key = 1};
  return std::nullopt;
}

/// n, n + 1, n + 2, ... written as a constant.
static std::optional<AffinePosition> readRange(graph::ConstantOp op,
                                               const View &view) {
  auto elements = dyn_cast<DenseIntElementsAttr>(op.getValue());
  if (!elements || elements.empty() || elements.getElementType().isInteger(1))
    return std::nullopt;
  const RoleList *ranged = nullptr;
  for (const RoleList &axis : view.axes)
    if (!axis.empty()) {
      if (ranged)
        return std::nullopt;
      ranged = &axis;
    }
  if (!ranged)
    return std::nullopt;
  int64_t first = (*elements.begin()).getSExtValue();
  if (std::abs(double(first)) > kMaxNumber)
    return std::nullopt;
  for (auto [i, value] : llvm::enumerate(elements))
    if (value.getSExtValue() != first + int64_t(i))
      return std::nullopt;
  std::optional<AffinePosition> position = getPosition(*ranged);
  if (position)
    position->number = first;
  return position;
}

static std::optional<AffinePosition>
read(const View &view, const RoleExtents &extents, unsigned depth);

/// Positions that count from the begin of a range on.
static std::optional<AffinePosition> readSlice(graph::SliceOp op,
                                               const View &view,
                                               const RoleExtents &extents,
                                               unsigned depth) {
  const RoleList &axis = view.axes[op.getAxis()];
  // A single position that is left of several has no role to count along.
  if (axis.empty())
    return std::nullopt;
  auto position = read({op.getInput(), view.axes}, extents, depth + 1);
  // Other tensors have elements that are none of the scores'.
  if (!position || position->hasTensors())
    return std::nullopt;
  int64_t step = axis == RoleList{Role::Query} ? position->query
                 : axis == RoleList{Role::Key} ? position->key
                                               : 0;
  position->number += step * int64_t(op.getBegin());
  return position;
}

static std::optional<AffinePosition>
read(const View &view, const RoleExtents &extents, unsigned depth) {
  Type element = getElementTypeOrSelf(view.value);
  if (std::optional<double> number = getNumber(view.value)) {
    if (*number != std::floor(*number) || std::abs(*number) > kMaxNumber)
      return std::nullopt;
    return AffinePosition{.number = int64_t(*number)};
  }
  Operation *op = view.value.getDefiningOp();
  if (depth > kMaxDepth)
    return std::nullopt;
  if (auto iota = dyn_cast_if_present<graph::IotaOp>(op))
    return getPosition(view.axes[iota.getAxis()]);
  // Running sums of one number count positions.
  if (auto sum = dyn_cast_if_present<graph::CumsumOp>(op))
    if (auto step = read({sum.getInput(), view.axes}, extents, depth + 1);
        step && step->isNumber())
      if (auto position = getPosition(view.axes[sum.getAxis()]))
        return AffinePosition{.query = position->query * step->number,
                              .key = position->key * step->number,
                              .number = step->number};
  if (auto constant = dyn_cast_if_present<graph::ConstantOp>(op))
    if (auto range = readRange(constant, view))
      return range;
  if (auto slice = dyn_cast_if_present<graph::SliceOp>(op))
    if (auto position = readSlice(slice, view, extents, depth))
      return position;
  if (auto input = stepMove(view, extents))
    return read(*input, extents, depth + 1);
  if (auto cast = dyn_cast_if_present<graph::CastOp>(op)) {
    // Whole numbers stay what they are, unless the type has only two.
    auto from = dyn_cast<IntegerType>(getElementTypeOrSelf(cast.getInput()));
    if (from && from.getWidth() > 1 && !element.isInteger(1))
      return read({cast.getInput(), view.axes}, extents, depth + 1);
  }
  if (auto neg = dyn_cast_if_present<graph::NegOp>(op)) {
    auto input = read({neg.getInput(), view.axes}, extents, depth + 1);
    return input ? std::optional(-*input) : std::nullopt;
  }
  if (isa_and_present<graph::AddOp, graph::SubOp>(op)) {
    auto lhs = read(viewOperand(op->getOperand(0), view), extents, depth + 1);
    auto rhs = read(viewOperand(op->getOperand(1), view), extents, depth + 1);
    if (!lhs || !rhs)
      return std::nullopt;
    return isa<graph::AddOp>(op) ? *lhs + *rhs : *lhs - *rhs;
  }
  if (!isa<IntegerType>(element) || element.isInteger(1))
    return std::nullopt;
  AffinePosition tensor;
  tensor.plus.push_back(view);
  return tensor;
}

std::optional<AffinePosition>
sylvite::readPosition(const View &view, const RoleExtents &extents) {
  return read(view, extents, 0);
}
