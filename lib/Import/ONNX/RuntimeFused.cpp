//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What ONNX Runtime's optimizer makes of several operators of the standard:
/// products with what stands around them, embeddings with their norm.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;

static constexpr llvm::StringLiteral kDomain = "com.microsoft";

/// [b..., m, k] of [m, b..., k]: the first dimension behind those of the batch.
static Value moveFirstBehindBatch(GraphWriter &ops, Value x) {
  if (!x)
    return {};
  int64_t rank = graph::getDims(x).size();
  SmallVector<int64_t> perm;
  for (int64_t i = 1; i + 1 < rank; ++i)
    perm.push_back(i);
  perm.push_back(0);
  if (rank > 1)
    perm.push_back(rank - 1);
  return ops.transpose(x, perm);
}

static LogicalResult importFusedMatmul(Node &node) {
  GraphWriter &ops = node.ops;
  Value a = node.get(0), b = node.get(1);
  bool transposeA = node.getInt("transA", 0),
       transposeB = node.getInt("transB", 0);
  if (node.getInt("transBatchA", 0))
    a = moveFirstBehindBatch(ops, a);
  if (node.getInt("transBatchB", 0))
    b = moveFirstBehindBatch(ops, b);
  double alpha = node.getFloat("alpha", 1);
  if (!a || !b)
    return node.set(Value());
  // A vector is a row on the left and a column on the right.
  bool isRow = graph::getDims(a).size() == 1,
       isColumn = graph::getDims(b).size() == 1;
  if (isRow)
    a = ops.insertDim(a, 0);
  if (isColumn)
    b = ops.insertDim(b, 1);
  Value y = ops.matmul(a, b, transposeA && !isRow, transposeB && !isColumn);
  if (isColumn && y)
    y = ops.dropDim(y, graph::getDims(y).size() - 1);
  if (isRow && y)
    y = ops.dropDim(y, graph::getDims(y).size() - (isColumn ? 1 : 2));
  return node.set(alpha == 1 ? y : ops.mul(y, alpha));
}

static LogicalResult importFusedGemm(Node &node) {
  GraphWriter &ops = node.ops;
  double alpha = node.getFloat("alpha", 1), beta = node.getFloat("beta", 1);
  bool transposeA = node.getInt("transA", 0),
       transposeB = node.getInt("transB", 0);
  Value y = ops.matmul(node.get(0), node.get(1), transposeA, transposeB);
  if (alpha != 1)
    y = ops.mul(y, alpha);
  if (node.has(2)) {
    Value c = node.get(2);
    y = ops.add(y, beta == 1 ? c : ops.mul(c, beta));
  }
  return node.set(activate(node, node.getString("activation", ""), y));
}

/// softmax(x + bias) along the last axes, which count as one.
static LogicalResult importBiasSoftmax(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), bias = node.getDims(1);
  FailureOr<int64_t> axis = node.getAxis(1);
  if (failed(axis))
    return failure();
  bool isInner = node.getInt("is_inner_broadcast", 0);
  if (*axis + 1 != int64_t(dims.size()))
    return node.unsupported("BiasSoftmax over several axes");
  Value summand = node.get(1);
  // Of the same rank the bias broadcasts as always. With fewer dimensions they
  // are the first ones, if what is repeated are those in front of the axis.
  if (isInner && bias.size() < dims.size() && !bias.empty()) {
    Dims spread(dims.size(), Dim(1));
    spread.back() = bias.back();
    for (size_t i = 0; i + 1 < bias.size(); ++i)
      spread[i] = bias[i];
    summand = ops.reshape(summand, spread);
  }
  return node.set(ops.softmax(ops.add(node.get(0), summand), *axis));
}

static LogicalResult importEmbedNorm(Node &node) {
  GraphWriter &ops = node.ops;
  double eps = node.getFloat("epsilon", 1e-12);
  node.ignore({"mask_index_type"});
  Value ids = node.get(0), words = node.get(2), places = node.get(3);
  if (!ids || !words || !places)
    return node.set(Value());
  Dims dims = graph::getDims(ids), rows = graph::getDims(places);
  if (dims.size() != 2 || graph::getDims(words).size() != 2 ||
      rows.size() != 2 || !rows[0].isStatic())
    return node.invalid("takes ids of rank 2 and tables of rank 2");
  Value position;
  if (node.has(8)) {
    position = node.get(8);
  } else {
    position = ops.iota({dims[1]}, 0, ops.i64());
    if (!dims[1].isStatic() && !isComposed(dims[1].name.getValue()))
      ops.getNames().limit(dims[1].name.getValue(), rows[0].size);
  }
  Value sum = ops.add(lookUp(node, words, ids), lookUp(node, places, position));
  if (node.wants(2) && failed(node.set(2, sum)))
    return failure();
  if (node.has(1) && node.has(4))
    sum = ops.add(sum, lookUp(node, node.get(4), node.get(1)));
  Value scale = node.get(5), shift = node.get(6);
  if (!sum || !scale || !shift)
    return node.set(Value());
  if (node.wants(1)) {
    // How many words of each row are no padding.
    Type i32 = IntegerType::get(node.getContext(), 32);
    Value count = ops.broadcast(ops.scalar(0, i32), {dims[0]});
    if (node.has(7)) {
      Value isWord = ops.compare(ComparePredicate::Eq, node.get(7), 1);
      count =
          ops.reduce(graph::ReduceKind::Sum, ops.cast(isWord, i32), {1}, false);
    }
    if (failed(node.set(1, count, onnx::TensorProto::INT32)))
      return failure();
  }
  return node.set(
      ops.create<graph::LayerNormOp>(sum.getType(), sum, Value(), scale, shift,
                                     ops.getBuilder().getF64FloatAttr(eps)));
}

void sylvite::addRuntimeFused(Operators &operators) {
  operators.add("FusedMatMul", importFusedMatmul, kDomain);
  operators.add("TransposeMatMul", importFusedMatmul, kDomain);
  operators.add("FusedGemm", importFusedGemm, kDomain);
  operators.add("BiasSoftmax", importBiasSoftmax, kDomain);
  operators.add("EmbedLayerNormalization", importEmbedNorm, kDomain);
}
