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
