//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The plain matrix product. The fused one, with its packed weights, is that of
/// `graph.linear`.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

/// The right side as [K, N]: where it is a weight, stored that way.
static FailureOr<Operand> readRight(graph::MatmulOp op, KernelBuilder &kernel,
                                    bool &transposed) {
  transposed = op.getTransposeRhs();
  if (!LoweringContext::isWeight(op.getRhs()) ||
      getExtents(op.getRhs()).size() != 2)
    return kernel.read(op.getRhs());
  Value weight =
      kernel.getContext().getWeight(op.getRhs(), {.transposed = transposed});
  transposed = false;
  return kernel.readTensor(weight);
}

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
  bool transposeRhs;
  FailureOr<Operand> rhs = readRight(op, kernel, transposeRhs);
  if (failed(lhs) || failed(rhs))
    return failure();

  // Both sides' matrices at a place of the result, outermost first; leading
  // dimensions broadcast.
  auto place = [](Vars batch, Expr row, Expr column, bool transposed) {
    SmallVector<Expr> coordinates(batch);
    coordinates.push_back(transposed ? column : row);
    coordinates.push_back(transposed ? row : column);
    return coordinates;
  };
  bool transposeLhs = op.getTransposeLhs();
  Extent depth = getExtents(op.getLhs()).end()[transposeLhs ? -2 : -1];
  kernel.setName("matmul_" + getTypeName(element) + "_" + Twine(dims.size()) +
                 "d");

  static constexpr StringRef names[] = {"n",  "m",  "b0", "b1", "b2", "b3",
                                        "b4", "b5", "b6", "b7", "b8", "b9"};
  ArrayRef<StringRef> vars = ArrayRef(names).take_front(dims.size());
  Func acc = kernel.func("acc", vars, wide,
                         [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(
      acc, {{"k", kernel.index(0), kernel.extent(depth)}}, [&](Vars v, Vars r) {
        SmallVector<Expr> batch = reversed(v.drop_front(2));
        Expr a = lhs->atBroadcast(place(batch, v[1], r[0], transposeLhs));
        Expr b = rhs->atBroadcast(place(batch, r[0], v[0], transposeRhs));
        return acc(v) + cast(a, wide) * cast(b, wide);
      });
  Func out = kernel.func("out", vars, element,
                         [&](Vars v) { return cast(acc(v), element); });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
