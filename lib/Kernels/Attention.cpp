//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention as one kernel. Queries go in blocks of a few rows; a block has the
/// scores of all its keys at once, which stay in the cache, and no tensor of
/// queries by keys is ever made. With block qo, row qi of it, panel ko of keys
/// and lane ki of it, the functions are
///
///     query(f, qi, qo, h, b)       the block's queries, scaled
///     key(ki, f, ko, g, b)         all keys, transposed inside of panels
///     dot(ki, ko, qi, qo, h, b)    += query * key over f, in registers
///     score(ki, ko, qi, qo, h, b)  dot in powers of two; bias, formula, mask
///     max(qi, qo, h, b)            over the lanes of lane_max, over panels
///     weight(ki, ko, qi, qo, h, b) exp2(score - max)
///     sum(qi, qo, h, b)            over the lanes of lane_sum, over panels
///     inverse(qi, qo, h, b)        1 / sum, and 0 for 0
///     acc(d, qi, qo, h, b)         += weight * value over the keys, in
///                                  registers
///     mean(d, qi, qo, h, b)        acc * inverse
///     out(d, m, h, b)              mean, in the result's layout
///
/// A panel is one vector of keys, so that short sequences are not padded to
/// more. Where they are needed there are also
///
///     mask(ki, ko, b)              what of the mask depends on the key alone
///     end(b)                       how many keys are left after the last one
///                                  that this part shows
///     query_part, key_part         products with the similarity's matrices
///     query_norm, key_norm         sums of squares, for `cosine`
///
/// Where the weights are a result too, they are all that this kernel gives:
/// out(n, m, h, b) is weight * inverse, and AttentionValues.cpp has the kernel
/// that multiplies values by them.
///
/// Loops over keys end where the mask shows no key of the block any more. A
/// score that is masked is -1e30 and a maximum is at least -1e29: the weights
/// of a query that sees nothing are all zero, and so are their sum and the
/// result.
///
/// Rows past the last query and lanes past the last key repeat the last one.
/// Every result is computed by one task in one order, whatever the threads.
///
//===----------------------------------------------------------------------===//

#include "AttentionMask.h"
#include "Lowerings.h"
#include "ScoreFormula.h"

using namespace mlir;
using namespace sylvite;

/// What a masked score is, and the least maximum.
static constexpr double kMasked = -1e30, kLeastMax = -1e29;
static constexpr double kLog2E = 1.4426950408889634;

namespace {
class AttentionKernel {
public:
  AttentionKernel(graph::AttentionOp op, LoweringContext &context);
  LogicalResult lower();

private:
  LogicalResult readOperands();

  // Coordinates. Those past the end are the last query's and key's.
  Expr getQuery(Expr qi, Expr qo) {
    return min(qo * double(rows) + qi, numQueries - 1);
  }
  Expr getKey(Expr place) { return min(place, numKeys - 1); }
  /// A key's number, which may be past the end.
  Expr getPlace(Expr ki, Expr ko) { return ko * double(lanes) + ki; }
  Expr getKeyHead(Expr head) { return floorDiv(head, double(group)); }
  Expr at(const Operand &operand, Expr batch, Expr head, Expr position,
          Expr feature);

  // The operands of the scores' product.
  void writeQuery();
  void writeKey();
  void writeProjection(StringRef name, bool isQuery, const Operand &matrix);
  void writeNorm(StringRef name, bool isQuery);

  void writeMask();
  void writeScore();
  void writeMax();
  void writeWeight();
  void writeSum();
  void writeInverse();
  void writeMean();
  /// The kernels' ends.
  void finishResult();
  LogicalResult finishWeights();

  /// Inside an update over runs of `width` keys that begin with `first`: leaves
  /// those of which a query of the block (qo, h, b) may see some.
  void restrictKeys(Expr first, int64_t width, Vars block);

