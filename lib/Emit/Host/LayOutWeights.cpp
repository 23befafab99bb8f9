//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives every packed weight a place in one block of bytes.
///
/// The walk goes over functions and their ops in order, so that weights lie in
/// the order in which a run reads them. Views are made where the weights stood;
/// the tensors that come out of them are not writable, so that bufferization
/// would copy before it wrote to one.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Emit/Host/Roles.h"
#include "sylvite/Emit/Host/WeightList.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#define DEBUG_TYPE "sylvite-lay-out-weights"

namespace sylvite {
#define GEN_PASS_DEF_LAYOUTWEIGHTSPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {

struct LayOutWeightsPass
    : public sylvite::impl::LayOutWeightsPassBase<LayOutWeightsPass> {
  void runOnOperation() override;
};

} // namespace

/// Replaces a weight by a view of the block.
static void replaceByView(halide::WeightOp op, Value block, uint64_t offset) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getType());
  auto viewType = MemRefType::get(type.getShape(), type.getElementType());
  Value first = arith::ConstantIndexOp::create(builder, loc, offset);
  Value view = memref::ViewOp::create(builder, loc, viewType, block, first,
                                      /*sizes=*/ValueRange());
  Value tensor = bufferization::ToTensorOp::create(builder, loc, type, view,
                                                   /*restrict=*/true);
  op.replaceAllUsesWith(tensor);
  op.erase();
}

void LayOutWeightsPass::runOnOperation() {
  ModuleOp module = getOperation();
  SmallVector<halide::WeightOp> ops;
  module.walk<WalkOrder::PreOrder>(
      [&](halide::WeightOp op) { ops.push_back(op); });
  FailureOr<std::vector<HostWeight>> known = getWeights(module);
  if (failed(known))
    return signalPassFailure();
  SmallVector<size_t> indices;
  FailureOr<std::vector<HostWeight>> weights =
      layOutWeights(ops, std::move(*known), indices);
  if (failed(weights))
    return signalPassFailure();

  // All functions get the block, also those without weights: one signature.
  auto blockType = MemRefType::get({ShapedType::kDynamic},
                                   IntegerType::get(&getContext(), 8));
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      addRoleArgument(function, Role::Weights, blockType);
  for (auto [op, index] : llvm::zip(ops, indices)) {
    auto function = op->getParentOfType<func::FuncOp>();
    if (!function) {
      op.emitOpError("stands outside of a function");
      return signalPassFailure();
    }
    replaceByView(op, getRoleArgument(function, Role::Weights),
                  (*weights)[index].offset);
  }
  module->setAttr(kWeightsAttr, printWeights(&getContext(), *weights));
}
