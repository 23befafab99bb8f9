//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns the tensors of host functions into buffers.
///
/// First the signature (HostSignature.h). Then upstream's one-shot
/// bufferization decides what may be written in place, once the values of loops
/// and results in place are where they belong (KeepPlaces.h). It gives every
/// result a buffer and copies it into the caller's at the end; last, such
/// copies are taken away (WriteDirectly.h).
///
//===----------------------------------------------------------------------===//

#include "Bufferization.h"
#include "HostSignature.h"
#include "KeepPlaces.h"
#include "WriteDirectly.h"
#include "sylvite/Emit/Host/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "sylvite-bufferize-host"

namespace sylvite {
#define GEN_PASS_DEF_BUFFERIZEHOSTPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {

struct BufferizeHostPass
    : public sylvite::impl::BufferizeHostPassBase<BufferizeHostPass> {
  void getDependentDialects(DialectRegistry &registry) const override {
    Base::getDependentDialects(registry);
    registerHostBufferization(registry);
  }
  void runOnOperation() override;

private:
  LogicalResult bufferize(func::FuncOp function);
  LogicalResult dropCarriedBuffers(func::FuncOp function);
};

} // namespace

/// Every buffer that a loop carries is the same in each step now, so that loops
/// need not carry it.
LogicalResult BufferizeHostPass::dropCarriedBuffers(func::FuncOp function) {
  SmallVector<Operation *> loops;
  function.walk([&](LoopLikeOpInterface loop) { loops.push_back(loop); });
  RewritePatternSet patterns(&getContext());
  scf::ForOp::getCanonicalizationPatterns(patterns, &getContext());
  scf::WhileOp::getCanonicalizationPatterns(patterns, &getContext());
  return applyOpPatternsGreedily(loops, std::move(patterns));
}

LogicalResult BufferizeHostPass::bufferize(func::FuncOp function) {
  if (failed(rewriteSignature(function)))
    return failure();
  bufferization::OneShotBufferizationOptions options;
  bufferization::BufferizationState state;
  if (failed(keepPlaces(function, options)) ||
      failed(bufferization::runOneShotBufferize(function, options, state)) ||
      failed(dropCarriedBuffers(function)))
    return failure();
  cleanUpBuffers(function);
  writeDirectly(function);
  cleanUpBuffers(function);
  return success();
}

void BufferizeHostPass::runOnOperation() {
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
    if (!function.isExternal() && failed(bufferize(function)))
      return signalPassFailure();
}