  graph::AttentionOp op;
  LoweringContext &context;
  Type element, wide;
  KernelBuilder kernel;
  AttentionMask mask;
  ScoreFormula formula;
  std::optional<Operand> query, key, value, bias;
  std::vector<Operand> similarity;
  graph::AttentionOp::Axes axes;
  int64_t lanes, rows, group;
  /// Is a score multiplied by log2(e) after the product, not before?
  bool scalesLate;
  Expr numQueries, numKeys, numPanels, depth;
  Func queryPart, keyPart, queryNorm, keyNorm;
  Func queries, keys, dot, score, maximum, weight, sum, inverse, mean, keyMask;
  Func end;
};
} // namespace

AttentionKernel::AttentionKernel(graph::AttentionOp op,
                                 LoweringContext &context)
    : op(op), context(context), element(op.getType().getElementType()),
      wide(getComputeType(element)),
      kernel(context, op.getLoc(),
             (op.getWeights() ? "attention_weights_" : "attention_") +
                 getTypeName(element),
             "attention"),
      mask(op, kernel), formula(op.getScore(), kernel), axes(op.getAxes()),
      lanes(context.getTarget().vectorLanes * 32 /
            wide.getIntOrFloatBitWidth()),
      rows(kAttentionRows), group(op.getHeads() / op.getKeyHeads()),
      scalesLate(op.getBias() || !op.getScore().empty()) {}

Expr AttentionKernel::at(const Operand &operand, Expr batch, Expr head,
                         Expr position, Expr feature) {
  SmallVector<Expr> coordinates(4);
  coordinates[axes.batch] = batch;
  coordinates[axes.heads] = head;
  coordinates[axes.sequence] = position;
  coordinates[axes.features] = feature;
  return cast(operand.at(coordinates), wide);
}

