//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of positional encodings.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"

using namespace mlir;
using namespace sylvite::graph;

/// POSITIONAL_ENCODING-4
static LogicalResult verifyFormula(PositionalEncodingOp op) {
  if (op.getFormula().empty())
    return success();
  Type element = op.getType().getElementType();
  Block &block = op.getFormula().front();
  bool valid = block.getNumArguments() == 2 &&
               llvm::all_of(block.getArgumentTypes(),
                            [](Type type) { return type.isIndex(); });
  // Rules are checked before blocks are: there may be no last op.
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!valid || !yield || yield.getValue().getType() != element)
    return op.emitOpError("formula must take (index, index) and yield ")
           << element;
  return success();
}

LogicalResult PositionalEncodingOp::verify() {
  SmallVector<Dim> dims = getDims(getType());
  // POSITIONAL_ENCODING-1
  if (dims.empty() || !dims.back().isStatic() ||
      (dims.size() < 2 && !getPositions()))
    return emitOpError("needs static channels, and positions or a result of "
                       "rank 2 or more");
  // POSITIONAL_ENCODING-2
  dims.pop_back();
  if (getPositions() && getDims(getPositions()) != dims)
    return emitOpError("positions must be ")
           << toString(dims) << ", not " << toString(getDims(getPositions()));
  // POSITIONAL_ENCODING-3
  if (!(getBase().convertToDouble() > 0))
    return emitOpError("needs base > 0");
  return verifyFormula(*this);
}

int64_t RotaryEmbeddingOp::getRotated() {
  return getRotaryDims().value_or(getType().getShape().back());
}

/// Do these dimensions broadcast to `to` without changing it?
static bool broadcastsTo(ArrayRef<Dim> from, ArrayRef<Dim> to) {
  auto both = broadcastDims(from, to);
  return both && ArrayRef<Dim>(*both) == to;
}

LogicalResult RotaryEmbeddingOp::verify() {
  SmallVector<Dim> dims = getDims(getInput());
  int64_t rank = dims.size();
  // ROTARY_EMBEDDING-1
  int64_t rotated = rank < 2 || !dims.back().isStatic() ? 0 : getRotated();
  if (rotated < 2 || rotated % 2 || rotated > dims.back().size)
    return emitOpError("needs rank 2 or more and an even number of static "
                       "features to rotate");
  // ROTARY_EMBEDDING-2
  bool hasTables = getCos() && getSin();
  if (bool(getCos()) != bool(getSin()) ||
      getAxis().has_value() + bool(getPositions()) + hasTables != 1)
    return emitOpError("needs an axis, or positions, or tables of cosines and "
                       "sines");
  // ROTARY_EMBEDDING-3
  int64_t axis = getAxis().value_or(0);
  if (getAxis() && (axis < 0 || axis >= rank - 1))
    return emitOpError("axis ")
           << axis << " is none in front of the features of a tensor of "
           << "rank " << rank;
  // ROTARY_EMBEDDING-4
  dims.pop_back();
  if (getPositions() && !broadcastsTo(getDims(getPositions()), dims))
    return emitOpError("positions ")
           << toString(getDims(getPositions())) << " do not broadcast to "
           << toString(dims);
  // ROTARY_EMBEDDING-5
  if (hasTables) {
    SmallVector<Dim> table = getDims(getCos());
    bool fits =
        getCos().getType() == getSin().getType() && !table.empty() &&
        (table.back() == Dim(rotated) || table.back() == Dim(rotated / 2)) &&
        broadcastsTo(ArrayRef(table).drop_back(), dims);
    if (!fits)
      return emitOpError("tables must be of one type, for the input's places "
                         "and the rotated features or half of them, not ")
             << getCos().getType() << " and " << getSin().getType();
  }
  if (failed(verifyOneElementType(*this)))
    return failure();
  // ROTARY_EMBEDDING-6
  if (!(getBase().convertToDouble() > 0))
    return emitOpError("needs base > 0");
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// A power, a quotient and a sine or cosine.
OpCost PositionalEncodingOp::getCost(const Workload &workload) {
  double flops = getFormula().empty() ? 3 : countFlops(getFormula());
  OpCost cost = workload.getCost(*this, getDims(getResult()), flops);
  workload.addFormulaReads(cost, getFormula());
  return cost;
}

/// Two products and their sum for each rotated feature; for each position and
/// pair without tables a power, a quotient, a sine and a cosine.
OpCost RotaryEmbeddingOp::getCost(const Workload &workload) {
  SmallVector<Dim> dims = getDims(getResult());
  OpCost cost = workload.getCost(*this, dims, 0);
  double rows = workload.getElements(ArrayRef(dims).drop_back());
  cost.others = 3 * rows * getRotated();
  if (getPositions())
    cost.others += 2 * workload.getElements(getPositions()) * getRotated();
  if (getAxis())
    cost.others += 2 * workload.getExtent(dims[*getAxis()]) * getRotated();
  return cost;
}
