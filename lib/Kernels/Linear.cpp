//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The linear layer: a matrix product of rows with a packed weight, and its
/// epilogue.
///
/// The layer is written so that tiles of any size can be calculated of it: rows
/// beyond the last one read the last one, of the residual too, and the weight's
/// columns are filled up to whole panels. What is too much is never stored.
///
/// A weight of bf16 has a product of its own (Bf16Product.h), and so has one
/// that is quantised (QuantizedRows.h).
///
/// A norm needs all of a row: "input" is the layer without it.
///
//===----------------------------------------------------------------------===//

#include "Bf16Product.h"
#include "Bf16Words.h"
#include "DeviceProduct.h"
#include "Lowerings.h"
#include "QuantizedRows.h"
#include "RightSide.h"
#include "RowNorm.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;

namespace {
class LinearKernel {
public:
  LinearKernel(graph::LinearOp op, LoweringContext &context)
      : op(op), context(context), element(op.getType().getElementType()),
        wide(getComputeType(element)), columns(op.getOutFeatures()),
        kernel(context, op.getLoc(), "", hasNorm() ? "linear_norm" : "linear") {
  }
  LogicalResult lower();

private:
  bool hasNorm() { return op.getNorm() != graph::NormKind::None; }
  std::string getName();
  /// The sum over k of x and W.
  LogicalResult writeProduct();
  LogicalResult writeQuantizedProduct(Value rows);
  LogicalResult writeDeviceProduct(Value rows, bool isBf16);
  /// The epilogue up to the norm.
  Expr writeEpilogue(Vars v);

  graph::LinearOp op;
  LoweringContext &context;
  Type element, wide;
  int64_t columns;
  KernelBuilder kernel;
  Func acc;
  /// Where the sums are integers.
  std::optional<QuantizedProduct> quantized;
  /// The number of the last row.
  Expr last;
  std::optional<Operand> weightScale, bias, residual;
};
} // namespace

std::string LinearKernel::getName() {
  std::string name = "linear";
  if (op.getActivation() != graph::Activation::None)
    name += ("_" + graph::stringifyActivation(op.getActivation())).str();
  if (op.getResidual())
    name += "_add";
  if (hasNorm())
    name += ("_" + graph::stringifyNormKind(op.getNorm())).str();
  return llvm::formatv("{0}_{1}_{2}x{3}", name,
                       getTypeName(getElementTypeOrSelf(op.getWeight())),
                       op.getInFeatures(), columns);
}

LogicalResult LinearKernel::writeQuantizedProduct(Value rows) {
  auto quantize = op.getWeight().getDefiningOp<graph::QuantizeOp>();
  int64_t axis = op.getTransposeWeight() ? 0 : 1;
  if (!quantize || int64_t(quantize.getAxis()) != axis ||
      !LoweringContext::isWeight(op.getWeight()))
    return op.emitOpError("has no kernel: its quantised weight must be what "
                          "graph.quantize makes, along the outputs, of a "
                          "matrix that is known when the model is compiled");
  Value factors = getQuantizedRows(context, op.getLoc(), rows);
  Buffer x = kernel.addInput(factors);
  Extent number = context.getExtents(factors)[0];
  last = kernel.extent(number) - 1;
  quantized.emplace(kernel, x, op.getWeight(), op.getTransposeWeight(),
                    op.getInFeatures(), number);
  acc = quantized->getSums();
  return success();
}

