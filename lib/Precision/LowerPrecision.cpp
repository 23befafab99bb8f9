//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Stores the weights of linear layers in a narrower element type.
///
//===----------------------------------------------------------------------===//

#include "QuantizeLayers.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/Cost.h"
#include "sylvite/Precision/Passes.h"
#include "sylvite/Precision/Precision.h"

#define DEBUG_TYPE "sylvite-lower-precision"

namespace sylvite {
#define GEN_PASS_DEF_LOWERPRECISIONPASS
#include "sylvite/Precision/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct LowerPrecision
    : public sylvite::impl::LowerPrecisionPassBase<LowerPrecision> {
  using LowerPrecisionPassBase::LowerPrecisionPassBase;
  LowerPrecision(LowerPrecisionPassOptions options, PrecisionReport &report)
      : LowerPrecisionPassBase(std::move(options)), report(&report) {}
  void runOnOperation() override;

private:
  LogicalResult quantize();

  /// Null where nobody asks.
  PrecisionReport *report = nullptr;
};
} // namespace

/// The element type of stored weights.
static FloatType getStoredType(Precision precision, MLIRContext *context) {
  switch (precision) {
  case Precision::F32:
    return Float32Type::get(context);
  case Precision::BF16:
    return BFloat16Type::get(context);
  case Precision::F16:
    return Float16Type::get(context);
  case Precision::Int8:
    break;
  }
  llvm_unreachable("all precisions of floats are listed");
}

/// The numbers in that type, to the nearest with ties to even.
static DenseElementsAttr round(DenseFPElementsAttr numbers, FloatType element) {
  return numbers.mapValues(element, [&](const APFloat &number) {
    APFloat rounded = number;
    bool losesInfo;
    rounded.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    return rounded.bitcastToAPInt();
  });
}

/// Does the op only move elements?
static bool moves(Operation *op) {
  return isa<graph::TransposeOp, graph::ConcatOp, graph::SliceOp,
             graph::ReshapeOp, graph::BroadcastToOp>(op);
}

/// A fixed value with elements of that type, written behind it.
static Value narrow(Value value, FloatType element) {
  auto type = cast<RankedTensorType>(value.getType());
  Type narrowed = type.clone(element);
  Operation *op = value.getDefiningOp();
  Location loc = op->getLoc();
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  if (auto weight = dyn_cast<graph::WeightOp>(op))
    return graph::WeightOp::create(builder, loc, narrowed, weight.getName());
  if (auto constant = dyn_cast<graph::ConstantOp>(op))
    if (auto numbers = dyn_cast<DenseFPElementsAttr>(constant.getValue()))
      return graph::ConstantOp::create(builder, loc, round(numbers, element));
  if (!moves(op))
    return graph::CastOp::create(builder, loc, narrowed, value);
  Operation *moved = builder.clone(*op);
  for (OpOperand &operand : moved->getOpOperands())
    operand.set(narrow(operand.get(), element));
  moved->getResult(0).setType(narrowed);
  return moved->getResult(0);
}

/// Erases a value's op and what only that has used.
static void eraseUnused(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !isOpTriviallyDead(op))
    return;
  SmallVector<Value> operands(op->getOperands());
  op->erase();
  for (Value operand : operands)
    eraseUnused(operand);
}

/// Gives a layer its weight in the type, if that is narrower.
static void lowerWeight(graph::LinearOp layer, FloatType element) {
  if (layer.isQuantized())
    return;
  Value weight = layer.getWeight();
  auto type = cast<FloatType>(getElementTypeOrSelf(weight));
  if (!graph::isFixed(weight) || type.getWidth() <= element.getWidth())
    return;
  layer.getWeightMutable().assign(narrow(weight, element));
  eraseUnused(weight);
}

/// Lets products of attention be of bf16.
static void narrowAttention(ModuleOp module) {
  auto bf16 = TypeAttr::get(BFloat16Type::get(module.getContext()));
  module.walk([&](graph::AttentionOp op) {
    if (op.getType().getElementType().isF32())
      op.setProductAttr(bf16);
  });
}

LogicalResult LowerPrecision::quantize() {
  PrecisionReport unread;
  return quantizeLayers(getOperation(), {calibrate, limit},
                        report ? *report : unread);
}

std::unique_ptr<Pass>
sylvite::createLowerPrecisionPass(LowerPrecisionPassOptions options,
                                  PrecisionReport &report) {
  return std::make_unique<LowerPrecision>(std::move(options), report);
}

void LowerPrecision::runOnOperation() {
  llvm::Expected<Precision> parsed = parsePrecision(precision);
  if (!parsed) {
    getOperation().emitError(llvm::toString(parsed.takeError()));
    return signalPassFailure();
  }
  if (*parsed == Precision::F32)
    return;
  if (*parsed != Precision::Int8) {
    FloatType element = getStoredType(*parsed, &getContext());
    getOperation().walk(
        [&](graph::LinearOp layer) { lowerWeight(layer, element); });
  } else if (failed(quantize())) {
    return signalPassFailure();
  }
  if (*parsed != Precision::F16)
    narrowAttention(getOperation());
  getOperation()->setAttr(
      kPrecisionAttr,
      StringAttr::get(&getContext(), getPrecisionName(*parsed)));
}
