//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Types and rules of matrix products.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace sylvite::graph;

LogicalResult MatmulOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto lhsType = cast<RankedTensorType>(adaptor.getLhs().getType());
  auto rhsType = cast<RankedTensorType>(adaptor.getRhs().getType());
  // MATMUL-1
  if (lhsType.getRank() < 2 || rhsType.getRank() < 2 ||
      lhsType.getElementType() != rhsType.getElementType())
    return emitOptionalError(loc,
                             "operands need rank 2 or more and one element "
                             "type: ",
                             lhsType, " and ", rhsType);
  SmallVector<Dim> lhs = getDims(lhsType), rhs = getDims(rhsType);
  if (adaptor.getTransposeLhs())
    std::swap(lhs.back(), lhs[lhs.size() - 2]);
  if (adaptor.getTransposeRhs())
    std::swap(rhs.back(), rhs[rhs.size() - 2]);
  // MATMUL-2
  if (lhs.back() != rhs[rhs.size() - 2])
    return emitOptionalError(
        loc, "contracted extents differ: ", toString(lhs.back()), " and ",
        toString(rhs[rhs.size() - 2]));
  // MATMUL-3
  auto leading =
      broadcastDims(ArrayRef(lhs).drop_back(2), ArrayRef(rhs).drop_back(2));
  if (!leading)
    return emitOptionalError(loc, "leading dimensions do not broadcast: ",
                             toString(lhs), " and ", toString(rhs));
  leading->push_back(lhs[lhs.size() - 2]);
  leading->push_back(rhs.back());
  types.push_back(getTensorType(*leading, lhsType.getElementType()));
  return success();
}

//===----------------------------------------------------------------------===//
// quantize
//===----------------------------------------------------------------------===//

LogicalResult QuantizeOp::inferReturnTypes(MLIRContext *context,
                                           std::optional<Location> loc,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  auto type = cast<RankedTensorType>(adaptor.getInput().getType());
  // QUANTIZE-1
  if (type.getRank() != 2 || !type.hasStaticShape() || adaptor.getAxis() > 1)
    return emitOptionalError(loc,
                             "quantizes a static matrix along axis 0 or "
                             "1, not ",
                             type, " along ", int64_t(adaptor.getAxis()));
  types.push_back(type.clone(IntegerType::get(context, 8)));
  types.push_back(RankedTensorType::get({type.getDimSize(adaptor.getAxis())},
                                        Float32Type::get(context)));
  return success();
}

void QuantizeOp::getAsmResultNames(
    function_ref<void(Value, StringRef)> setName) {
  setName(getValues(), "values");
  setName(getScales(), "scales");
}

//===----------------------------------------------------------------------===//
// linear
//===----------------------------------------------------------------------===//

/// LINEAR-7: a product of integers cannot overflow an i32.
static constexpr int64_t kMaxQuantizedFeatures = 65536;

static LogicalResult verifyQuantized(LinearOp op) {
  Value scale = op.getWeightScale();
  Type element = getElementTypeOrSelf(op.getWeight());
  if (!scale) {
    if (isa<FloatType>(element))
      return success();
    return op.emitOpError("has a weight of ")
           << element << ", which needs quantized(scales)";
  }
  if (!element.isInteger(8) || !getElementTypeOrSelf(op.getInput()).isF32() ||
      !op.getType().getElementType().isF32() ||
      !getElementTypeOrSelf(scale).isF32())
    return op.emitOpError("quantized takes a weight of i8, and f32 for all "
                          "others, but has ")
           << op->getOperandTypes();
  if (!isVector(scale, Dim(op.getOutFeatures())))
    return op.emitOpError("expects a vector of ")
           << op.getOutFeatures() << " scales, not " << scale.getType();
  if (op.getInFeatures() > kMaxQuantizedFeatures)
    return op.emitOpError("quantized takes at most ")
           << kMaxQuantizedFeatures << " features, not " << op.getInFeatures();
  return success();
}

int64_t LinearOp::getInFeatures() {
  auto weight = cast<RankedTensorType>(getWeight().getType());
  return weight.getDimSize(getTransposeWeight() ? 1 : 0);
}

int64_t LinearOp::getOutFeatures() {
  auto weight = cast<RankedTensorType>(getWeight().getType());
  return weight.getDimSize(getTransposeWeight() ? 0 : 1);
}

LogicalResult LinearOp::verify() {
  auto weight = cast<RankedTensorType>(getWeight().getType());
  SmallVector<Dim> dims = getDims(getInput());
  // LINEAR-1
  if (weight.getRank() != 2 || !weight.hasStaticShape())
    return emitOpError("weight must be a static matrix, not ") << weight;
  if (dims.empty() || dims.back() != Dim(getInFeatures()))
    return emitOpError("weight takes ")
           << getInFeatures() << " features, but the input is "
           << toString(dims);
  // LINEAR-2
  dims.back() = Dim(getOutFeatures());
  if (getDims(getType()) != dims)
    return emitOpError("result must be ")
           << toString(dims) << ", not " << toString(getDims(getType()));
  // LINEAR-3
  for (Value vector : {getBias(), getNormScale(), getNormBias()})
    if (vector && !isVector(vector, dims.back()))
      return emitOpError("expects a vector of ")
             << getOutFeatures() << " elements, not " << vector.getType();
  // LINEAR-4
  if (getResidual() && getResidual().getType() != getType())
    return emitOpError("residual must have the result's type, not ")
           << getResidual().getType();
  // LINEAR-5
  bool norm = getNorm() != NormKind::None;
  if (norm ? !getNormScale() || !isEpsilon(getEps())
           : getNormScale() || getNormBias())
    return emitOpError(norm ? "norm needs a scale and eps >= 0"
                            : "scale and shift need a norm");
  // LINEAR-7
  if (failed(verifyQuantized(*this)))
    return failure();
  // LINEAR-6
  auto element = cast<FloatType>(getType().getElementType());
  for (Value operand : getOperands()) {
    if (isQuantized() && operand == getWeight())
      continue;
    auto other = cast<FloatType>(getElementTypeOrSelf(operand));
    bool isFactor = operand == getInput() || operand == getWeight();
    if (other != element &&
        !(isFactor && other.getWidth() < element.getWidth()))
      return emitOpError("gives elements of type ")
             << element << ", but takes " << operand.getType();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

OpCost MatmulOp::getCost(const Workload &workload) {
  SmallVector<Dim> lhs = getDims(getLhs());
  Dim depth = lhs[lhs.size() - (getTransposeLhs() ? 2 : 1)];
  // The contracted dimension may have padding as well.
  SmallVector<Dim> dims = getDims(getResult());
  dims.push_back(depth);
  OpCost cost = workload.getCost(*this, dims, 0);
  cost.products = 2 * workload.getElements(dims);
  return cost;
}

OpCost QuantizeOp::getCost(const Workload &workload) {
  return workload.getCost(*this, getDims(getInput()), /*flopsPerElement=*/2);
}

OpCost LinearOp::getCost(const Workload &workload) {
  SmallVector<Dim> dims = getDims(getResult());
  OpCost cost = workload.getCost(*this, dims,
                                 bool(getBias()) + getFlops(getActivation()) +
                                     bool(getResidual()));
  double elements = workload.getElements(dims);
  cost.products = 2 * elements * getInFeatures();
  cost.others += getNormFlops(getNorm(), bool(getNormScale()),
                              bool(getNormBias()), getOutFeatures()) *
                 elements / getOutFeatures();
  return cost;
}
