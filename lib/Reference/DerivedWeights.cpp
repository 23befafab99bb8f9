//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates bodies of derived weights.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/DerivedWeights.h"
#include "OpEvaluators.h"
#include "sylvite/Dialect/Graph/Cost.h"
#include "sylvite/Reference/DimBindings.h"
#include "sylvite/Reference/Evaluator.h"
#include "llvm/ADT/SetVector.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace sylvite;

/// The result of one op.
static LogicalResult evaluateInto(Operation &op, Frame &frame) {
  if (op.getNumResults() != 1)
    return op.emitOpError("is none that the reference evaluator knows");
  llvm::Expected<SmallVector<int64_t>> shape =
      DimBindings().resolve(cast<RankedTensorType>(op.getResult(0).getType()));
  if (!shape)
    return op.emitOpError(llvm::toString(shape.takeError()));
  if (!sylvite::getNumElements(*shape))
    return op.emitOpError("is too large for memory");
  Tensor result(*shape, getElementTypeOrSelf(op.getResult(0).getType()));
  if (failed(evaluateOp(&op, frame, result)))
    return failure();
  if (llvm::Error error = wrapIntegers(result))
    return op.emitOpError("overflows: ") << llvm::toString(std::move(error));
  frame.set(op.getResult(0), std::move(result));
  return success();
}

/// The ops behind a value, in their order.
static void collectOps(Operation *op, llvm::SetVector<Operation *> &ops) {
  if (!op || ops.contains(op))
    return;
  for (Value operand : op->getOperands())
    collectOps(operand.getDefiningOp(), ops);
  ops.insert(op);
}

FailureOr<Tensor> sylvite::evaluateFixed(Value value, WeightProvider &weights) {
  if (!graph::isFixed(value))
    return emitError(value.getLoc(), "is not known when a model is compiled");
  llvm::SetVector<Operation *> ops;
  collectOps(value.getDefiningOp(), ops);
  Frame frame(weights);
  for (Operation *op : ops)
    if (failed(evaluateInto(*op, frame)))
      return failure();
  return frame[value];
}

/// Lets go of what no op behind this one reads.
static void freeOperands(Operation &op, Frame &frame) {
  for (Value operand : op.getOperands())
    if (llvm::all_of(operand.getUsers(), [&](Operation *user) {
          return user == &op || user->isBeforeInBlock(&op);
        }))
      frame.free(operand);
}

/// The elements as a file holds them, little-endian.
static std::vector<uint8_t> toBytes(const Tensor &tensor) {
  unsigned size = llvm::divideCeil(tensor.dtype.getIntOrFloatBitWidth(), 8);
  std::vector<uint8_t> bytes;
  bytes.reserve(tensor.data.size() * size);
  for (double value : tensor.data) {
    uint64_t bits = uint64_t(int64_t(value));
    if (auto type = dyn_cast<FloatType>(tensor.dtype)) {
      APFloat number(value);
      bool losesInfo;
      number.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                     &losesInfo);
      bits = number.bitcastToAPInt().getZExtValue();
    } else if (tensor.dtype.isInteger(1)) {
      bits = value != 0;
    }
    for (unsigned i = 0; i != size; ++i)
      bytes.push_back(uint8_t(bits >> (8 * i)));
  }
  return bytes;
}

static llvm::Expected<std::vector<uint8_t>>
evaluateBody(graph::DerivedWeightOp op, const WeightStore &store) {
  // Errors travel on as text: the weight's reader reports them.
  std::string message;
  ScopedDiagnosticHandler handler(op.getContext(), [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream os(message);
    os << (message.empty() ? "" : "; ") << diagnostic;
    return success();
  });
  StoredWeights weights(store);
  Frame frame(weights);
  for (Operation &each : op.getBody().front().without_terminator()) {
    if (failed(evaluateInto(each, frame)))
      return llvm::createStringError(message);
    freeOperands(each, frame);
  }
  return toBytes(frame[op.getYielded()]);
}

LogicalResult sylvite::addDerivedWeights(ModuleOp module, WeightStore &store) {
  for (auto op : module.getOps<graph::DerivedWeightOp>()) {
    auto type = cast<RankedTensorType>(op.getYielded().getType());
    std::optional<DType> dtype = getDType(type.getElementType());
    if (!dtype)
      return op.emitOpError("has elements that a weights file cannot hold");
    store.add(op.getSymName(), *dtype, type.getShape(),
              [op, &store]() mutable { return evaluateBody(op, store); });
  }
  return success();
}
