//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of packed rows.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Dialect/Graph/SymInt.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::graph;

StringAttr PackRowsOp::getRows() { return getDims(getResult())[0].name; }

std::pair<Dim, Dim> PackRowsOp::getPositions() {
  SmallVector<Dim> dims = getDims(getInput());
  return {dims[0], dims[1]};
}

StringAttr UnpackRowsOp::getRows() { return getDims(getInput())[0].name; }

std::pair<Dim, Dim> UnpackRowsOp::getPositions() {
  SmallVector<Dim> dims = getDims(getResult());
  return {dims[0], dims[1]};
}

/// Is `rows` [name, ...] and `batch` [batch, sequence, ...] with the same rest?
static bool arePacked(Value rows, Value batch) {
  SmallVector<Dim> packed = getDims(rows), whole = getDims(batch);
  return !packed.empty() && whole.size() == packed.size() + 1 &&
         packed[0].name && !isComposed(packed[0].name.getValue()) &&
         !llvm::is_contained(whole, packed[0]) &&
         ArrayRef(packed).drop_front() == ArrayRef(whole).drop_front(2) &&
         getElementTypeOrSelf(rows) == getElementTypeOrSelf(batch);
}

LogicalResult PackRowsOp::verify() {
  SmallVector<Dim> dims = getDims(getInput());
  // PACK_ROWS-1
  if (dims.size() < 2 || !isVector(getLengths(), dims[0]))
    return emitOpError("takes [batch, sequence, ...] and lengths [batch], not ")
           << getInput().getType() << " and " << getLengths().getType();
  // PACK_ROWS-2
  if (!arePacked(getResult(), getInput()))
    return emitOpError("must give [rows, ...] of ")
           << getInput().getType() << " with a name of its own for rows, not "
           << getResult().getType();
  return success();
}

LogicalResult UnpackRowsOp::verify() {
  // UNPACK_ROWS-1
  if (!arePacked(getInput(), getResult()))
    return emitOpError("must give [batch, sequence, ...] of ")
           << getInput().getType() << ", whose rows have a name of their own, "
           << "not " << getResult().getType();
  // UNPACK_ROWS-2
  if (!isVector(getLengths(), getPositions().first))
    return emitOpError("takes lengths [batch], not ") << getLengths().getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

OpCost PackRowsOp::getCost(const Workload &workload) {
  OpCost cost;
  workload.addRead(cost, getInput(), workload.getBytes(getResult()));
  workload.addRead(cost, getLengths());
  cost.written = workload.getBytes(getResult());
  return cost;
}

OpCost UnpackRowsOp::getCost(const Workload &workload) {
  return workload.getTraffic(*this);
}
