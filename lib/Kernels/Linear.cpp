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
/// The product is written so that tiles of any size can be calculated of it:
/// rows beyond the last one read the last one, and the weight's columns are
/// filled up to whole panels. What is too much is never stored.
///
/// A norm needs all of a row. Its mean and the mean of squares are summed up in
/// as many partial sums as a few vectors have lanes, because a chain of
/// additions would be slow, and inexact; and the mean is subtracted before
/// squares are taken, because their difference afterwards would cancel.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RightSide.h"
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
  /// The epilogue up to the norm.
  Expr writeEpilogue(Vars v);
  /// Sums up f of each element of a row: in partial sums, then those.
  Func writeSum(StringRef partial, StringRef whole,
                function_ref<Expr(Expr n, Expr m)> f);
  /// The norm of rows.
  Func writeNorm(Func row);

  graph::LinearOp op;
  LoweringContext &context;
  Type element, wide;
  int64_t columns;
  KernelBuilder kernel;
  Func acc;
  std::optional<Operand> bias, residual, scale, shift;
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
  return llvm::formatv("{0}_{1}_{2}x{3}", name, getTypeName(element),
                       op.getInFeatures(), columns);
}

LogicalResult LinearKernel::writeProduct() {
  FailureOr<Value> rows = context.getRows(op.getInput());
  if (failed(rows))
    return failure();
  Operand x = kernel.readTensor(*rows);
  FailureOr<RightSide> weight =
      RightSide::read(kernel, op.getWeight(), op.getTransposeWeight(),
                      /*batch=*/0, wide);
  if (failed(weight))
    return failure();
  Expr last = kernel.extent(x.getExtents()[0]) - 1;
  Expr depth = kernel.extent(x.getExtents()[1]);
  acc = kernel.func("acc", {"n", "m"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(acc, {{"k", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    Expr a = x.at({min(v[1], last), r[0]});
    return acc(v) + cast(a, wide) * cast(weight->at({}, r[0], v[0]), wide);
  });
  return success();
}

Expr LinearKernel::writeEpilogue(Vars v) {
  Expr y = acc(v);
  if (bias)
    y = y + cast(bias->at(v[0]), wide);
  y = applyActivation(op.getActivation(), y);
  if (residual)
    y = y + cast(residual->at({v[1], v[0]}), wide);
  return y;
}

Func LinearKernel::writeSum(StringRef partial, StringRef whole,
                            function_ref<Expr(Expr n, Expr m)> f) {
  int64_t width = std::min<int64_t>(4 * context.getTarget().vectorLanes,
                                    llvm::bit_floor(uint64_t(columns)));
  int64_t blocks = columns / width;
  auto zero = [&](Vars) { return kernel.constant(wide, 0); };
  Expr first = kernel.index(0);
  Func sums = kernel.func(partial, {"u", "m"}, wide, zero);
  kernel.update(sums, {{"q", first, kernel.index(blocks)}},
                [&](Vars v, Vars r) {
                  return sums(v) + f(r[0] * double(width) + v[0], v[1]);
                });
  Func sum = kernel.func(whole, {"m"}, wide, zero);
  kernel.update(sum, {{"u", first, kernel.index(width)}},
                [&](Vars v, Vars r) { return sum(v) + sums({r[0], v[0]}); });
  if (columns % width != 0)
    kernel.update(sum,
                  {{"t", kernel.index(blocks * width), kernel.index(columns)}},
                  [&](Vars v, Vars r) { return sum(v) + f(r[0], v[0]); });
  return sum;
}

Func LinearKernel::writeNorm(Func row) {
  double part = 1.0 / columns;
  std::function<Expr(Expr, Expr)> centred = [&](Expr n, Expr m) {
    return row({n, m});
  };
  if (op.getNorm() == graph::NormKind::Layer) {
    Func sum = writeSum("sums", "sum", centred);
    centred = [=](Expr n, Expr m) { return row({n, m}) - sum({m}) * part; };
  }
  Func square = writeSum("squares", "square", [&](Expr n, Expr m) {
    Expr x = centred(n, m);
    return x * x;
  });
  double eps = op.getEps().convertToDouble();
  Func factor = kernel.func("factor", {"m"}, wide, [&](Vars v) {
    return rsqrt(square(v) * part + eps);
  });
  return kernel.func("out", {"n", "m"}, element, [&](Vars v) {
    Expr y = centred(v[0], v[1]) * factor({v[1]}) * cast(scale->at(v[0]), wide);
    if (shift)
      y = y + cast(shift->at(v[0]), wide);
    return cast(y, element);
  });
}

LogicalResult LinearKernel::lower() {
  if (failed(writeProduct()))
    return failure();
  auto read = [&](Value vector, std::optional<Operand> &operand) {
    if (!vector)
      return success();
    FailureOr<Operand> found = kernel.read(vector);
    if (succeeded(found))
      operand = *found;
    return LogicalResult(found);
  };
  if (failed(read(op.getBias(), bias)) ||
      failed(read(op.getNormScale(), scale)) ||
      failed(read(op.getNormBias(), shift)))
    return failure();
  if (op.getResidual()) {
    FailureOr<Value> rows = context.getRows(op.getResidual());
    if (failed(rows))
      return failure();
    residual = kernel.readTensor(*rows);
  }

  Func out;
  if (hasNorm())
    out = writeNorm(kernel.func("row", {"n", "m"}, wide,
                                [&](Vars v) { return writeEpilogue(v); }));
  else
    out = kernel.func("out", {"n", "m"}, element,
                      [&](Vars v) { return cast(writeEpilogue(v), element); });
  Extent rows = getProduct(ArrayRef(getExtents(op.getResult())).drop_back());
  kernel.setName(getName());
  context.setResult(op.getResult(), kernel.finish(out, {rows, columns}));
  return success();
}

LogicalResult sylvite::lowerLinear(graph::LinearOp op,
                                   LoweringContext &context) {
  return LinearKernel(op, context).lower();
}
