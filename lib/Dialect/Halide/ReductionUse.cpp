//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an update's value and place are made of.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Halide/ReductionUse.h"

using namespace mlir;
using namespace sylvite;

bool halide::usesReduction(halide::UpdateOp op) {
  Block &body = op.getBody().front();
  SmallVector<Value> pending(body.getTerminator()->getOperands());
  DenseSet<Value> seen;
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    if (!seen.insert(value).second || value.getParentBlock() != &body)
      continue;
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument && argument.getArgNumber() >= op.getVars().size())
      return true;
    if (!argument)
      llvm::append_range(pending, value.getDefiningOp()->getOperands());
  }
  return false;
}
