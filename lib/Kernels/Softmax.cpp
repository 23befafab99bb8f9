//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Softmax and its relatives: a statistic of each line along one axis, then a
/// function of it and of the element. Lines along the last axis are rows, which
/// are reduced by lanes; those along another axis lie side by side, so that a
/// vector holds one element of each.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RowReduction.h"

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
  /// A function of all variables but the axis': the elements of a line,
  /// combined. `element` gets the variables of the element and of its line.
  Func reduce(StringRef name, Expr neutral,
              function_ref<Expr(Expr, Expr)> combine,
              function_ref<Expr(Vars, Vars)> element);
  /// The line that an element is part of.
  SmallVector<Expr> getLine(Vars v);
  /// A function of all variables, of the line's statistics and the element.
  Func map(StringRef name, function_ref<Expr(Vars)> body) {
    return kernel.func(name, input->getRank(), wide, body);
  }
  /// A function of lines.
  Func mapLines(StringRef name, function_ref<Expr(Vars)> body);
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

Func LineKernel::reduce(StringRef name, Expr neutral,
                        function_ref<Expr(Expr, Expr)> combine,
                        function_ref<Expr(Vars, Vars)> element) {
  unsigned place = input->getRank() - 1 - axis;
  SmallVector<StringRef> vars(KernelBuilder::getVarNames(input->getRank()));
  vars.erase(vars.begin() + place);
  auto elementAt = [&](Vars k, Vars line) {
    SmallVector<Expr> v(line);
    v.insert(v.begin() + place, k[0]);
    return element(v, line);
  };
  const Extent &length = input->getExtents()[axis];
  if (place == 0)
    return reduceRows(kernel, {name, vars, length, /*others=*/{}, neutral,
                               combine, elementAt});
  Func result = kernel.func(name, vars, wide, [&](Vars) { return neutral; });
  kernel.update(result, {{"k", kernel.index(0), kernel.extent(length)}},
                [&](Vars line, Vars k) {
                  return combine(result(line), elementAt(k, line));
                });
  return result;
}

Func LineKernel::mapLines(StringRef name, function_ref<Expr(Vars)> body) {
  SmallVector<StringRef> vars(KernelBuilder::getVarNames(input->getRank()));
  vars.erase(vars.begin() + (vars.size() - 1 - axis));
  return kernel.func(name, vars, wide, body);
}

void LineKernel::finish(function_ref<Expr(Vars)> body) {
  Func out = kernel.func("out", input->getRank(), element,
                         [&](Vars v) { return cast(body(v), element); });
  context.setResult(op->getResult(0), kernel.finish(out, input->getExtents()));
}

/// The maximum of each line, "max".
static Func writeMax(LineKernel &line) {
  // Not -inf: a line of nothing else is then x - max = -inf, and not a NaN. Nor
  // the lowest number, because a mask is -1e30 where kernels made it (Halide
  // has no infinities).
  return line.reduce("max", line.kernel.constant(line.wide, -1e29), maxElements,
                     [&](Vars v, Vars) { return line.x(v); });
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
  Func most = writeMax(line);
  Func exps = line.map("exps", [&](Vars v) {
    return expOrZero(line.x(v) - most(line.getLine(v)));
  });
  Func sum = line.reduce("sum", line.kernel.constant(line.wide, 0), addElements,
                         [&](Vars v, Vars) { return exps(v); });
  // The sum is 0 where all of the line is masked.
  Func inverse = line.mapLines("inverse", [&](Vars of) {
    Expr total = sum(of);
    return select(total > 0, 1.0 / total, total.like(0));
  });
  line.finish([&](Vars v) { return exps(v) * inverse(line.getLine(v)); });
  return success();
}

LogicalResult sylvite::lowerLogSoftmax(graph::LogSoftmaxOp op,
                                       LoweringContext &context) {
  LineKernel line(op, op.getAxis(), "softmax", context);
  if (failed(line.readInput()))
    return failure();
  Func most = writeMax(line);
  Func sum = line.reduce(
      "sum", line.kernel.constant(line.wide, 0), addElements,
      [&](Vars v, Vars of) { return expOrZero(line.x(v) - most(of)); });
  Func logarithm = line.mapLines("log", [&](Vars of) { return log(sum(of)); });
  line.finish([&](Vars v) {
    SmallVector<Expr> of = line.getLine(v);
    return line.x(v) - most(of) - logarithm(of);
  });
  return success();
}

LogicalResult sylvite::lowerL2Normalize(graph::L2NormalizeOp op,
                                        LoweringContext &context) {
  LineKernel line(op, op.getAxis(), "normalize", context);
  if (failed(line.readInput()))
    return failure();
  Func squares =
      line.reduce("squares", line.kernel.constant(line.wide, 0), addElements,
                  [&](Vars v, Vars) { return line.x(v) * line.x(v); });
  double eps = op.getEps().convertToDouble();
  Func inverse = line.mapLines(
      "inverse", [&](Vars of) { return 1.0 / max(sqrt(squares(of)), eps); });
  line.finish([&](Vars v) { return line.x(v) * inverse(line.getLine(v)); });
  return success();
}
