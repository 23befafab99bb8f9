//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The cost of graph.attention, and which of its scores the mask hides.
///
/// For one query the keys that a leaf of the mask shows are an interval, so
/// that those of a mask are a few intervals in order. That leaves out data:
/// `keep` counts as keeping the first positions, as many as the lengths say,
/// and `document` as one document.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"

#include <map>

using namespace mlir;
using namespace sylvite::graph;

namespace {
/// Keys from `first` to `second`, which is not one of them.
using Interval = std::pair<int64_t, int64_t>;
using Intervals = SmallVector<Interval, 2>;

/// The scores of one row of the batch.
struct Scores {
  int64_t queries, keys;
  /// Keys that stand for something.
  int64_t keptKeys;
};
} // namespace

static Intervals makeInterval(int64_t begin, int64_t end, int64_t keys) {
  begin = std::max<int64_t>(begin, 0);
  end = std::min(end, keys);
  return begin < end ? Intervals{{begin, end}} : Intervals{};
}

static Intervals intersect(const Intervals &lhs, const Intervals &rhs) {
  Intervals both;
  for (Interval left : lhs)
    for (Interval right : rhs) {
      Interval common = {std::max(left.first, right.first),
                         std::min(left.second, right.second)};
      if (common.first < common.second)
        both.push_back(common);
    }
  return both;
}

static Intervals unite(Intervals lhs, const Intervals &rhs) {
  lhs.append(rhs);
  llvm::sort(lhs);
  Intervals merged;
  for (Interval next : lhs) {
    if (!merged.empty() && next.first <= merged.back().second)
      merged.back().second = std::max(merged.back().second, next.second);
    else
      merged.push_back(next);
  }
  return merged;
}

/// The keys that a query sees.
static Intervals getSeen(MaskAttr mask, int64_t query, const Scores &scores) {
  int64_t fromEnd = query + scores.keys - scores.queries;
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return makeInterval(0, query + 1, scores.keys);
  case MaskKind::CausalToEnd:
    return makeInterval(0, fromEnd + 1, scores.keys);
  case MaskKind::Window: {
    // A window may be longer than any sequence.
    int64_t length =
        std::min(mask.getValue(), scores.queries + scores.keys + 1);
    return makeInterval(fromEnd + 1 - length, fromEnd + 1, scores.keys);
  }
  case MaskKind::Prefix:
    return makeInterval(0, mask.getValue(), scores.keys);
  case MaskKind::Padding:
  case MaskKind::Keep:
    return makeInterval(0, scores.keptKeys, scores.keys);
  case MaskKind::Document:
    return fromEnd < 0 ? Intervals{}
                       : makeInterval(0, scores.keys, scores.keys);
  case MaskKind::And:
  case MaskKind::Or: {
    Intervals all = getSeen(mask.getChildren().front(), query, scores);
    for (MaskAttr child : mask.getChildren().drop_front()) {
      Intervals next = getSeen(child, query, scores);
      all = mask.getKind() == MaskKind::And ? intersect(all, next)
                                            : unite(all, next);
    }
    return all;
  }
  }
  llvm_unreachable("all masks are above");
}

/// Where the ends of intervals are, as functions of the query: constants, and
/// numbers to add to the query.
static void collectEnds(MaskAttr mask, const Scores &scores,
                        SmallVectorImpl<int64_t> &constants,
                        SmallVectorImpl<int64_t> &offsets) {
  constants.append({0, scores.keys, scores.keptKeys});
  int64_t fromEnd = scores.keys - scores.queries;
  // Of causal masks, and where documents begin.
  offsets.append({1, fromEnd, fromEnd + 1});
  mask.walkLeaves([&](MaskAttr leaf) {
    int64_t value = leaf.getValue();
    if (leaf.getKind() == MaskKind::Prefix)
      constants.push_back(std::min(value, scores.keys));
    if (leaf.getKind() == MaskKind::Window)
      offsets.push_back(fromEnd + 1 -
                        std::min(value, scores.queries + scores.keys + 1));
  });
}