LogicalResult LinearKernel::writeProduct() {
  FailureOr<Value> rows = context.getRows(op.getInput());
  if (failed(rows))
    return failure();
  if (op.isQuantized())
    return writeQuantizedProduct(*rows);
  Type input = getElementTypeOrSelf(op.getInput());
  bool isBf16 = isBf16Product(op.getWeight(), input, wide);
  if (context.getTarget().device)
    return writeDeviceProduct(*rows, isBf16);
  if (isBf16) {
    Value factors = getBf16Rows(context, op.getLoc(), *rows);
    Buffer x = kernel.addInput(factors);
    last = kernel.extent(context.getExtents(factors)[0]) - 1;
    acc = writeBf16Product(kernel, x, op.getWeight(), op.getTransposeWeight(),
                           op.getInFeatures(), last);
    return success();
  }
  Operand x = kernel.readTensor(*rows);
  FailureOr<RightSide> weight =
      RightSide::read(kernel, op.getWeight(), op.getTransposeWeight(),
                      /*batch=*/0, wide);
  if (failed(weight))
    return failure();
  last = kernel.extent(x.getExtents()[0]) - 1;
  Expr depth = kernel.extent(x.getExtents()[1]);
  acc = kernel.func("acc", {"n", "m"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(acc, {{"k", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    Expr a = x.at({min(v[1], last), r[0]});
    return acc(v) + cast(a, wide) * cast(weight->at({}, r[0], v[0]), wide);
  });
  return success();
}

LogicalResult LinearKernel::writeDeviceProduct(Value rows, bool isBf16) {
  Operand x = kernel.readTensor(rows);
  FailureOr<RightSide> weight = failure();
  if (isBf16) // The words of the processor, of which each step takes a half.
    weight = RightSide::readWords(kernel, op.getWeight(),
                                  op.getTransposeWeight(), /*parts=*/2);
  else
    weight = RightSide::read(kernel, op.getWeight(), op.getTransposeWeight(),
                             /*batch=*/0, wide);
  if (failed(weight))
    return failure();
  last = kernel.extent(x.getExtents()[0]) - 1;
  auto left = [&](Expr k, Expr m, Vars) { return x.at({min(m, last), k}); };
  auto right = [&](Expr k, Expr n, Vars) {
    n = min(n, double(columns - 1));
    if (!isBf16)
      return weight->at({}, k, n);
    Expr word = weight->at({}, floorDiv(k, 2), n);
    return select(mod(k, 2) == 0, getLowBf16(word), getHighBf16(word));
  };
  acc = sylvite::writeDeviceProduct(kernel,
                                    {.vars = {"n", "m"},
                                     .type = wide,
                                     .rows = x.getExtents()[0],
                                     .depth = kernel.extent(x.getExtents()[1]),
                                     .left = left,
                                     .right = right,
                                     .add = {}});
  return success();
}

Expr LinearKernel::writeEpilogue(Vars v) {
  Expr y =
      quantized ? quantized->at(v[0], v[1]) * weightScale->at(v[0]) : acc(v);
  if (bias)
    y = y + cast(bias->at(v[0]), wide);
  y = applyActivation(op.getActivation(), y);
  if (residual)
    y = y + cast(residual->at({min(v[1], last), v[0]}), wide);
  return y;
}

LogicalResult LinearKernel::lower() {
  if (failed(writeProduct()))
    return failure();
  auto factors = readOptional(kernel, op.getWeightScale());
  auto vector = readOptional(kernel, op.getBias());
  auto scale = readOptional(kernel, op.getNormScale());
  auto shift = readOptional(kernel, op.getNormBias());
  if (failed(factors) || failed(vector) || failed(scale) || failed(shift))
    return failure();
  weightScale = *factors;
  bias = *vector;
  if (op.getResidual()) {
    FailureOr<Value> rows = context.getRows(op.getResidual());
    if (failed(rows))
      return failure();
    residual = kernel.readTensor(*rows);
  }

  auto writeRows = [&](StringRef name, Type type) {
    return kernel.func(name, {"n", "m"}, type,
                       [&](Vars v) { return cast(writeEpilogue(v), type); });
  };
  Func out;
  if (hasNorm())
    out = normalizeRows(
        kernel, writeRows("input", wide), columns,
        {op.getNorm(), op.getEps().convertToDouble(), *scale, *shift}, element);
  else
    out = writeRows("out", element);
  Extent rows = getProduct(ArrayRef(getExtents(op.getResult())).drop_back());
  kernel.setName(getName());
  context.setResult(op.getResult(), kernel.finish(out, {rows, columns}));
  return success();
}

LogicalResult sylvite::lowerLinear(graph::LinearOp op,
                                   LoweringContext &context) {
  return LinearKernel(op, context).lower();
}
