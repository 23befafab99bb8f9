//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Layer norm and RMS norm of rows, with the residual that is added before.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RowNorm.h"

using namespace mlir;
using namespace sylvite;

FailureOr<std::optional<Operand>> sylvite::readOptional(KernelBuilder &kernel,
                                                        Value value) {
  if (!value)
    return std::optional<Operand>();
  FailureOr<Operand> operand = kernel.read(value);
  if (failed(operand))
    return failure();
  return std::optional<Operand>(*operand);
}

/// "input" is the input, in the type of calculation, with the residual.
template <typename OpTy>
static LogicalResult lowerNorm(OpTy op, graph::NormKind kind,
                               LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  KernelBuilder kernel(context, op.getLoc(),
                       op->getName().stripDialect() + "_" +
                           getTypeName(element),
                       op->getName().stripDialect());
  FailureOr<Value> rows = context.getRows(op.getInput());
  if (failed(rows))
    return failure();
  Operand input = kernel.readTensor(*rows);
  std::optional<Operand> residual;
  if (op.getResidual()) {
    FailureOr<Value> others = context.getRows(op.getResidual());
    if (failed(others))
      return failure();
    residual = kernel.readTensor(*others);
  }
  auto scale = readOptional(kernel, op.getScale());
  auto bias = readOptional(kernel, op.getBias());
  if (failed(scale) || failed(bias))
    return failure();
  Func x = kernel.func("input", 2, wide, [&](Vars v) {
    Expr element = cast(input.at(reversed(v)), wide);
    return residual ? element + cast(residual->at(reversed(v)), wide) : element;
  });
  RowNorm norm{kind, op.getEps().convertToDouble(), *scale, *bias};
  Func out = normalizeRows(kernel, x, input.getExtents().back(), norm, element);
  context.setResult(op.getResult(), kernel.finish(out, input.getExtents()));
  return success();
}

LogicalResult sylvite::lowerLayerNorm(graph::LayerNormOp op,
                                      LoweringContext &context) {
  return lowerNorm(op, graph::NormKind::Layer, context);
}

LogicalResult sylvite::lowerRmsNorm(graph::RmsNormOp op,
                                    LoweringContext &context) {
  return lowerNorm(op, graph::NormKind::Rms, context);
}