/// How many scores of the first `queries` the mask shows. Between queries where
/// two ends meet the number grows evenly, so that only those are looked at.
static double countSeen(MaskAttr mask, int64_t queries, const Scores &scores) {
  if (!mask)
    return double(queries) * scores.keys;
  SmallVector<int64_t> constants, offsets;
  collectEnds(mask, scores, constants, offsets);
  SmallVector<int64_t> turns = {0, queries};
  for (int64_t constant : constants)
    for (int64_t offset : offsets)
      if (constant - offset > 0 && constant - offset < queries)
        turns.push_back(constant - offset);
  llvm::sort(turns);
  auto count = [&](int64_t query) {
    double seen = 0;
    for (Interval interval : getSeen(mask, query, scores))
      seen += interval.second - interval.first;
    return seen;
  };
  double seen = 0;
  for (auto [first, end] : llvm::zip(turns, ArrayRef(turns).drop_front()))
    if (first < end)
      seen += (end - first) * (count(first) + count(end - 1)) / 2;
  return seen;
}

/// Notes the shares of scores that are of no use.
static void setShares(AttentionOp op, const Workload &workload, OpCost &cost) {
  AttentionOp::Axes axes = op.getAxes();
  SmallVector<Dim> query = getDims(op.getQuery()), key = getDims(op.getKey());
  int64_t queries = workload.getExtent(query[axes.sequence]);
  int64_t keys = workload.getExtent(key[axes.sequence]);
  const Lengths *ofQueries = workload.getLengths(query[axes.sequence], query);
  const Lengths *ofKeys = workload.getLengths(key[axes.sequence], key);
  size_t rows = 1;
  for (const Lengths *lengths : {ofQueries, ofKeys})
    if (lengths)
      rows = std::max(rows, lengths->lengths.size());
  double all = double(queries) * keys * rows, real = 0, seen = 0;
  if (all == 0)
    return;
  std::map<std::pair<int64_t, int64_t>, double> known;
  for (size_t row = 0; row < rows; ++row) {
    int64_t realQueries = ofQueries ? ofQueries->getLength(row) : queries;
    int64_t keptKeys = ofKeys ? ofKeys->getLength(row) : keys;
    auto [entry, isNew] = known.try_emplace({realQueries, keptKeys});
    if (isNew)
      entry->second =
          countSeen(op.getMaskAttr(), realQueries, {queries, keys, keptKeys});
    real += double(realQueries) * keys;
    seen += entry->second;
  }
  cost.padding = 1 - real / all;
  cost.masked = (real - seen) / all;
}

/// A score takes a product of vectors, then its scale, a bias and a formula;
/// the maximum, a difference, exp and the sum; a product with a value. Results
/// take a quotient.
OpCost AttentionOp::getCost(const Workload &workload) {
  OpCost cost = workload.getTraffic(*this);
  Axes axes = getAxes();
  SmallVector<Dim> query = getDims(getQuery()), key = getDims(getKey());
  double features = workload.getExtent(key[axes.features]);
  double numQueries = workload.getElements(getQuery()) /
                      std::max(1.0, workload.getExtent(query[axes.features]));
  double numKeys = workload.getElements(getKey()) / std::max(1.0, features);
  double scores = numQueries * workload.getExtent(key[axes.sequence]);

  double products = 2 * features, others = 0;
  switch (getSimilarity()) {
  case Similarity::Dot:
    break;
  // Squares and their sums; sqrt, 1 / x and products of the vectors.
  case Similarity::Cosine:
    cost.others += (numQueries + numKeys) * (3 * features + 2);
    break;
  case Similarity::General:
    cost.products += 2 * numQueries * features * features;
    break;
  // The sum and tanh; both projections.
  case Similarity::Additive: {
    double hidden = workload.getElements(getSimilarityOperands()[2]);
    products = 2 * hidden;
    others = 2 * hidden;
    cost.products += 2 * workload.getElements(getQuery()) * hidden +
                     2 * workload.getElements(getKey()) * hidden;
    break;
  }
  }
  double values = workload.getExtent(getDims(getValue())[axes.features]);
  others += 4 + double(!getScale().isExactlyValue(1.0)) + bool(getBias());
  if (!getScore().empty())
    others += countFlops(getScore());
  cost.products += scores * (products + 2 * values);
  cost.others += scores * others + workload.getElements(getResult());
  workload.addFormulaReads(cost, getScore());
  setShares(*this, workload, cost);
  return cost;
}

OpCost YieldOp::getCost(const Workload &workload) {
  return workload.getMovement();
}
