//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Types and rules of tables and pooling.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace sylvite::graph;

/// EMBEDDING-1: rows and features are static.
static bool isTable(Type type) {
  auto table = cast<RankedTensorType>(type);
  return table.getRank() == 2 && table.hasStaticShape();
}

LogicalResult EmbeddingOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto table = cast<RankedTensorType>(adaptor.getTable().getType());
  if (!isTable(table))
    return emitOptionalError(loc, "table must be a static matrix, not ", table);
  SmallVector<Dim> dims = getDims(adaptor.getIndices());
  dims.push_back(Dim(table.getDimSize(1)));
  types.push_back(getTensorType(dims, table.getElementType()));
  return success();
}

LogicalResult EmbeddingsOp::verify() {
  // EMBEDDINGS-1
  if (getTables().empty() || getTables().size() != getIndices().size())
    return emitOpError("has ") << getTables().size() << " tables and "
                               << getIndices().size() << " index tensors";
  // EMBEDDINGS-2
  for (Value table : getTables())
    if (!isTable(table.getType()) ||
        getDims(table).back() != getDims(getTables().front()).back())
      return emitOpError("tables must be static matrices of one width, not ")
             << table.getType();
  Dim features = getDims(getTables().front()).back();
  for (Value vector : {getScale(), getBias()})
    if (vector && !isVector(vector, features))
      return emitOpError("expects a vector of ")
             << features.size << " elements, not " << vector.getType();
  // EMBEDDINGS-3
  SmallVector<Dim> dims;
  for (Value indices : getIndices()) {
    auto both = broadcastDims(dims, getDims(indices));
    if (!both)
      return emitOpError("indices do not broadcast: ")
             << toString(dims) << " and " << toString(getDims(indices));
    dims = std::move(*both);
  }
  dims.push_back(features);
  if (getDims(getType()) != dims)
    return emitOpError("result must be ")
           << toString(dims) << ", not " << toString(getDims(getType()));
  // EMBEDDINGS-4
  bool norm = getNorm() != NormKind::None;
  if (norm ? !getScale() || !isEpsilon(getEps()) : getScale() || getBias())
    return emitOpError(norm ? "norm needs a scale and eps >= 0"
                            : "scale and bias need a norm");
  // EMBEDDINGS-5
  return verifyOneElementType(*this);
}

LogicalResult PoolOp::verify() {
  SmallVector<Dim> dims = getDims(getInput());
  // POOL-1
  if (dims.size() != 3)
    return emitOpError("input must be [batch, sequence, features], not ")
           << toString(dims);
  SmallVector<Dim> result = {dims[0], dims[2]};
  if (getDims(getType()) != result)
    return emitOpError("result must be ")
           << toString(result) << ", not " << toString(getDims(getType()));
  if (failed(verifyOneElementType(*this)))
    return failure();
  // POOL-2
  SmallVector<Dim> positions = {dims[0], dims[1]};
  if (getMask() && getDims(getMask()) != positions)
    return emitOpError("mask must be ")
           << toString(positions) << ", not " << toString(getDims(getMask()));
  // POOL-3
  if (!isEpsilon(getEps()))
    return emitOpError("needs eps >= 0");
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// Charges for the rows that indices can name at most.
static void addTableRead(OpCost &cost, const Workload &workload, Value table,
                         Value indices) {
  double rows = workload.getElements(indices);
  double rowBytes = workload.getBytes(table) /
                    std::max<int64_t>(1, getDims(table).front().size);
  workload.addRead(cost, table, rows * rowBytes);
  workload.addRead(cost, indices);
}

OpCost EmbeddingOp::getCost(const Workload &workload) {
  OpCost cost;
  addTableRead(cost, workload, getTable(), getIndices());
  cost.written = workload.getBytes(getResult());
  cost.padding = 1 - workload.getUsefulShare(getDims(getResult()));
  return cost;
}

OpCost EmbeddingsOp::getCost(const Workload &workload) {
  OpCost cost;
  for (auto [table, indices] : llvm::zip(getTables(), getIndices()))
    addTableRead(cost, workload, table, indices);
  for (Value vector : {getScale(), getBias()})
    if (vector)
      workload.addRead(cost, vector);
  SmallVector<Dim> dims = getDims(getResult());
  double elements = workload.getElements(dims);
  cost.written = workload.getBytes(getResult());
  cost.padding = 1 - workload.getUsefulShare(dims);
  cost.others = double(getTables().size() - 1) * elements;
  if (int64_t features = dims.back().size)
    cost.others +=
        getNormFlops(getNorm(), bool(getScale()), bool(getBias()), features) *
        elements / features;
  return cost;
}

/// A sum or maximum of all positions, a quotient; with `normalize` a square, a
/// sum and a quotient, and for each vector sqrt and a maximum.
OpCost PoolOp::getCost(const Workload &workload) {
  SmallVector<Dim> dims = getDims(getInput());
  OpCost cost = workload.getCost(*this, dims, getKind() != PoolKind::Cls);
  double results = workload.getElements(getResult());
  if (getKind() == PoolKind::Cls) {
    cost.reads.clear();
    workload.addRead(cost, getInput(), workload.getBytes(getResult()));
    cost.padding = 0;
  }
  if (getKind() == PoolKind::Mean)
    cost.others += results;
  if (getNormalize())
    cost.others += 3 * results + 2 * workload.getExtent(dims[0]);
  return cost;
}
