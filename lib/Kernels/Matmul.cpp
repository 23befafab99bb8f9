//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The plain matrix product, batched. As in `graph.linear`, tiles of any size
/// can be calculated: rows beyond the last one read the last one, and the right
/// side is in panels whose last one is filled up.
///
//===----------------------------------------------------------------------===//

#include "DeviceProduct.h"
#include "Lowerings.h"
#include "RightSide.h"

using namespace mlir;
using namespace sylvite;

LogicalResult sylvite::lowerMatmul(graph::MatmulOp op,
                                   LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  Extents dims = getExtents(op.getResult());
  KernelBuilder kernel(context, op.getLoc(), "matmul_" + getTypeName(element),
                       "matmul");
  // One matrix for all rows of the left side: its leading dimensions are rows.
  bool mergeRows = getExtents(op.getRhs()).size() == 2 && !op.getTransposeLhs();
  if (mergeRows)
    dims = {getProduct(ArrayRef(dims).drop_back()), dims.back()};
  FailureOr<Operand> lhs = failure();
  if (!mergeRows)
    lhs = kernel.read(op.getLhs());
  else if (auto rows = context.getRows(op.getLhs()); succeeded(rows))
    lhs = kernel.readTensor(*rows);
  FailureOr<RightSide> rhs = RightSide::read(
      kernel, op.getRhs(), op.getTransposeRhs(), dims.size() - 2, wide);
  if (failed(lhs) || failed(rhs))
    return failure();

  bool transposeLhs = op.getTransposeLhs();
  Extent depth = getExtents(op.getLhs()).end()[transposeLhs ? -2 : -1];
  Expr last = kernel.extent(dims.end()[-2]) - 1;
  kernel.setName("matmul_" + getTypeName(element) + "_" + Twine(dims.size()) +
                 "d");

  static constexpr StringRef names[] = {"n",  "m",  "b0", "b1", "b2", "b3",
                                        "b4", "b5", "b6", "b7", "b8", "b9"};
  ArrayRef<StringRef> vars = ArrayRef(names).take_front(dims.size());
  auto left = [&](Expr k, Expr m, Vars batch) {
    SmallVector<Expr> place = reversed(batch);
    Expr row = min(m, last);
    place.push_back(transposeLhs ? k : row);
    place.push_back(transposeLhs ? row : k);
    return lhs->atBroadcast(place);
  };
  auto right = [&](Expr k, Expr n, Vars batch) {
    return rhs->at(reversed(batch), k, n);
  };
  Func acc;
  if (context.getTarget().device) {
    Expr lastColumn = kernel.extent(dims.back()) - 1;
    auto readRight = [&](Expr k, Expr n, Vars batch) {
      return right(k, min(n, lastColumn), batch);
    };
    acc = writeDeviceProduct(kernel, {.vars = vars,
                                      .type = wide,
                                      .rows = dims.end()[-2],
                                      .depth = kernel.extent(depth),
                                      .left = left,
                                      .right = readRight,
                                      .add = {}});
  } else {
    acc = kernel.func("acc", vars, wide,
                      [&](Vars) { return kernel.constant(wide, 0); });
    kernel.update(acc, {{"k", kernel.index(0), kernel.extent(depth)}},
                  [&](Vars v, Vars r) {
                    Vars batch = v.drop_front(2);
                    return acc(v) + cast(left(r[0], v[1], batch), wide) *
                                        cast(right(r[0], v[0], batch), wide);
                  });
  }
  Func out = kernel.func("out", vars, element,
                         [&](Vars v) { return cast(acc(v), element); });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
