//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of loops over time and of state.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"

using namespace mlir;
using namespace sylvite::graph;

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

NextOp ScanOp::getNext() { return cast<NextOp>(getBody().front().back()); }

/// The outputs' and the sequences' types, in this order.
static SmallVector<RankedTensorType> getTimedTypes(ScanOp op) {
  SmallVector<RankedTensorType> types;
  for (Type type : op.getStacked().getTypes())
    types.push_back(cast<RankedTensorType>(type));
  for (Type type : op.getSequences().getTypes())
    types.push_back(cast<RankedTensorType>(type));
  return types;
}

Dim ScanOp::getTimeExtent() {
  SmallVector<RankedTensorType> timed = getTimedTypes(*this);
  return timed.empty() ? Dim(getStepsAttr().getInt())
                       : getDims(timed.front())[getAxis()];
}

/// One step of a tensor: its type without the axis.
static RankedTensorType dropAxis(RankedTensorType type, int64_t axis) {
  SmallVector<Dim> dims = getDims(type);
  dims.erase(dims.begin() + axis);
  return getTensorType(dims, type.getElementType());
}

LogicalResult ScanOp::verify() {
  // SCAN-5
  if (getNumResults() < getInits().size() ||
      getResults().take_front(getInits().size()).getTypes() !=
          getInits().getTypes())
    return emitOpError("results must begin with the types of the carried "
                       "values");
  SmallVector<RankedTensorType> timed = getTimedTypes(*this);
  int64_t axis = getAxis();
  // SCAN-1
  for (RankedTensorType type : timed)
    if (axis < 0 || axis >= type.getRank())
      return emitOpError("axis ")
             << axis << " is outside of the sequence or output " << type;
  // SCAN-2
  if (timed.empty() != bool(getStepsAttr()) ||
      (getStepsAttr() && getStepsAttr().getInt() < 1))
    return emitOpError("takes the number of steps from 'steps', at least 1, "
                       "where there is no sequence and no output, and else "
                       "from their axis");
  for (RankedTensorType type : timed)
    if (getDims(type)[getAxis()] != getDims(timed.front())[getAxis()])
      return emitOpError("sequences and outputs differ in their steps: ")
             << timed.front() << " and " << type;
  return success();
}

LogicalResult ScanOp::verifyRegions() {
  // SCAN-3
  SmallVector<Type> expected = {
      RankedTensorType::get({}, IntegerType::get(getContext(), 64))};
  llvm::append_range(expected, getInits().getTypes());
  for (Type type : getSequences().getTypes())
    expected.push_back(dropAxis(cast<RankedTensorType>(type), getAxis()));
  if (getBody().getArgumentTypes() != TypeRange(expected))
    return emitOpError("body must take (") << TypeRange(expected) << ')';
  // SCAN-4
  auto next = dyn_cast<NextOp>(getBody().front().back());
  if (!next)
    return emitOpError("body must end with 'graph.next'");
  if (next.getCarry().getTypes() != getInits().getTypes())
    return next.emitOpError("must carry (") << getInits().getTypes() << ')';
  expected.clear();
  for (Type type : getStacked().getTypes())
    expected.push_back(dropAxis(cast<RankedTensorType>(type), getAxis()));
  if (next.getEmit().getTypes() != TypeRange(expected))
    return next.emitOpError("must emit (") << TypeRange(expected) << ')';
  return success();
}

//===----------------------------------------------------------------------===//
// Update
//===----------------------------------------------------------------------===//

LogicalResult UpdateOp::verify() {
  RankedTensorType type = getType(),
                   rows = cast<RankedTensorType>(getRows().getType());
  int64_t rank = type.getRank(), moved = getAxis();
  // GRAPH_UPDATE-1
  if (rows.getRank() != rank || rows.getElementType() != type.getElementType())
    return emitOpError("rows must have the rank and the element type of ")
           << type << ", not " << rows;
  if (moved < 0 || moved >= rank)
    return emitOpError("axis ")
           << moved << " is outside a tensor of rank " << rank;
  // GRAPH_UPDATE-2
  if (getOffsets() && int64_t(getOffsets()->size()) != rank)
    return emitOpError("needs ") << rank << " offsets, one per axis";
  for (int64_t axis = 0; axis < rank; ++axis)
    if (getOffset(axis) < 0 || (axis == moved && getOffset(axis)))
      return emitOpError("offsets must not be negative, and that of axis ")
             << moved << " is the position";
  // GRAPH_UPDATE-3
  for (auto [axis, dims] :
       llvm::enumerate(llvm::zip(getDims(type), getDims(rows)))) {
    auto [whole, part] = dims;
    int64_t end = 0;
    bool inside = whole.isStatic() && part.isStatic()
                      ? !llvm::AddOverflow(getOffset(axis), part.size, end) &&
                            end <= whole.size
                      : !getOffset(axis) && (part == whole || part.isOne());
    if (!inside)
      return emitOpError("rows ")
             << rows << " at offset " << getOffset(axis)
             << " do not lie inside of " << type << " on axis " << axis;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// What the body does has rows of its own.
OpCost ScanOp::getCost(const Workload &workload) {
  return workload.getMovement();
}

/// All steps: nobody knows where a stop condition ends it.
double ScanOp::getRegionRuns(const Workload &workload) {
  return workload.getExtent(getTimeExtent());
}

OpCost NextOp::getCost(const Workload &workload) {
  return workload.getMovement();
}

/// The block alone: what stands around it stays where it lies.
OpCost UpdateOp::getCost(const Workload &workload) {
  OpCost cost;
  workload.addRead(cost, getRows());
  workload.addRead(cost, getPosition());
  cost.written = workload.getBytes(getRows());
  return cost;
}
