//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How kernel calls become calls on buffers.
///
/// A call reads its inputs and overwrites its outputs whole. So a new buffer
/// for an output needs no copy of what stood in the tensor before.
///
//===----------------------------------------------------------------------===//

#include "Bufferization.h"

#include "sylvite/Dialect/Halide/HalideDialect.h"

#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace sylvite;

namespace {

struct InvokeModel
    : public DstBufferizableOpInterfaceExternalModel<InvokeModel,
                                                     halide::InvokeOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return cast<halide::InvokeOp>(op).readsElements(operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const;
};

} // namespace

LogicalResult InvokeModel::bufferize(Operation *op, RewriterBase &rewriter,
                                     const BufferizationOptions &options,
                                     BufferizationState &state) const {
  auto invoke = cast<halide::InvokeOp>(op);
  // A call that is on buffers already.
  if (invoke.getNumResults() == 0)
    return success();
  auto getBuffers = [&](ValueRange tensors,
                        SmallVectorImpl<Value> &buffers) -> LogicalResult {
    for (Value tensor : tensors) {
      FailureOr<Value> buffer = getBuffer(rewriter, tensor, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    return success();
  };
  SmallVector<Value> inputs, outputs;
  if (failed(getBuffers(invoke.getInputs(), inputs)) ||
      failed(getBuffers(invoke.getOutputs(), outputs)))
    return failure();
  auto call = halide::InvokeOp::create(rewriter, invoke.getLoc(), TypeRange(),
                                       invoke.getKernelAttr(), inputs, outputs);
  call->setDiscardableAttrs(invoke->getDiscardableAttrDictionary());
  replaceOpWithBufferizedValues(rewriter, op, outputs);
  return success();
}

void sylvite::registerHostBufferization(DialectRegistry &registry) {
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  registry.addExtension(+[](MLIRContext *context, halide::HalideDialect *) {
    halide::InvokeOp::attachInterface<InvokeModel>(*context);
  });
}
