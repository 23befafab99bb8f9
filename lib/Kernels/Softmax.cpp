//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Softmax and its relatives: a statistic of each line along one axis, then a
/// function of it and of the element.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// A kernel over the lines of a tensor along one axis.
class LineKernel {
public:
  LineKernel(Operation *op, unsigned axis, StringRef kernelClass,
             LoweringContext &context)
      : op(op), axis(axis), context(context),
        element(cast<RankedTensorType>(op->getResult(0).getType())
                    .getElementType()),
        wide(getComputeType(element)),
        kernel(context, op->getLoc(), "", kernelClass) {}

  /// Gets the op's only operand; lines along the last axis are rows of a
  /// matrix.
  LogicalResult readInput();
  /// The element at these variables.
  Expr x(Vars v) { return cast(input->at(reversed(v)), wide); }
  /// Starts a statistic: a function of all variables but the axis'.
  Func begin(StringRef name, Expr start);
  /// Adds an element to it; `add` gets the value so far, the variables of the
  /// element and those of the line.
  void reduce(Func statistic, function_ref<Expr(Expr, Vars, Vars)> add);
  /// The line that an element is part of.
  SmallVector<Expr> getLine(Vars v);
  /// Ends the kernel with the function of each element.
  void finish(function_ref<Expr(Vars)> body);

  Operation *op;
  unsigned axis;
  LoweringContext &context;
  Type element, wide;
  KernelBuilder kernel;
  std::optional<Operand> input;
};
} // namespace

LogicalResult LineKernel::readInput() {
  Extents dims = getExtents(op->getOperand(0));
  if (axis + 1 == dims.size()) {
    FailureOr<Value> rows = context.getRows(op->getOperand(0));
    if (failed(rows))
      return failure();
    input = kernel.readTensor(*rows);
    axis = 1;
  } else {
    FailureOr<Operand> operand = kernel.read(op->getOperand(0));
    if (failed(operand))
      return failure();
    input = *operand;
  }
  kernel.setName(op->getName().stripDialect() + "_" + getTypeName(element) +
                 "_" + Twine(input->getRank()) + "d");
  return success();
}

SmallVector<Expr> LineKernel::getLine(Vars v) {
  SmallVector<Expr> line(v);
  line.erase(line.begin() + (v.size() - 1 - axis));
  return line;
}

Func LineKernel::begin(StringRef name, Expr start) {
  SmallVector<StringRef> vars(KernelBuilder::getVarNames(input->getRank()));
  vars.erase(vars.begin() + (vars.size() - 1 - axis));
  return kernel.func(name, vars, wide, [&](Vars) { return start; });
}

void LineKernel::reduce(Func statistic,
                        function_ref<Expr(Expr, Vars, Vars)> add) {
  Expr length = kernel.extent(input->getExtents()[axis]);
  kernel.update(statistic, {{"k", kernel.index(0), length}},
                [&](Vars line, Vars k) {
                  SmallVector<Expr> v(line);
                  v.insert(v.begin() + (input->getRank() - 1 - axis), k[0]);
                  return add(statistic(line), v, line);
                });
}

void LineKernel::finish(function_ref<Expr(Vars)> body) {
  Func out = kernel.func("out", input->getRank(), element,
                         [&](Vars v) { return cast(body(v), element); });
  context.setResult(op->getResult(0), kernel.finish(out, input->getExtents()));
}

/// Starts the maximum and the sum of exp(x - maximum) of each line.
static std::pair<Func, Func> writeMaxAndSum(LineKernel &line) {
  KernelBuilder &kernel = line.kernel;
  // Not -inf: a line of nothing else is then x - max = -inf, and not a NaN. Nor
  // the lowest number, because a mask is -1e30 where kernels made it (Halide
  // has no infinities).
  Func most = line.begin("max", kernel.constant(line.wide, -1e29));
  line.reduce(most,
              [&](Expr sofar, Vars v, Vars) { return max(sofar, line.x(v)); });
  Func sum = line.begin("sum", kernel.constant(line.wide, 0));
  line.reduce(sum, [&](Expr sofar, Vars v, Vars of) {
    return sofar + expOrZero(line.x(v) - most(of));
  });
  return {most, sum};
}

Expr sylvite::expOrZero(Expr x) {
  // Below, exp(x) is smaller than any normal f32; clamped, because polynomials
  // for exp do not take -inf.
  constexpr double least = -87.0;
  return select(x < least, x.like(0), exp(max(x, least)));
}

LogicalResult sylvite::lowerSoftmax(graph::SoftmaxOp op,
                                    LoweringContext &context) {
  LineKernel line(op, op.getAxis(), "softmax", context);
  if (failed(line.readInput()))
    return failure();
  auto [most, sum] = writeMaxAndSum(line);
  line.finish([&, most = most, sum = sum](Vars v) {
    SmallVector<Expr> of = line.getLine(v);
    Expr total = sum(of);
    // The sum is 0 where all of the line is masked.
    return select(total > 0, expOrZero(line.x(v) - most(of)) / total,
                  total.like(0));
  });
  return success();
}

LogicalResult sylvite::lowerLogSoftmax(graph::LogSoftmaxOp op,
                                       LoweringContext &context) {
  LineKernel line(op, op.getAxis(), "softmax", context);
  if (failed(line.readInput()))
    return failure();
  auto [most, sum] = writeMaxAndSum(line);
  line.finish([&, most = most, sum = sum](Vars v) {
    SmallVector<Expr> of = line.getLine(v);
    return line.x(v) - most(of) - log(sum(of));
  });
  return success();
}

LogicalResult sylvite::lowerL2Normalize(graph::L2NormalizeOp op,
                                        LoweringContext &context) {
  LineKernel line(op, op.getAxis(), "normalize", context);
  if (failed(line.readInput()))
    return failure();
  Func sum = line.begin("sum", line.kernel.constant(line.wide, 0));
  line.reduce(sum, [&](Expr sofar, Vars v, Vars) {
    Expr x = line.x(v);
    return sofar + x * x;
  });
  double eps = op.getEps().convertToDouble();
  line.finish(
      [&](Vars v) { return line.x(v) / max(sqrt(sum(line.getLine(v))), eps); });
  return success();
}
