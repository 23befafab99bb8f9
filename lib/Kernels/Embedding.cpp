//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows of tables. An index outside of one has no meaning, but reads no foreign
/// memory either: it is clamped.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "RowNorm.h"

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

/// "input" is the sum of the tables' rows. Indices are read where they stand,
/// so that positions need no tensor.
LogicalResult sylvite::lowerEmbeddings(graph::EmbeddingsOp op,
                                       LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  Extents dims = getExtents(op.getResult());
  KernelBuilder kernel(context, op.getLoc(),
                       "embeddings_" + getTypeName(element) + "_" +
                           Twine(dims.size()) + "d",
                       "embeddings");
  std::vector<Operand> tables, indices;
  for (auto [from, to] : {std::pair(op.getTables(), &tables),
                          std::pair(op.getIndices(), &indices)})
    for (Value value : from) {
      FailureOr<Operand> operand = kernel.read(value);
      if (failed(operand))
        return failure();
      to->push_back(*operand);
    }
  auto scale = readOptional(kernel, op.getScale());
  auto bias = readOptional(kernel, op.getBias());
  if (failed(scale) || failed(bias))
    return failure();
  Func x = kernel.func("input", dims.size(), wide, [&](Vars v) {
    SmallVector<Expr> place = reversed(v.drop_front());
    Expr sum;
    for (auto [table, index] : llvm::zip(tables, indices)) {
      Expr row = clampIndex(index.atBroadcast(place),
                            table.getExtents().front().getNumber());
      Expr element = cast(table.at({row, v[0]}), wide);
      sum = sum ? sum + element : element;
    }
    return sum;
  });
  RowNorm norm{op.getNorm(), op.getEps().convertToDouble(), *scale, *bias};
  Func out = normalizeRows(kernel, x, dims.back(), norm, element);
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
