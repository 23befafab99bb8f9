//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Types and rules of reductions, softmax and norms.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace sylvite::graph;

bool sylvite::graph::isVector(Value value, Dim features) {
  SmallVector<Dim> dims = getDims(value);
  return dims.size() == 1 && dims.front() == features;
}

bool sylvite::graph::isEpsilon(const APFloat &eps) {
  return eps.convertToDouble() >= 0;
}

LogicalResult sylvite::graph::verifyOneElementType(Operation *op) {
  Type element = getElementTypeOrSelf(op->getResult(0));
  for (Type type : op->getOperandTypes()) {
    Type other = getElementTypeOrSelf(type);
    if (isa<FloatType>(other) && other != element)
      return op->emitOpError("gives elements of type ")
             << element << ", but takes " << type;
  }
  return success();
}

LogicalResult ReduceOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<bool> reduced(input.getRank());
  for (int64_t axis : adaptor.getAxes()) {
    // REDUCE-1
    if (axis < 0 || axis >= input.getRank() || reduced[axis])
      return emitOptionalError(loc, "axis ", axis,
                               " is repeated or outside a "
                               "tensor of rank ",
                               input.getRank());
    reduced[axis] = true;
  }
  SmallVector<Dim> dims;
  for (auto [i, dim] : llvm::enumerate(getDims(input))) {
    if (!reduced[i])
      dims.push_back(dim);
    else if (adaptor.getKeepdims())
      dims.push_back(Dim(1));
  }
  types.push_back(getTensorType(dims, input.getElementType()));
  return success();
}

LogicalResult ArgmaxOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  SmallVector<Dim> dims = getDims(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), rank = dims.size();
  // ARGMAX-1
  if (axis < 0 || axis >= rank)
    return emitOptionalError(loc, "axis ", axis,
                             " is outside a tensor of rank ", rank);
  dims.erase(dims.begin() + axis);
  types.push_back(getTensorType(dims, IntegerType::get(context, 64)));
  return success();
}

/// AXIS-1
static LogicalResult verifyAxis(Operation *op, int64_t axis) {
  int64_t rank = cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  if (axis < 0 || axis >= rank)
    return op->emitOpError("axis ")
           << axis << " is outside a tensor of rank " << rank;
  return success();
}

LogicalResult CumsumOp::verify() { return verifyAxis(*this, getAxis()); }
LogicalResult SoftmaxOp::verify() { return verifyAxis(*this, getAxis()); }
LogicalResult LogSoftmaxOp::verify() { return verifyAxis(*this, getAxis()); }

LogicalResult L2NormalizeOp::verify() {
  // L2_NORMALIZE-1
  if (!isEpsilon(getEps()))
    return emitOpError("needs eps >= 0");
  return verifyAxis(*this, getAxis());
}

template <typename NormOp>
static LogicalResult verifyNorm(NormOp op) {
  SmallVector<Dim> dims = getDims(op.getInput());
  // NORM-3
  if (dims.empty() || !dims.back().isStatic() || !isEpsilon(op.getEps()))
    return op.emitOpError("needs a static last axis and eps >= 0");
  // NORM-1
  for (Value vector : {op.getScale(), op.getBias()})
    if (vector && !isVector(vector, dims.back()))
      return op.emitOpError("expects a vector of ")
             << dims.back().size << " elements, not " << vector.getType();
  if (failed(verifyOneElementType(op)))
    return failure();
  // NORM-2
  if (op.getResidual() && op.getResidual().getType() != op.getType())
    return op.emitOpError("residual must have the input's type, not ")
           << op.getResidual().getType();
  return success();
}

LogicalResult LayerNormOp::verify() { return verifyNorm(*this); }
LogicalResult RmsNormOp::verify() { return verifyNorm(*this); }

