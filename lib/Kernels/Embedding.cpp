//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows of a table. An index outside of it has no meaning, but reads no foreign
/// memory either: it is clamped.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

Expr sylvite::clampIndex(Expr index, int64_t extent) {
  Type i32 = IntegerType::get(index.getType().getContext(), 32);
  return clamp(cast(index, i32), index.getKernel().index(0),
               index.getKernel().index(extent - 1));
}

LogicalResult sylvite::lowerEmbedding(graph::EmbeddingOp op,
                                      LoweringContext &context) {
  Type element = op.getType().getElementType();
  int64_t rows = op.getTable().getType().getShape()[0];
  KernelBuilder kernel(context, op.getLoc(),
                       "embedding_" + getTypeName(element) + "_" +
                           Twine(op.getType().getRank()) + "d",
                       "gather");
  FailureOr<Operand> table = kernel.read(op.getTable());
  FailureOr<Operand> indices = kernel.read(op.getIndices());
  if (failed(table) || failed(indices))
    return failure();
  Extents dims = getExtents(op.getResult());
  Func out = kernel.func("out", dims.size(), element, [&](Vars v) {
    Expr row = indices->at(reversed(v.drop_front()));
    return table->at({clampIndex(row, rows), v[0]});
  });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
