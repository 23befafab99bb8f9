//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The values by weights that are a tensor, for an attention that gives them
/// too. By blocks of queries, as in Attention.cpp:
///
///     acc(d, qi, qo, h, b)         += weights * value over the keys
///     mean(d, qi, qo, h, b)        acc, in memory
///     out(d, m, h, b)              mean, in the result's layout
///
/// Queries read heads of keys by their number, and the weights are in the
/// order of heads, so that neither a layout nor groups need a transpose.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

LogicalResult sylvite::lowerWeightedSum(graph::AttentionOp op, Value weights,
                                        LoweringContext &context) {
  Type element = op.getType().getElementType(), wide = getComputeType(element);
  KernelBuilder kernel(context, op.getLoc(),
                       "attention_values_" + getTypeName(element), "attention");
  graph::AttentionOp::Axes axes = op.getAxes();
  Operand p = kernel.readTensor(weights);
  FailureOr<Operand> value = kernel.read(op.getValue());
  if (failed(value))
    return failure();
  constexpr double rows = kAttentionRows;
  const double group = op.getHeads() / op.getKeyHeads();
  Expr numQueries = kernel.extent(p.getExtents()[2]);
  Expr numKeys = kernel.extent(p.getExtents()[3]);
  kernel.setNumber("block_rows", kAttentionRows);
  kernel.setNumber("panel_keys", context.getTarget().vectorLanes * 32 /
                                     wide.getIntOrFloatBitWidth());

  SmallVector<StringRef> blocked = {"d", "qi", "qo", "h", "b"};
  Func acc = kernel.func("acc", blocked, wide,
                         [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(acc, {{"t", kernel.index(0), numKeys}}, [&](Vars v, Vars r) {
    // Rows past the last query repeat it.
    Expr query = min(v[2] * rows + v[1], numQueries - 1);
    SmallVector<Expr> place(4);
    place[axes.batch] = v[4];
    place[axes.heads] = floorDiv(v[3], group);
    place[axes.sequence] = r[0];
    place[axes.features] = v[0];
    Expr factor = cast(p.at({v[4], v[3], query, r[0]}), wide);
    Expr x = cast(value->at(place), wide);
    // A value that is not seen does not matter, whatever it is.
    return acc(v) + factor * blend(factor != 0, x, x.like(0));
  });
  Func mean = kernel.func("mean", blocked, wide, acc);
  SmallVector<StringRef> vars = {"d", "m", "h", "b"};
  bool isBshd = op.getLayout() == graph::HeadLayout::Bshd;
  if (isBshd)
    std::swap(vars[1], vars[2]);
  Func out = kernel.func("out", vars, element, [&](Vars v) {
    Expr m = v[isBshd ? 2 : 1], head = v[isBshd ? 1 : 2];
    return cast(mean({v[0], mod(m, rows), floorDiv(m, rows), head, v[3]}),
                element);
  });
  Output output = openQueries({out, getExtents(op.getResult())}, isBshd ? 1 : 2,
                              kAttentionRows);
  context.setResult(op.getResult(), kernel.finish(output).front());
  return success();
}