LogicalResult BatchNormOp::verify() {
  SmallVector<Dim> dims = getDims(getInput());
  int64_t rank = dims.size(), axis = getAxis();
  // BATCH_NORM-1
  if (failed(verifyAxis(*this, axis)))
    return failure();
  // BATCH_NORM-2
  bool isStored = getMean() && getVariance();
  if (isStored == getOver().has_value() || bool(getMean()) != isStored ||
      bool(getVariance()) != isStored)
    return emitOpError("needs a mean and a variance, or axes to go over, and "
                       "not both");
  // BATCH_NORM-3
  SmallVector<bool> reduced(rank);
  for (int64_t over : getOver().value_or(ArrayRef<int64_t>())) {
    if (over < 0 || over >= rank || over == axis || reduced[over])
      return emitOpError("axis ")
             << over << " is repeated, the channels' own, or outside a tensor "
             << "of rank " << rank;
    reduced[over] = true;
  }
  // BATCH_NORM-4
  for (Value vector : {getMean(), getVariance(), getScale(), getBias()})
    if (vector && !isVector(vector, dims[axis]))
      return emitOpError("expects vectors of the channels' extent, not ")
             << vector.getType();
  if (failed(verifyOneElementType(*this)))
    return failure();
  // BATCH_NORM-5
  if (!isEpsilon(getEps()))
    return emitOpError("needs eps >= 0");
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

OpCost ReduceOp::getCost(const Workload &workload) {
  bool isFloat = isa<FloatType>(getType().getElementType());
  SmallVector<Dim> dims = getDims(getInput());
  OpCost cost = workload.getCost(*this, dims, isFloat ? 1 : 0);
  if (isFloat && getKind() == ReduceKind::Mean)
    cost.others += workload.getElements(getResult());
  return cost;
}

/// A comparison for each element.
OpCost ArgmaxOp::getCost(const Workload &workload) {
  bool isFloat = isa<FloatType>(getInput().getType().getElementType());
  return workload.getCost(*this, getDims(getInput()), isFloat ? 1 : 0);
}

/// So many FLOP for each element, and for each line along `axis`.
template <typename AxisOp>
static OpCost getLineCost(AxisOp op, const Workload &workload,
                          double flopsPerElement, double flopsPerLine) {
  SmallVector<Dim> dims = getDims(op.getInput());
  OpCost cost = workload.getCost(op, dims, flopsPerElement);
  cost.others += flopsPerLine * workload.getElements(dims) /
                 std::max(1.0, workload.getExtent(dims[op.getAxis()]));
  return cost;
}

OpCost CumsumOp::getCost(const Workload &workload) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(getType()));
  return getLineCost(*this, workload, isFloat ? 1 : 0, 0);
}

/// The maximum, a difference, exp, the sum, a quotient.
OpCost SoftmaxOp::getCost(const Workload &workload) {
  return getLineCost(*this, workload, 5, 0);
}

/// The maximum, a difference, exp, the sum, a difference; ln.
OpCost LogSoftmaxOp::getCost(const Workload &workload) {
  return getLineCost(*this, workload, 5, 1);
}

/// A square, the sum, a quotient; sqrt, a maximum.
OpCost L2NormalizeOp::getCost(const Workload &workload) {
  return getLineCost(*this, workload, 3, 2);
}

double sylvite::graph::getNormFlops(NormKind kind, bool hasScale, bool hasBias,
                                    int64_t features) {
  double affine = double(hasScale) + double(hasBias);
  switch (kind) {
  case NormKind::None:
    return 0;
  // The sum, a difference, a square, the sum, a product; two quotients, eps,
  // sqrt, 1 / x.
  case NormKind::Layer:
    return (5 + affine) * features + 5;
  // A square, the sum, a product; a quotient, eps, sqrt, 1 / x.
  case NormKind::Rms:
    return (3 + affine) * features + 4;
  }
  llvm_unreachable("all norms are above");
}

template <typename NormOp>
static OpCost getNormCost(NormOp op, const Workload &workload, NormKind kind) {
  SmallVector<Dim> dims = getDims(op.getInput());
  OpCost cost = workload.getCost(op, dims, bool(op.getResidual()));
  int64_t features = dims.back().size;
  if (features)
    cost.others +=
        getNormFlops(kind, bool(op.getScale()), bool(op.getBias()), features) *
        workload.getElements(dims) / features;
  return cost;
}

OpCost LayerNormOp::getCost(const Workload &workload) {
  return getNormCost(*this, workload, NormKind::Layer);
}

OpCost RmsNormOp::getCost(const Workload &workload) {
  return getNormCost(*this, workload, NormKind::Rms);
}

/// A difference and a product, and what a norm has besides; the root and 1 / x
/// of a channel. Statistics of the batch take a sum, a difference, a square and
/// a sum.
OpCost BatchNormOp::getCost(const Workload &workload) {
  SmallVector<Dim> dims = getDims(getInput());
  double flops = 2 + bool(getScale()) + bool(getBias());
  if (getOver())
    flops += 4;
  OpCost cost = workload.getCost(*this, dims, flops);
  double statistics = 1;
  for (int64_t axis = 0; axis < int64_t(dims.size()); ++axis)
    if (getOver() ? !llvm::is_contained(*getOver(), axis)
                  : axis == int64_t(getAxis()))
      statistics *= workload.getExtent(dims[axis]);
  // Of the batch's own, also two quotients.
  cost.others += statistics * (getOver() ? 5 : 3);
  return cost;
}
