//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The list of all lowerings. An op that is not on it has no kernel.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "ReadOperand.h"

using namespace mlir;
using namespace sylvite;

/// Ops whose kernel evaluates their expression at each element.
template <typename OpTy>
static LogicalResult lowerExpression(OpTy op, LoweringContext &context) {
  FailureOr<Value> tensor = context.materialize(op.getResult());
  if (failed(tensor))
    return failure();
  context.setResult(op.getResult(), *tensor);
  return success();
}

/// The same tensor under other dimensions.
static LogicalResult lowerReshape(graph::ReshapeOp op,
                                  LoweringContext &context) {
  FailureOr<Value> tensor = context.getTensor(op.getInput());
  if (failed(tensor))
    return failure();
  context.setResult(op.getResult(), *tensor);
  return success();
}

/// Adds `lowerExpression` of each op.
template <typename... OpTys>
static void addExpressions(Lowerings &lowerings) {
  (lowerings.add<OpTys>(lowerExpression<OpTys>), ...);
}

const Lowerings &Lowerings::all() {
  static const Lowerings all = [] {
    Lowerings list;
    addExpressions<
        graph::NegOp, graph::AbsOp, graph::ExpOp, graph::LogOp, graph::AsinOp,
        graph::AcosOp, graph::AtanOp, graph::FloorOp, graph::CeilOp,
        graph::RoundOp, graph::ModOp, graph::BitwiseOp, graph::SqrtOp,
        graph::RsqrtOp, graph::ReciprocalOp, graph::TanhOp, graph::ErfOp,
        graph::SinOp, graph::CosOp, graph::SigmoidOp, graph::ReluOp,
        graph::SiluOp, graph::GeluOp, graph::NotOp, graph::AddOp, graph::SubOp,
        graph::MulOp, graph::DivOp, graph::PowOp, graph::MaximumOp,
        graph::MinimumOp, graph::AndOp, graph::OrOp, graph::CompareOp,
        graph::SelectOp, graph::CastOp>(list);
    // Deferred, but where an expression would become too large.
    addExpressions<graph::IotaOp, graph::TransposeOp, graph::BroadcastToOp,
                   graph::SliceOp, graph::ConcatOp, graph::GatherOp,
                   graph::PadOp, graph::ExtentOp>(list);
    list.add(lowerReshape);
    list.add(lowerArgmax);
    list.add(lowerAttention);
    list.add(lowerCumsum);
    list.add(lowerEmbedding);
    list.add(lowerEmbeddings);
    list.add(lowerL2Normalize);
    list.add(lowerLayerNorm);
    list.add(lowerLinear);
    list.add(lowerLogSoftmax);
    list.add(lowerMatmul);
    list.add(lowerPackRows);
    list.add(lowerPool);
    list.add(lowerPositionalEncoding);
    list.add(lowerReduce);
    list.add(lowerRmsNorm);
    list.add(lowerRotaryEmbedding);
    list.add(lowerScan);
    list.add(lowerScatter);
    list.add(lowerSoftmax);
    list.add(lowerUnpackRows);
    list.add(lowerUpdate);
    return list;
  }();
  return all;
}

const Lowerings::Function *Lowerings::lookup(Operation *op) const {
  auto found = functions.find(op->getName().getStringRef());
  return found == functions.end() ? nullptr : &found->second;
}

LogicalResult sylvite::lowerOps(Block &block, LoweringContext &context) {
  for (Operation &op : block.without_terminator()) {
    // Nothing of it is needed before a later op reads it.
    if (context.isDeferred(&op))
      continue;
    const Lowerings::Function *lower = Lowerings::all().lookup(&op);
    if (!lower)
      return op.emitError("no kernel for '") << op.getName() << "'";
    if (failed((*lower)(&op, context)))
      return failure();
    noteOrigins(&op, context);
  }
  return success();
}
