//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which ops take one dimension more in front, and what they become.
///
//===----------------------------------------------------------------------===//

#include "AllSteps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;

static int64_t getRank(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank();
}

bool sylvite::isProduct(Operation *op) {
  return isa<graph::MatmulOp, graph::LinearOp>(op);
}

/// Ops along one of their own axes, which is one further behind then.
static bool hasAxis(Operation *op) {
  return isa<graph::SoftmaxOp, graph::LogSoftmaxOp, graph::L2NormalizeOp,
             graph::ArgmaxOp>(op);
}

bool sylvite::canDoAllSteps(Operation *op, function_ref<bool(Value)> isRow) {
  if (!isa<graph::GraphDialect>(op->getDialect()) || !isPure(op) ||
      op->getNumRegions() || op->getNumResults() != 1)
    return false;
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](graph::MatmulOp product) {
        return isRow(product.getLhs()) && !isRow(product.getRhs()) &&
               getRank(product.getRhs()) == 2 && !product.getTransposeLhs();
      })
      .Case([&](graph::LinearOp linear) {
        // The residual has the shape of the result.
        Value residual = linear.getResidual();
        return isRow(linear.getInput()) && (!residual || isRow(residual)) &&
               llvm::all_of(linear->getOperands().drop_front(),
                            [&](Value operand) {
                              return operand == residual || !isRow(operand);
                            });
      })
      .Case([&](graph::EmbeddingOp lookup) {
        return isRow(lookup.getIndices()) && !isRow(lookup.getTable());
      })
      .Case<graph::AddOp, graph::SubOp, graph::MulOp, graph::DivOp,
            graph::MaximumOp, graph::MinimumOp, graph::SelectOp>(
          [&](Operation *) {
            // Shapes are aligned at the end: of rows the dimension in front
            // must not come upon one of the step.
            int64_t rank = getRank(op->getResult(0));
            return llvm::any_of(op->getOperands(), isRow) &&
                   llvm::all_of(op->getOperands(), [&](Value operand) {
                     return !isRow(operand) || getRank(operand) == rank;
                   });
          })
      .Default([&](Operation *) {
        return op->getNumOperands() == 1 && isRow(op->getOperand(0)) &&
               (op->hasTrait<OpTrait::Elementwise>() || hasAxis(op));
      });
}

Value sylvite::doAllSteps(OpBuilder &builder, Operation *op,
                          const graph::Dim &steps, IRMapping &all) {
  Operation *clone = builder.clone(*op, all);
  Value result = clone->getResult(0);
  SmallVector<graph::Dim> dims = graph::getDims(result);
  dims.insert(dims.begin(), steps);
  result.setType(graph::getTensorType(dims, getElementTypeOrSelf(result)));
  if (hasAxis(op)) {
    int64_t axis = cast<IntegerAttr>(op->getAttr("axis")).getInt();
    clone->setAttr("axis", builder.getI64IntegerAttr(axis + 1));
  }
  return result;
}
