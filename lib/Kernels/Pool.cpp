//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One vector of each sequence.
///
/// Positions are taken in four turns, "parts": part p reduces positions p,
/// p + 4, p + 8 and so on. Four sums are rounded a quarter as often as one, and
/// do not wait for each other.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RowReduction.h"

using namespace mlir;
using namespace sylvite;

static constexpr int64_t kParts = 4;

namespace {
/// The kernel of one pooling; variables are (x, y), feature and sequence.
class PoolKernel {
public:
  PoolKernel(graph::PoolOp op, LoweringContext &context)
      : op(op), context(context), element(op.getType().getElementType()),
        wide(getComputeType(element)),
        kernel(context, op.getLoc(),
               "pool_" + graph::stringifyPoolKind(op.getKind()) +
                   (op.getNormalize() ? "_normalize_" : "_") +
                   getTypeName(element),
               "pool") {}
  LogicalResult lower();

private:
  /// An element of the input.
  Expr x(Expr feature, Expr position, Expr sequence) {
    return cast(input->at({sequence, position, feature}), wide);
  }
  /// Is the position one of those that are pooled?
  Expr isKept(Expr position, Expr sequence) {
    Expr mark = (*mask)->at({sequence, position});
    return mark != mark.like(0);
  }
  /// Writes "parts", and "count" where there is a mask; gives the pooled value.
  Expr reduceParts(Func parts, Func count, Vars v);
  Func writeParts(bool isMax);
  Func writeCount();

  graph::PoolOp op;
  LoweringContext &context;
  Type element, wide;
  KernelBuilder kernel;
  std::optional<Operand> input;
  FailureOr<std::optional<Operand>> mask = failure();
};
} // namespace

/// What the maximum starts from, and what positions that are not kept count as.
static Expr getLowest(KernelBuilder &kernel, Type type) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  return kernel.constant(kernel.getBuilder().getFloatAttr(
      type, APFloat::getLargest(semantics, /*Negative=*/true)));
}

Func PoolKernel::writeParts(bool isMax) {
  Expr neutral = isMax ? getLowest(kernel, wide) : kernel.constant(wide, 0);
  Expr length = kernel.extent(input->getExtents()[1]);
  Expr steps = floorDiv(length, length.like(kParts));
  Func parts = kernel.func("parts", {"x", "part", "y"}, wide,
                           [&](Vars) { return neutral; });
  auto reduce = [&](Vars v, Expr position) {
    Expr value = x(v[0], position, v[2]);
    if (*mask)
      value = select(isKept(position, v[2]), value, neutral);
    return isMax ? max(parts(v), value) : parts(v) + value;
  };
  kernel.update(parts, {{"step", kernel.index(0), steps}}, [&](Vars v, Vars s) {
    return reduce(v, s[0] * double(kParts) + v[1]);
  });
  // What is left over goes into the first parts.
  kernel.update(parts, {{"rest", steps, steps + 1.0}}, [&](Vars v, Vars s) {
    Expr position = s[0] * double(kParts) + v[1];
    kernel.where(position < length);
    return reduce(v, position);
  });
  return parts;
}

Func PoolKernel::writeCount() {
  Type i32 = kernel.getBuilder().getI32Type();
  return sumRows(
      kernel, "count", {"y"}, input->getExtents()[1], i32,
      [&](Expr k, Vars row) { return cast(isKept(k, row[0]), i32); });
}

Expr PoolKernel::reduceParts(Func parts, Func count, Vars v) {
  bool isMax = op.getKind() == graph::PoolKind::Max;
  auto part = [&](int64_t p) { return parts({v[0], kernel.index(p), v[1]}); };
  auto combine = isMax ? maxElements : addElements;
  Expr all = combine(combine(part(0), part(1)), combine(part(2), part(3)));
  Expr number =
      count.getOp() ? count({v[1]}) : kernel.extent(input->getExtents()[1]);
  if (!isMax)
    return all / cast(max(number, 1), wide);
  return count.getOp() ? select(number > 0, all, all.like(0)) : all;
}

LogicalResult PoolKernel::lower() {
  FailureOr<Operand> operand = kernel.read(op.getInput());
  if (failed(operand))
    return failure();
  input = *operand;
  bool isCls = op.getKind() == graph::PoolKind::Cls;
  // The first position is taken whatever the mask says.
  mask = readOptional(kernel, isCls ? Value() : op.getMask());
  if (failed(mask))
    return failure();

  Func parts, count;
  if (!isCls)
    parts = writeParts(op.getKind() == graph::PoolKind::Max);
  if (*mask)
    count = writeCount();
  Func pooled = kernel.func("pooled", 2, wide, [&](Vars v) {
    return isCls ? x(v[0], kernel.index(0), v[1])
                 : reduceParts(parts, count, v);
  });
  Extents dims = getExtents(op.getResult());
  Func squares;
  if (op.getNormalize())
    squares = sumRows(kernel, "squares", {"y"}, dims.back(), wide,
                      [&](Expr k, Vars row) {
                        Expr value = pooled({k, row[0]});
                        return value * value;
                      });
  double eps = op.getEps().convertToDouble();
  Func out = kernel.func("out", 2, element, [&](Vars v) {
    Expr y = pooled(v);
    if (squares.getOp())
      y = y / max(sqrt(squares({v[1]})), eps);
    return cast(y, element);
  });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}

LogicalResult sylvite::lowerPool(graph::PoolOp op, LoweringContext &context) {
  return PoolKernel(op, context).lower();
}
