//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates graph.attention: for every query the score of every key, the
/// score region, the mask, softmax and the weighted sum of values, in this
/// order and with nothing clever.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"
#include "ScoreRegion.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

namespace {
/// One operand of rank 4, read by batch, head, position and feature whatever
/// its layout.
struct Heads {
  const Tensor &tensor;
  int64_t batches, heads, positions, features;
  SmallVector<int64_t> strides;
  graph::AttentionOp::Axes axes;

  Heads(const Tensor &tensor, graph::AttentionOp::Axes axes)
      : tensor(tensor), batches(tensor.shape[axes.batch]),
        heads(tensor.shape[axes.heads]), positions(tensor.shape[axes.sequence]),
        features(tensor.shape[axes.features]),
        strides(getStrides(tensor.shape)), axes(axes) {}

  int64_t getPosition(int64_t b, int64_t h, int64_t s, int64_t f) const {
    return b * strides[axes.batch] + h * strides[axes.heads] +
           s * strides[axes.sequence] + f * strides[axes.features];
  }
  /// The features at one position.
  SmallVector<double> operator()(int64_t b, int64_t h, int64_t s) const {
    SmallVector<double> vector;
    for (int64_t f = 0; f < features; ++f)
      vector.push_back(tensor.data[getPosition(b, h, s, f)]);
    return vector;
  }
};

/// A pair of a query and a key.
struct Pair {
  int64_t batch, query, key, queries, keys;
  /// The query's place among the keys, if both sequences end together.
  int64_t getQueryAtEnd() const { return query + keys - queries; }
};
} // namespace

static double dot(ArrayRef<double> a, ArrayRef<double> b) {
  double sum = 0;
  for (auto [x, y] : llvm::zip_equal(a, b))
    sum += x * y;
  return sum;
}

/// The transposed matrix times a vector: y_n = sum_m x_m matrix[m, n].
static SmallVector<double> multiplyTransposed(const Tensor &matrix,
                                              ArrayRef<double> x) {
  SmallVector<double> y(matrix.shape[1], 0);
  for (auto [m, value] : llvm::enumerate(x))
    for (auto [n, sum] : llvm::enumerate(y))
      sum += value * matrix.data[m * matrix.shape[1] + n];
  return y;
}

static double getSimilarity(graph::AttentionOp op, const Frame &frame,
                            ArrayRef<double> q, ArrayRef<double> k) {
  auto operand = [&](unsigned i) -> const Tensor & {
    return frame[op.getSimilarityOperands()[i]];
  };
  switch (op.getSimilarity()) {
  case graph::Similarity::Dot:
    return dot(q, k);
  case graph::Similarity::Cosine: {
    double norms = std::sqrt(dot(q, q)) * std::sqrt(dot(k, k));
    return norms == 0 ? 0 : dot(q, k) / norms;
  }
  case graph::Similarity::General:
    // q.(W k) = (q W).k
    return dot(multiplyTransposed(operand(0), q), k);
  case graph::Similarity::Additive: {
    SmallVector<double> hidden = multiplyTransposed(operand(0), q);
    SmallVector<double> keyPart = multiplyTransposed(operand(1), k);
    for (auto [h, part] : llvm::zip_equal(hidden, keyPart))
      h = std::tanh(h + part);
    return dot(operand(2).data, hidden);
  }
  }
  llvm_unreachable("all similarities are above");
}

/// Whether the mask shows the key to the query.
static bool isSeen(graph::AttentionOp op, const Frame &frame,
                   graph::MaskAttr mask, const Pair &pair) {
  auto operand = [&](int64_t position) {
    return frame[op.getMaskOperands()[mask.getValue()]].data[position];
  };
  auto isChildSeen = [&](graph::MaskAttr child) {
    return isSeen(op, frame, child, pair);
  };
  int64_t atEnd = pair.getQueryAtEnd(), row = pair.batch * pair.keys;
  switch (mask.getKind()) {
  case graph::MaskKind::Causal:
    return pair.key <= pair.query;
  case graph::MaskKind::CausalToEnd:
    return pair.key <= atEnd;
  case graph::MaskKind::Window:
    return atEnd - mask.getValue() < pair.key && pair.key <= atEnd;
  case graph::MaskKind::Prefix:
    return pair.key < mask.getValue();
  case graph::MaskKind::Padding:
    return pair.key < operand(pair.batch);
  case graph::MaskKind::Keep:
    return operand(row + pair.key) != 0;
  case graph::MaskKind::Document:
    // A query in front of the first key belongs to no document.
    return atEnd >= 0 && operand(row + atEnd) == operand(row + pair.key);
  case graph::MaskKind::And:
    return llvm::all_of(mask.getChildren(), isChildSeen);
  case graph::MaskKind::Or:
    return llvm::any_of(mask.getChildren(), isChildSeen);
  }
  llvm_unreachable("all masks are above");
}

LogicalResult sylvite::evaluate(graph::AttentionOp op, const Frame &frame,
                                MutableArrayRef<Tensor> results) {
  Tensor &result = results.front();
  Heads query(frame[op.getQuery()], op.getAxes());
  Heads key(frame[op.getKey()], op.getAxes());
  Heads value(frame[op.getValue()], op.getAxes());
  Heads output(result, op.getAxes());
  double scale = op.getScale().convertToDouble();
  std::optional<BroadcastReader> bias;
  if (op.getBias())
    bias.emplace(frame[op.getBias()], 4);
  ScoreRegion region(op.getScore(), frame);

  for (int64_t b = 0; b < query.batches; ++b) {
    for (int64_t h = 0; h < query.heads; ++h) {
      int64_t keyHead = h / (query.heads / key.heads);
      for (int64_t i = 0; i < query.positions; ++i) {
        SmallVector<double> q = query(b, h, i), scores;
        for (int64_t j = 0; j < key.positions; ++j) {
          Pair pair = {b, i, j, query.positions, key.positions};
          if (op.getMaskAttr() && !isSeen(op, frame, op.getMaskAttr(), pair)) {
            scores.push_back(-INFINITY);
            continue;
          }
          double score =
              scale * getSimilarity(op, frame, q, key(b, keyHead, j));
          if (bias)
            score += (*bias)({b, h, i, j});
          if (failed(region.apply(score, {b, h, i, j})))
            return failure();
          scores.push_back(score);
        }
        softmax(scores);
        if (op.getWeights())
          llvm::copy(scores, results[1].data.begin() +
                                 ((b * query.heads + h) * query.positions + i) *
                                     key.positions);
        for (int64_t f = 0; f < value.features; ++f) {
          double &y = result.data[output.getPosition(b, h, i, f)];
          for (auto [j, p] : llvm::enumerate(scores))
            // A key that is not seen does not matter, whatever its value.
            if (p != 0)
              y += p * value.tensor.data[value.getPosition(b, keyHead, j, f)];
        }
      }
    }
  }
  return success();
}
