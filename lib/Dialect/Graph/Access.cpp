//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Types, rules and folds of ops that find elements by their places.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace sylvite::graph;

LogicalResult ExtentOp::verify() {
  // GRAPH_EXTENT-1
  if (getDim().empty())
    return emitOpError("needs the name of a dimension");
  return success();
}

//===----------------------------------------------------------------------===//
// gather and scatter
//===----------------------------------------------------------------------===//

/// The shape of what is read or written: the input's dimensions with the
/// indexed ones replaced by those that the indices have together. Fails with
/// the number of the rule that is broken.
static LogicalResult inferPlaces(ArrayRef<Dim> input, ValueRange indices,
                                 int64_t axis, SmallVectorImpl<Dim> &dims,
                                 int &rule) {
  int64_t rank = input.size(), count = indices.size();
  rule = 1;
  if (count == 0 || axis < 0 || count > rank || axis > rank - count)
    return failure();
  rule = 2;
  SmallVector<Dim> places;
  for (Value index : indices) {
    auto both = broadcastDims(places, getDims(index));
    if (!both)
      return failure();
    places = std::move(*both);
  }
  dims.append(input.begin(), input.begin() + axis);
  dims.append(places);
  dims.append(input.begin() + axis + count, input.end());
  return success();
}

LogicalResult GatherOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<Dim> dims;
  int rule;
  if (failed(inferPlaces(getDims(input), adaptor.getIndices(),
                         adaptor.getAxis(), dims, rule))) {
    // GATHER-1, GATHER-2
    if (rule == 1)
      return emitOptionalError(loc, "the ", adaptor.getIndices().size(),
                               " axes from ", int64_t(adaptor.getAxis()),
                               " on are none or outside a tensor of rank ",
                               input.getRank());
    return emitOptionalError(loc, "the indices do not broadcast together");
  }
  types.push_back(getTensorType(dims, input.getElementType()));
  return success();
}

LogicalResult ScatterOp::verify() {
  SmallVector<Dim> dims;
  int rule;
  if (failed(inferPlaces(getDims(getInput()), getIndices(), getAxis(), dims,
                         rule))) {
    // SCATTER-1
    if (rule == 1)
      return emitOpError("the ")
             << getIndices().size() << " axes from " << int64_t(getAxis())
             << " on are none or outside a tensor of rank "
             << getDims(getInput()).size();
    // SCATTER-2
    return emitOpError("the indices do not broadcast together");
  }
  // SCATTER-3
  auto updates = cast<RankedTensorType>(getUpdates().getType());
  if (updates != getTensorType(dims, getType().getElementType()))
    return emitOpError("updates are ")
           << updates << ", expected "
           << getTensorType(dims, getType().getElementType());
  return success();
}

std::optional<unsigned> sylvite::graph::findCountedAxis(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto iota = dyn_cast<IotaOp>(op))
    return iota.getAxis();
  if (!isa<BroadcastToOp, ReshapeOp, TransposeOp, CastOp>(op))
    return std::nullopt;
  std::optional<unsigned> axis = findCountedAxis(op->getOperand(0));
  SmallVector<Dim> from = getDims(op->getOperand(0)),
                   to = getDims(op->getResult(0));
  // Along one element there is no counting, and no telling which axis it is.
  if (!axis || from[*axis].isOne())
    return std::nullopt;
  if (isa<CastOp>(op)) {
    // A narrow type might not hold all numbers.
    Type element = getElementTypeOrSelf(op->getResult(0).getType());
    return element.isInteger(64) || element.isInteger(32) ? axis : std::nullopt;
  }
  if (isa<BroadcastToOp>(op))
    return *axis + (to.size() - from.size());
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    for (auto [i, source] : llvm::enumerate(transpose.getPerm()))
      if (source == int64_t(*axis))
        return i;
    return std::nullopt;
  }
  // A reshape that adds or drops dimensions of 1 alone.
  unsigned j = 0;
  std::optional<unsigned> found;
  for (auto [i, dim] : llvm::enumerate(to)) {
    if (dim.isOne())
      continue;
    while (j < from.size() && from[j].isOne())
      ++j;
    if (j == from.size() || from[j] != dim)
      return std::nullopt;
    if (j == *axis)
      found = i;
    ++j;
  }
  return found;
}

