//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tensors from the op that writes them to the last that reads them.
///
//===----------------------------------------------------------------------===//

#include "AliveBytes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace sylvite;

/// Finds the last op of `block` in which `value` or a view of it is used, and
/// whether it is returned.
static void findUses(Value value, Block &block, const TensorUses &uses,
                     Operation *&last, bool &isReturned) {
  for (Operation *user : value.getUsers()) {
    isReturned |= isa<func::ReturnOp>(user);
    if (uses.isView(user))
      for (Value view : user->getResults())
        findUses(view, block, uses, last, isReturned);
    if (Operation *ancestor = block.findAncestorOpInBlock(*user))
      if (!last || last->isBeforeInBlock(ancestor))
        last = ancestor;
  }
}

double sylvite::getAliveBytes(Operation *op, const TensorUses &uses) {
  double bytes = 0;
  // In the op's block and those around it.
  for (; op && !isa<func::FuncOp>(op); op = op->getParentOp()) {
    Block &block = *op->getBlock();
    for (Operation &maker : block) {
      if (op->isBeforeInBlock(&maker))
        break;
      if (!uses.makesTensors(&maker))
        continue;
      for (Value result : maker.getResults()) {
        Operation *last = &maker;
        bool isReturned = false;
        findUses(result, block, uses, last, isReturned);
        if (!isReturned && !last->isBeforeInBlock(op))
          bytes += uses.getBytes(result);
      }
    }
  }
  return bytes;
}