LogicalResult AttentionKernel::readOperands() {
  auto read = [&](Value from, std::optional<Operand> &to) {
    FailureOr<Operand> operand = kernel.read(from);
    if (failed(operand))
      return failure();
    to = *operand;
    return success();
  };
  if (failed(read(op.getQuery(), query)) || failed(read(op.getKey(), key)) ||
      failed(read(op.getValue(), value)))
    return failure();
  for (Value matrix : op.getSimilarityOperands()) {
    std::optional<Operand> operand;
    if (failed(read(matrix, operand)))
      return failure();
    similarity.push_back(*operand);
  }
  if (failed(mask.read()) || failed(formula.read()) ||
      (op.getBias() && failed(read(op.getBias(), bias))))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Queries and keys
//===----------------------------------------------------------------------===//

/// query_part(n, qi, qo, h, b) or key_part(n, t, g, b): the vectors times a
/// matrix [features, n].
void AttentionKernel::writeProjection(StringRef name, bool isQuery,
                                      const Operand &matrix) {
  SmallVector<StringRef> vars = {"n", "t", "h", "b"};
  if (isQuery)
    vars = {"n", "qi", "qo", "h", "b"};
  const Operand &vectors = isQuery ? *query : *key;
  Func part = kernel.func(name, vars, wide,
                          [&](Vars) { return kernel.constant(wide, 0); });
  Expr features = kernel.extent(vectors.getExtents()[axes.features]);
  kernel.update(part, {{"f", kernel.index(0), features}}, [&](Vars v, Vars r) {
    Expr position = isQuery ? getQuery(v[1], v[2]) : v[1];
    Expr x = at(vectors, v.back(), v.end()[-2], position, r[0]);
    return part(v) + x * cast(matrix.at({r[0], v[0]}), wide);
  });
  (isQuery ? queryPart : keyPart) = part;
}

/// query_norm(qi, qo, h, b) or key_norm(t, g, b): 1 / |x|, and 0 for 0.
void AttentionKernel::writeNorm(StringRef name, bool isQuery) {
  SmallVector<StringRef> vars = {"t", "h", "b"};
  if (isQuery)
    vars = {"qi", "qo", "h", "b"};
  const Operand &vectors = isQuery ? *query : *key;
  Func squares = kernel.func(name, vars, wide,
                             [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(squares, {{"f", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    Expr position = isQuery ? getQuery(v[0], v[1]) : v[0];
    Expr x = at(vectors, v.back(), v.end()[-2], position, r[0]);
    return squares(v) + x * x;
  });
  (isQuery ? queryNorm : keyNorm) = squares;
}

/// 1 / sqrt of a sum of squares, and 0 of 0.
static Expr invertNorm(Expr squares) {
  return select(squares > 0, 1.0 / sqrt(squares), squares.like(0));
}

void AttentionKernel::writeQuery() {
  bool isAdditive = op.getSimilarity() == graph::Similarity::Additive;
  if (isAdditive || op.getSimilarity() == graph::Similarity::General)
    writeProjection("query_part", /*isQuery=*/true, similarity[0]);
  if (op.getSimilarity() == graph::Similarity::Cosine)
    writeNorm("query_norm", /*isQuery=*/true);
  double scale = op.getScale().convertToDouble() * (scalesLate ? 1 : kLog2E);
  queries =
      kernel.func("query", {"f", "qi", "qo", "h", "b"}, wide, [&](Vars v) {
        if (isAdditive)
          return queryPart(v);
        if (queryPart.getOp())
          return queryPart(v) * scale;
        Expr x = at(*query, v[4], v[3], getQuery(v[1], v[2]), v[0]) * scale;
        if (queryNorm.getOp())
          x = x * invertNorm(queryNorm(v.drop_front()));
        return x;
      });
}

void AttentionKernel::writeKey() {
  if (op.getSimilarity() == graph::Similarity::Additive)
    writeProjection("key_part", /*isQuery=*/false, similarity[1]);
  if (op.getSimilarity() == graph::Similarity::Cosine)
    writeNorm("key_norm", /*isQuery=*/false);
  keys = kernel.func("key", {"ki", "f", "ko", "h", "b"}, wide, [&](Vars v) {
    Expr position = getKey(getPlace(v[0], v[2]));
    if (keyPart.getOp())
      return keyPart({v[1], position, v[3], v[4]});
    Expr x = at(*key, v[4], v[3], position, v[1]);
    if (keyNorm.getOp())
      x = x * invertNorm(keyNorm({position, v[3], v[4]}));
    return x;
  });
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

void AttentionKernel::writeMask() {
  if (!mask.readsKeys())
    return;
  keyMask = kernel.func("mask", {"ki", "ko", "b"}, wide, [&](Vars v) {
    Expr place = getPlace(v[0], v[1]);
    Expr seen = mask.isKeySeen(v[2], getKey(place));
    return select(seen && place < numKeys, kernel.constant(wide, -kMasked),
                  kernel.constant(wide, kMasked));
  });
  end = kernel.func("end", {"b"}, kernel.index(0).getType(),
                    [&](Vars) { return kernel.index(0); });
  kernel.update(end, {{"t", kernel.index(0), numKeys}}, [&](Vars v, Vars r) {
    return select(mask.isKeySeen(v[0], r[0]), max(end(v), r[0] + 1), end(v));
  });
}

void AttentionKernel::restrictKeys(Expr first, int64_t width, Vars block) {
  Expr firstQuery = block[0] * double(rows), batch = block[2];
  auto getLastQuery = [&] {
    return min(firstQuery + double(rows - 1), numQueries - 1);
  };
  if (mask.hasEnd())
    kernel.where(first < mask.getEnd(getLastQuery()));
  if (mask.hasBegin())
    kernel.where(first + double(width) > mask.getBegin(firstQuery));
  if (end.getOp())
    kernel.where(first < end({batch}));
}

/// The score where the mask is true. Not a choice between two scores: Halide
/// would calculate what one of them needs only where it is chosen, and tiles
/// would no longer have one size.
static Expr restrictScore(Expr score, Expr seen) {
  return min(score, select(seen, score.like(-kMasked), score.like(kMasked)));
}

void AttentionKernel::writeScore() {
  SmallVector<StringRef> vars = {"ki", "ko", "qi", "qo", "h", "b"};
  dot = kernel.func("dot", vars, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(dot, {{"f", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    Expr q = queries({r[0], v[2], v[3], v[4], v[5]});
    Expr k = keys({v[0], r[0], v[1], getKeyHead(v[4]), v[5]});
    if (op.getSimilarity() != graph::Similarity::Additive)
      return dot(v) + q * k;
    double scale = op.getScale().convertToDouble() * (scalesLate ? 1 : kLog2E);
    Expr factor = cast(similarity[2].at({r[0]}), wide) * scale;
    return dot(v) + factor * tanh(q + k);
  });
  score = kernel.func("score", vars, wide, [&](Vars v) {
    Expr batch = v[5], head = v[4];
    Expr place = getPlace(v[0], v[1]);
    Expr s = dot(v);
    // Read only where they are used, or else nothing would drop them.
    auto getPair = [&] {
      return std::pair(getQuery(v[2], v[3]), getKey(place));
    };
    if (bias) {
      auto [i, j] = getPair();
      s = s + cast(bias->atBroadcast({batch, head, i, j}), wide);
    }
    if (!formula.empty()) {
      auto [i, j] = getPair();
      s = cast(formula.apply({cast(s, element), batch, head, i, j}), wide);
    }
    if (scalesLate)
      s = max(s * kLog2E, kMasked);
    if (mask.hasPairPart()) {
      auto [i, j] = getPair();
      s = restrictScore(s, mask.isPairSeen(batch, i, j));
    }
    if (keyMask.getOp())
      return min(s, keyMask({v[0], v[1], batch}));
    Expr seen = place < numKeys;
    if (mask.hasKeyPart())
      seen = seen && mask.isKeySeen(batch, place);
    return restrictScore(s, seen);
  });
}

//===----------------------------------------------------------------------===//
// Softmax and the weighted sum
//===----------------------------------------------------------------------===//

void AttentionKernel::writeMax() {
  Func lane =
      kernel.func("lane_max", {"ki", "qi", "qo", "h", "b"}, wide,
                  [&](Vars) { return kernel.constant(wide, kLeastMax); });
  kernel.update(
      lane, {{"ko", kernel.index(0), numPanels}}, [&](Vars v, Vars r) {
        restrictKeys(r[0] * double(lanes), lanes, v.drop_front(2));
        return max(lane(v), score({v[0], r[0], v[1], v[2], v[3], v[4]}));
      });
  maximum = kernel.func("max", {"qi", "qo", "h", "b"}, wide,
                        [&](Vars) { return kernel.constant(wide, kLeastMax); });
  kernel.update(maximum, {{"ki", kernel.index(0), kernel.index(lanes)}},
                [&](Vars v, Vars r) {
                  return max(maximum(v), lane({r[0], v[0], v[1], v[2], v[3]}));
                });
}

void AttentionKernel::writeWeight() {
  weight = kernel.func(
      "weight", {"ki", "ko", "qi", "qo", "h", "b"}, wide,
      [&](Vars v) { return exp2(score(v) - maximum(v.drop_front(2))); });
}

void AttentionKernel::writeSum() {
  Func lane = kernel.func("lane_sum", {"ki", "qi", "qo", "h", "b"}, wide,
                          [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(lane, {{"ko", kernel.index(0), numPanels}},
                [&](Vars v, Vars r) {
                  restrictKeys(r[0] * double(lanes), lanes, v.drop_front(2));
                  return lane(v) + weight({v[0], r[0], v[1], v[2], v[3], v[4]});
                });
  sum = kernel.func("sum", {"qi", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(sum, {{"ki", kernel.index(0), kernel.index(lanes)}},
                [&](Vars v, Vars r) {
                  return sum(v) + lane({r[0], v[0], v[1], v[2], v[3]});
                });
}

void AttentionKernel::writeInverse() {
  inverse = kernel.func("inverse", {"qi", "qo", "h", "b"}, wide, [&](Vars v) {
    return select(sum(v) > 0, 1.0 / sum(v), kernel.constant(wide, 0));
  });
}

void AttentionKernel::writeMean() {
  SmallVector<StringRef> vars = {"d", "qi", "qo", "h", "b"};
  Func acc = kernel.func("acc", vars, wide,
                         [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(acc, {{"t", kernel.index(0), numKeys}}, [&](Vars v, Vars r) {
    restrictKeys(r[0], 1, v.drop_front(2));
    Expr lane = mod(r[0], double(lanes)), panel = floorDiv(r[0], double(lanes));
    Expr p = weight({lane, panel, v[1], v[2], v[3], v[4]});
    return acc(v) + p * at(*value, v[4], getKeyHead(v[3]), r[0], v[0]);
  });
  mean = kernel.func("mean", vars, wide,
                     [&](Vars v) { return acc(v) * inverse(v.drop_front()); });
}

//===----------------------------------------------------------------------===//
// The ends
//===----------------------------------------------------------------------===//

void AttentionKernel::finishResult() {
  writeMean();
  SmallVector<StringRef> vars = {"d", "m", "h", "b"};
  bool isBshd = op.getLayout() == graph::HeadLayout::Bshd;
  if (isBshd)
    std::swap(vars[1], vars[2]);
  Func out = kernel.func("out", vars, element, [&](Vars v) {
    Expr m = v[isBshd ? 2 : 1], head = v[isBshd ? 1 : 2];
    return cast(mean({v[0], mod(m, double(rows)), floorDiv(m, double(rows)),
                      head, v[3]}),
                element);
  });
  context.setResult(op.getResult(),
                    kernel.finish(out, getExtents(op.getResult())));
}

LogicalResult AttentionKernel::finishWeights() {
  Func out = kernel.func("out", {"n", "m", "h", "b"}, element, [&](Vars v) {
    Expr ki = mod(v[0], double(lanes)), ko = floorDiv(v[0], double(lanes));
    Expr qi = mod(v[1], double(rows)), qo = floorDiv(v[1], double(rows));
    return cast(weight({ki, ko, qi, qo, v[2], v[3]}) *
                    inverse({qi, qo, v[2], v[3]}),
                element);
  });
  Value weights = kernel.finish(out, getExtents(op.getWeights()));
  context.setResult(op.getWeights(), weights);
  return lowerWeightedSum(op, weights, context);
}

LogicalResult AttentionKernel::lower() {
  if (!getExtents(op.getResult())[axes.features].isStatic() ||
      !getExtents(op.getQuery())[axes.features].isStatic())
    return op.emitOpError("has no kernel for a dynamic number of features");
  if (failed(readOperands()))
    return failure();
  numQueries = kernel.extent(query->getExtents()[axes.sequence]);
  numKeys = kernel.extent(key->getExtents()[axes.sequence]);
  numPanels = floorDiv(numKeys + double(lanes - 1), double(lanes));
  depth = kernel.extent(op.getSimilarity() == graph::Similarity::Additive
                            ? similarity[2].getExtents()[0]
                            : query->getExtents()[axes.features]);
  mask.setExtents(numQueries, numKeys);
  kernel.setNumber("block_rows", rows);
  kernel.setNumber("panel_keys", lanes);
  writeMask();
  writeQuery();
  writeKey();
  writeScore();
  writeMax();
  writeWeight();
  writeSum();
  writeInverse();
  if (op.getWeights())
    return finishWeights();
  finishResult();
  return success();
}

LogicalResult sylvite::lowerAttention(graph::AttentionOp op,
                                      LoweringContext &context) {
  return AttentionKernel(op, context).lower();
}