/// gather(x, counted indices) -> broadcast(transpose(x))
static LogicalResult foldCountedIndices(GatherOp op,
                                        PatternRewriter &rewriter) {
  SmallVector<Dim> input = getDims(op.getInput()),
                   result = getDims(op.getType());
  unsigned axis = op.getAxis(), count = op.getIndices().size();
  unsigned rank = result.size() - (input.size() - count);
  // Where each dimension of the result comes from in the input.
  SmallVector<std::optional<unsigned>> sources(result.size());
  for (unsigned i = 0; i != axis; ++i)
    sources[i] = i;
  for (unsigned i = axis + count; i != input.size(); ++i)
    sources[i - count + rank] = i;
  for (auto [i, index] : llvm::enumerate(op.getIndices())) {
    std::optional<unsigned> counted = findCountedAxis(index);
    if (!counted)
      return rewriter.notifyMatchFailure(op, "an index does not count");
    // Aligned at the last dimension of all indices together.
    unsigned place = axis + rank - getDims(index).size() + *counted;
    if (sources[place] || result[place] != input[axis + i])
      return rewriter.notifyMatchFailure(op, "an index does not go along a "
                                             "whole axis of its own");
    sources[place] = axis + i;
  }
  SmallVector<int64_t> perm;
  SmallVector<Dim> dims;
  for (auto [dim, source] : llvm::zip(result, sources)) {
    dims.push_back(source ? dim : Dim(1));
    if (source)
      perm.push_back(*source);
  }
  Type element = op.getType().getElementType();
  SmallVector<Dim> moved;
  for (int64_t source : perm)
    moved.push_back(input[source]);
  Value value = op.getInput();
  if (!llvm::is_sorted(perm))
    value = TransposeOp::create(rewriter, op.getLoc(),
                                getTensorType(moved, element), value, perm);
  if (dims != moved)
    value = ReshapeOp::create(rewriter, op.getLoc(),
                              getTensorType(dims, element), value);
  if (value.getType() != op.getType())
    value = BroadcastToOp::create(rewriter, op.getLoc(), op.getType(), value);
  rewriter.replaceOp(op, value);
  return success();
}

void GatherOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(foldCountedIndices);
}

//===----------------------------------------------------------------------===//
// pad
//===----------------------------------------------------------------------===//

LogicalResult PadOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<Dim> dims = getDims(input);
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  // PAD-1
  auto isNegative = [](int64_t number) { return number < 0; };
  if (low.size() != dims.size() || high.size() != dims.size() ||
      llvm::any_of(low, isNegative) || llvm::any_of(high, isNegative))
    return emitOptionalError(loc, "low and high must have ", dims.size(),
                             " numbers of 0 or more");
  for (auto [dim, before, behind] : llvm::zip(dims, low, high)) {
    if (before == 0 && behind == 0)
      continue;
    // PAD-2
    int64_t extent;
    if (!dim.isStatic())
      return emitOptionalError(loc, "an axis that grows is not static");
    if (llvm::AddOverflow(dim.size, before, extent) ||
        llvm::AddOverflow(extent, behind, extent))
      return emitOptionalError(loc, "an axis grows too large");
    dim = Dim(extent);
  }
  // PAD-3
  auto value = cast<RankedTensorType>(adaptor.getValue().getType());
  if (value.getRank() != 0 || value.getElementType() != input.getElementType())
    return emitOptionalError(loc, "the value must be one ",
                             input.getElementType(), ", not ", value);
  types.push_back(getTensorType(dims, input.getElementType()));
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

OpCost ExtentOp::getCost(const Workload &workload) {
  return workload.getMovement();
}
OpCost PadOp::getCost(const Workload &workload) {
  return workload.getMovement();
}

OpCost GatherOp::getCost(const Workload &workload) {
  OpCost cost;
  // As many elements as come out, not all that there are.
  workload.addRead(cost, getInput(), workload.getBytes(getResult()));
  for (Value index : getIndices())
    workload.addRead(cost, index);
  cost.written = workload.getBytes(getResult());
  return cost;
}

OpCost ScatterOp::getCost(const Workload &workload) {
  return workload.getTraffic(*this);
}
