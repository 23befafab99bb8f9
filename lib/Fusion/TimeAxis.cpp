//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves the axis of time: by a reshape where no element moves.
///
//===----------------------------------------------------------------------===//

#include "TimeAxis.h"

using namespace mlir;
using namespace sylvite;

/// Dimensions in the order of `perm`.
static Value permute(OpBuilder &builder, Location loc, Value tensor,
                     ArrayRef<int64_t> perm) {
  if (llvm::is_sorted(perm))
    return tensor;
  SmallVector<graph::Dim> dims = graph::getDims(tensor), moved;
  SmallVector<int64_t> longer;
  for (int64_t axis : perm) {
    moved.push_back(dims[axis]);
    if (!dims[axis].isOne())
      longer.push_back(axis);
  }
  if (!llvm::is_sorted(longer))
    return graph::TransposeOp::create(builder, loc, tensor, perm);
  Type element = getElementTypeOrSelf(tensor);
  return graph::ReshapeOp::create(builder, loc,
                                  graph::getTensorType(moved, element), tensor);
}

static SmallVector<int64_t> getOrder(Value tensor) {
  return llvm::to_vector(llvm::seq<int64_t>(0, graph::getDims(tensor).size()));
}

Value sylvite::moveToFront(OpBuilder &builder, Location loc, Value tensor,
                           int64_t axis) {
  SmallVector<int64_t> perm = getOrder(tensor);
  std::rotate(perm.begin(), perm.begin() + axis, perm.begin() + axis + 1);
  return permute(builder, loc, tensor, perm);
}

Value sylvite::moveFromFront(OpBuilder &builder, Location loc, Value tensor,
                             int64_t axis) {
  SmallVector<int64_t> perm = getOrder(tensor);
  std::rotate(perm.begin(), perm.begin() + 1, perm.begin() + axis + 1);
  return permute(builder, loc, tensor, perm);
}
