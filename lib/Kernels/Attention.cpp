//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention as one kernel. Queries go in blocks of a few rows, keys in blocks
/// for which the scores of a block of queries stay in the cache; no tensor of
/// queries by keys is ever made. With block qo of queries, row qi of it, block
/// kb of keys, panel ko of all keys and lane ki of it, the functions are
///
///     query(f, qi, qo, h, b)       the block's queries, scaled
///     key(ki, f, ko, g, b)         all keys, transposed inside of panels
///     dot(ki, ko, qi, qo, h, b)    += query * key over f, in registers
///     score(ki, ko, qi, qo, h, b)  dot in powers of two; bias, formula, mask
///     max(qi, kb, qo, h, b)        over the lanes of lane_max, over panels
///     weight(ki, ko, qi, kb, qo, h, b)
///                                  exp2(score - max)
///     sum(qi, kb, qo, h, b)        over the lanes of lane_sum, over panels
///     acc(d, qi, kb, qo, h, b)     += weight * value over the block's keys, in
///                                  registers
///     mean(d, qi, qo, h, b)        acc / sum
///     out(d, m, h, b)              mean, in the result's layout
///
/// A panel is one vector of keys, so that short sequences are not padded to
/// more. Blocks of keys that are known to be all keys need nothing else; else
/// each has a maximum and a sum of its own, and what it gives is put together
/// once all are done:
///
///     tile(d, qi, kb, qo, h, b)    acc, in memory
///     part(d, qi, kb, qo, h, b)    tile, and behind its features max and sum
///     top(qi, qo, h, b)            the greatest max
///     factor(qi, kb, qo, h, b)     exp2(max - top)
///     total(qi, qo, h, b)          += factor * sum over the blocks
///     merged(d, qi, qo, h, b)      += factor * part over the blocks
///
/// That is what online softmax calculates, with the same numbers for any number
/// of threads. (The running maximum of that would be read by the function that
/// is being updated, which Halide does not do.)
///
/// A single query reads each key once; transposing keys would cost more than
/// all else. Its dot sums lane_dot(fi, ki, ko, qi, qo, h, b) over lanes of
/// features.
///
/// Where they are needed there are also
///
///     query_part, key_part         products with the similarity's matrices
///     query_norm, key_norm         sums of squares, for `cosine`
///
/// and those that AttentionMask.h lists.
///
/// Loops over keys are cut to those that the mask shows some query of the
/// block. Among these, panels that it shows all of them need no select
/// (`likely` makes Halide give them a loop of their own), and sums over values
/// go in two or three loops: where all keys are seen, and before and behind.
/// There a value by a weight of zero is zero: a NaN in keys or values that are
/// not seen does not matter.
///
/// A score that is masked is -1e30 and a maximum is at least -1e29: the weights
/// of a query that sees nothing are all zero, and so are their sum and the
/// result.
///
/// Where the weights are a result too, they are all that this kernel gives:
/// out(n, m, h, b) is weight * inverse, and AttentionValues.cpp has the kernel
/// that multiplies values by them.
///
/// Rows past the last query and lanes past the last key repeat the last one.
/// Every result is computed by one task in one order, whatever the threads.
///
//===----------------------------------------------------------------------===//

#include "AttentionMask.h"
#include "Lowerings.h"
#include "ScoreFormula.h"
#include "sylvite/Kernels/AttentionForm.h"

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
    return min(qo * double(form.rows) + qi, numQueries - 1);
  }
  Expr getKey(Expr place) { return min(place, numKeys - 1); }
  /// A key's number, which may be past the end.
  Expr getPlace(Expr ki, Expr ko) { return ko * double(form.lanes) + ki; }
  Expr getKeyHead(Expr head) { return floorDiv(head, double(group)); }
  Expr at(const Operand &operand, Expr batch, Expr head, Expr position,
          Expr feature);

  // The operands of the scores' product.
  void writeQuery();
  void writeKey();
  void writeProjection(StringRef name, bool isQuery, const Operand &matrix);
  void writeNorm(StringRef name, bool isQuery);
  /// A feature of a key.
  Expr readKey(Expr feature, Expr place, Expr keyHead, Expr batch);

  void writeDot();
  void writeLaneDot();
  void writeScore();
  void writeMax();
  void writeWeight();
  void writeSum();
  void writeAcc();
  void writeMean();
  /// Puts blocks of keys together.
  void writeMerged();
  Func writeInverse(Func total, ArrayRef<StringRef> vars);

  /// The kernels' ends.
  void finishResult();
  LogicalResult finishWeights();

  // Blocks. `block` is (kb, qo, h, b).
  /// The panels of a block of keys, from its first one on.
  sylvite::Range getPanels() {
    Expr end =
        form.blockKeys ? kernel.index(form.blockKeys / form.lanes) : numPanels;
    return {"ko", kernel.index(0), end};
  }
  Expr getPanel(Expr ko, Expr kb) {
    return form.blockKeys ? kb * double(form.blockKeys / form.lanes) + ko : ko;
  }
  AttentionMask::Block getQueries(Vars block) {
    Expr first = block[1] * double(form.rows);
    return {block[1], first, min(first + double(form.rows - 1), numQueries - 1),
            block[3]};
  }
  /// Inside an update over runs of `width` keys that begin with `first`: leaves
  /// those of which a query of the block may see some, and that are inside of
  /// `range`.
  void restrictKeys(Expr first, int64_t width, Vars block,
                    const KeyRange &range = {});
  /// The key, or the panel of `width` keys, inside of those that some query of
  /// the block may see, which it is already: bounds inference does not see that
  /// by two conditions.
  Expr clampToSeen(Expr place, int64_t width, Vars block);
  /// Inside an update of scores: leaves out panels that no query of the block
  /// sees by what operands tell. Bounds inference cuts loops to what indices
  /// tell, not to a function's values.
  void restrictPanels(Expr ko, Vars block);
  /// A sum or a maximum over the scores or weights of a row: first for each
  /// lane of a panel, then over lanes.
  Func reduceRows(StringRef name, double initial,
                  function_ref<Expr(Expr, Expr)> combine,
                  function_ref<Expr(Vars)> element);

  graph::AttentionOp op;
  LoweringContext &context;
  Type element, wide;
  KernelBuilder kernel;
  AttentionMask mask;
  ScoreFormula formula;
  std::optional<Operand> query, key, value, bias;
  std::vector<Operand> similarity;
  graph::AttentionOp::Axes axes;
  AttentionForm form;
  int64_t group;
  /// Is a score multiplied by log2(e) after the product, not before?
  bool scalesLate;
  Expr numQueries, numKeys, numPanels, depth;
  Func queryPart, keyPart, queryNorm, keyNorm;
  Func queries, keys, dot, score, maximum, weight, sum, acc, mean;
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
      form(op, context.getTarget()), group(op.getHeads() / op.getKeyHeads()),
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

Expr AttentionKernel::readKey(Expr feature, Expr place, Expr keyHead,
                              Expr batch) {
  Expr position = getKey(place);
  if (keyPart.getOp())
    return keyPart({feature, position, keyHead, batch});
  Expr x = at(*key, batch, keyHead, position, feature);
  if (keyNorm.getOp())
    x = x * invertNorm(keyNorm({position, keyHead, batch}));
  return x;
}

void AttentionKernel::writeKey() {
  if (op.getSimilarity() == graph::Similarity::Additive)
    writeProjection("key_part", /*isQuery=*/false, similarity[1]);
  if (op.getSimilarity() == graph::Similarity::Cosine)
    writeNorm("key_norm", /*isQuery=*/false);
  if (!form.hasPanels)
    return;
  keys = kernel.func("key", {"ki", "f", "ko", "h", "b"}, wide, [&](Vars v) {
    return readKey(v[1], getPlace(v[0], v[2]), v[3], v[4]);
  });
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

void AttentionKernel::restrictKeys(Expr first, int64_t width, Vars block,
                                   const KeyRange &range) {
  // Weights that are a result are there for all keys.
  if (op.getWeights())
    return;
  KeyRange seen = mask.getSeen(getQueries(block));
  // One condition on the end: bounds inference uses one.
  Expr all, end = seen.end;
  if (form.blockKeys)
    end = end ? min(end, numKeys) : numKeys;
  if (range.end)
    end = end ? min(end, range.end) : range.end;
  if (end)
    all = first < end;
  for (Expr begin : {seen.begin, range.begin}) {
    if (!bool(begin))
      continue;
    Expr behind = first + double(width) > begin;
    all = all ? all && behind : behind;
  }
  if (all)
    kernel.where(all);
}

Expr AttentionKernel::clampToSeen(Expr place, int64_t width, Vars block) {
  AttentionMask::Block queries = getQueries(block);
  queries.isStatic = true;
  KeyRange seen = mask.getSeen(queries);
  if (seen.begin)
    place = max(place, floorDiv(seen.begin, double(width)));
  Expr end = seen.end ? min(seen.end, numKeys) : numKeys;
  return max(min(place, floorDiv(end - 1, double(width))), 0);
}

void AttentionKernel::restrictPanels(Expr ko, Vars block) {
  if (!mask.hasTables())
    return;
  KeyRange seen = mask.getSeen(getQueries(block));
  Expr first = ko * double(form.lanes);
  if (seen.end)
    kernel.where(first < seen.end);
  if (seen.begin)
    kernel.where(first + double(form.lanes) > seen.begin);
}

void AttentionKernel::writeDot() {
  dot = kernel.func("dot", {"ki", "ko", "qi", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(dot, {{"f", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    restrictPanels(v[1], {kernel.index(0), v[3], v[4], v[5]});
    Expr q = queries({r[0], v[2], v[3], v[4], v[5]});
    Expr k = keys({v[0], r[0], v[1], getKeyHead(v[4]), v[5]});
    if (op.getSimilarity() != graph::Similarity::Additive)
      return dot(v) + q * k;
    double scale = op.getScale().convertToDouble() * (scalesLate ? 1 : kLog2E);
    Expr factor = cast(similarity[2].at({r[0]}), wide) * scale;
    return dot(v) + factor * tanh(q + k);
  });
}

void AttentionKernel::writeLaneDot() {
  int64_t features = *depth.getConstantInt(), lanes = form.lanes;
  while (features % lanes)
    lanes /= 2;
  Func lane = kernel.func("lane_dot", {"fi", "ki", "ko", "qi", "qo", "h", "b"},
                          wide, [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(lane, {{"fo", kernel.index(0), kernel.index(features / lanes)}},
                [&](Vars v, Vars r) {
                  restrictPanels(v[2], {kernel.index(0), v[4], v[5], v[6]});
                  Expr feature = r[0] * double(lanes) + v[0];
                  return lane(v) + queries({feature, v[3], v[4], v[5], v[6]}) *
                                       readKey(feature, getPlace(v[1], v[2]),
                                               getKeyHead(v[5]), v[6]);
                });
  kernel.setNumber("feature_lanes", lanes);
  dot = kernel.func("dot", {"ki", "ko", "qi", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(dot, {{"fi", kernel.index(0), kernel.index(lanes)}},
                [&](Vars v, Vars r) {
                  SmallVector<Expr> place = {r[0]};
                  llvm::append_range(place, v);
                  return dot(v) + lane(place);
                });
}

void AttentionKernel::writeScore() {
  SmallVector<StringRef> vars = {"ki", "ko", "qi", "qo", "h", "b"};
  Expr hidden = kernel.constant(wide, kMasked);
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
      s = blend(likely(mask.isPairSeen(batch, i, j)), s, hidden);
    }
    if (mask.hasKeyTable())
      return blend(mask.isKeySeen(v[0], v[1], place, batch), s, hidden);
    Expr seen = place < numKeys;
    if (mask.hasKeyPart())
      seen = seen && mask.isKeySeen(v[0], v[1], place, batch);
    return blend(likely(seen), s, hidden);
  });
}

//===----------------------------------------------------------------------===//
// Softmax and the weighted sum
//===----------------------------------------------------------------------===//

/// The coordinates of a score (ki, ko, qi, qo, h, b), of those of a block's row
/// (qi, kb, qo, h, b).
static SmallVector<Expr> getScorePlace(Expr ki, Expr ko, Vars row) {
  return {ki, ko, row[0], row[2], row[3], row[4]};
}

Func AttentionKernel::reduceRows(StringRef name, double initial,
                                 function_ref<Expr(Expr, Expr)> combine,
                                 function_ref<Expr(Vars)> element) {
  SmallVector<StringRef> vars = {"ki", "qi", "kb", "qo", "h", "b"};
  auto start = [&](Vars) { return kernel.constant(wide, initial); };
  Func lane = kernel.func(("lane_" + name).str(), vars, wide, start);
  kernel.update(lane, {getPanels()}, [&](Vars v, Vars r) {
    Expr panel = getPanel(r[0], v[2]);
    Vars block = v.drop_front(2);
    restrictKeys(panel * double(form.lanes), form.lanes, block);
    AttentionMask::Block queries = getQueries(block);
    queries.isStatic = true;
    if (bool(mask.getSeen(queries).begin) && !op.getWeights())
      panel = clampToSeen(panel, form.lanes, block);
    SmallVector<Expr> place = {v[0], panel};
    llvm::append_range(place, v.drop_front());
    return combine(lane(v), element(place));
  });
  Func whole = kernel.func(name, ArrayRef(vars).drop_front(), wide, start);
  kernel.update(whole, {{"ki", kernel.index(0), kernel.index(form.lanes)}},
                [&](Vars v, Vars r) {
                  SmallVector<Expr> place = {r[0]};
                  llvm::append_range(place, v);
                  return combine(whole(v), lane(place));
                });
  return whole;
}

void AttentionKernel::writeMax() {
  maximum = reduceRows(
      "max", kLeastMax, [](Expr a, Expr b) { return max(a, b); },
      [&](Vars v) {
        return score(getScorePlace(v[0], v[1], v.drop_front(2)));
      });
}

void AttentionKernel::writeWeight() {
  weight = kernel.func(
      "weight", {"ki", "ko", "qi", "kb", "qo", "h", "b"}, wide, [&](Vars v) {
        Expr s = score(getScorePlace(v[0], v[1], v.drop_front(2)));
        return exp2(s - maximum(v.drop_front(2)));
      });
}

void AttentionKernel::writeSum() {
  sum = reduceRows(
      "sum", 0, [](Expr a, Expr b) { return a + b; },
      [&](Vars v) { return weight(v); });
}

void AttentionKernel::writeAcc() {
  acc = kernel.func("acc", {"d", "qi", "kb", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  sylvite::Range keysOfBlock = {"t", kernel.index(0),
                                form.blockKeys ? kernel.index(form.blockKeys)
                                               : numKeys};
  // Where `getRange` says.
  auto accumulate = [&](bool isMixed, function_ref<KeyRange(Vars)> getRange) {
    kernel.update(acc, {keysOfBlock}, [&](Vars v, Vars r) {
      Vars block = v.drop_front(2);
      Expr t = r[0];
      if (form.blockKeys)
        t = block[0] * double(form.blockKeys) + t;
      restrictKeys(t, 1, block, getRange(block));
      if (form.blockKeys || op.getMaskAttr())
        t = clampToSeen(t, 1, block);
      Expr ki = mod(t, double(form.lanes)),
           ko = floorDiv(t, double(form.lanes));
      SmallVector<Expr> coordinates = {ki, ko};
      llvm::append_range(coordinates, v.drop_front());
      Expr p = weight(coordinates);
      Expr x = at(*value, v[5], getKeyHead(v[4]), t, v[0]);
      if (isMixed)
        x = blend(p != 0, x, x.like(0));
      else if (mask.hasKeyTable())
        x = blend(mask.isKeySeen(ki, ko, t, v[5]), x, x.like(0));
      return acc(v) + p * x;
    });
  };
  auto isAny = [](Vars) { return KeyRange(); };
  if (!mask.hasPairPart())
    return accumulate(/*isMixed=*/false, isAny);
  SmallVector<Expr> none(4, kernel.index(0));
  std::optional<KeyRange> full = mask.getFull(getQueries(none));
  if (!full)
    return accumulate(/*isMixed=*/true, isAny);
  auto getFull = [&](Vars block) { return *mask.getFull(getQueries(block)); };
  bool hasBegin = bool(full->begin), hasEnd = bool(full->end);
  if (hasBegin)
    accumulate(/*isMixed=*/true,
               [&](Vars block) { return KeyRange{{}, getFull(block).begin}; });
  accumulate(/*isMixed=*/false, getFull);
  if (hasEnd)
    accumulate(/*isMixed=*/true, [&](Vars block) {
      KeyRange range = getFull(block);
      return KeyRange{hasBegin ? max(range.begin, range.end) : range.end, {}};
    });
}

Func AttentionKernel::writeInverse(Func total, ArrayRef<StringRef> vars) {
  return kernel.func("inverse", vars, wide, [&](Vars v) {
    return select(total(v) > 0, 1.0 / total(v), kernel.constant(wide, 0));
  });
}

void AttentionKernel::writeMerged() {
  SmallVector<StringRef> blocks = {"d", "qi", "kb", "qo", "h", "b"},
                         rows = {"qi", "qo", "h", "b"},
                         results = {"d", "qi", "qo", "h", "b"};
  int64_t features = value->getExtents()[axes.features].getNumber();
  Func tile = kernel.func("tile", blocks, wide, acc);
  Func part = kernel.func("part", blocks, wide, [&](Vars v) {
    SmallVector<Expr> place(v);
    place[0] = min(v[0], double(features - 1));
    Vars row = v.drop_front();
    return select(v[0] < double(features), tile(place),
                  select(v[0] == double(features), maximum(row), sum(row)));
  });
  // A sum or a maximum over the blocks of keys that the mask shows.
  auto overBlocks = [&](StringRef name, ArrayRef<StringRef> vars,
                        double initial,
                        function_ref<Expr(Expr, Vars, Vars)> f) {
    Func func = kernel.func(
        name, vars, wide, [&](Vars) { return kernel.constant(wide, initial); });
    sylvite::Range range = {
        "kb", kernel.index(0),
        floorDiv(numKeys + double(form.blockKeys - 1), double(form.blockKeys))};
    kernel.update(func, {range}, [&](Vars v, Vars r) {
      SmallVector<Expr> block = {r[0]};
      llvm::append_range(block, v.take_back(3));
      restrictKeys(r[0] * double(form.blockKeys), form.blockKeys, block);
      SmallVector<Expr> row = {v.end()[-4]};
      llvm::append_range(row, block);
      return f(func(v), v, row);
    });
    return func;
  };
  auto get = [&](Func func, Expr first, Vars row) {
    SmallVector<Expr> place = {first};
    llvm::append_range(place, row);
    return func(place);
  };
  Func top = overBlocks("top", rows, kLeastMax, [&](Expr so, Vars, Vars row) {
    return max(so, get(part, kernel.index(features), row));
  });
  Func factor =
      kernel.func("factor", ArrayRef(blocks).drop_front(), wide, [&](Vars row) {
        return exp2(get(part, kernel.index(features), row) -
                    top({row[0], row[2], row[3], row[4]}));
      });
  Func total = overBlocks("total", rows, 0, [&](Expr so, Vars, Vars row) {
    return so + factor(row) * get(part, kernel.index(features + 1), row);
  });
  Func inverse = writeInverse(total, rows);
  Func merged =
      overBlocks("merged", results, 0, [&](Expr so, Vars v, Vars row) {
        return so + factor(row) * get(part, v[0], row);
      });
  mean = kernel.func("mean", results, wide, [&](Vars v) {
    return merged(v) * inverse(v.drop_front());
  });
}

void AttentionKernel::writeMean() {
  writeAcc();
  if (form.blockKeys)
    return writeMerged();
  SmallVector<StringRef> vars = {"d", "qi", "qo", "h", "b"};
  // There is one block of keys.
  Expr kb = kernel.index(0);
  Func inverse = writeInverse(sum, {"qi", "kb", "qo", "h", "b"});
  mean = kernel.func("mean", vars, wide, [&](Vars v) {
    return acc({v[0], v[1], kb, v[2], v[3], v[4]}) *
           inverse({v[1], kb, v[2], v[3], v[4]});
  });
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
  double rows = form.rows;
  Func out = kernel.func("out", vars, element, [&](Vars v) {
    Expr m = v[isBshd ? 2 : 1], head = v[isBshd ? 1 : 2];
    return cast(mean({v[0], mod(m, rows), floorDiv(m, rows), head, v[3]}),
                element);
  });
  Output output =
      openQueries({out, getExtents(op.getResult())}, isBshd ? 1 : 2, form.rows);
  context.setResult(op.getResult(), kernel.finish(output).front());
}

LogicalResult AttentionKernel::finishWeights() {
  double lanes = form.lanes, rows = form.rows;
  Func inverse = writeInverse(sum, {"qi", "kb", "qo", "h", "b"});
  Func out = kernel.func("out", {"n", "m", "h", "b"}, element, [&](Vars v) {
    Expr ki = mod(v[0], lanes), ko = floorDiv(v[0], lanes);
    Expr qi = mod(v[1], rows), qo = floorDiv(v[1], rows), kb = kernel.index(0);
    return cast(weight({ki, ko, qi, kb, qo, v[2], v[3]}) *
                    inverse({qi, kb, qo, v[2], v[3]}),
                element);
  });
  Output output = openQueries({out, getExtents(op.getWeights())}, 2, form.rows);
  Value weights = kernel.finish(output).front();
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
  numPanels = floorDiv(numKeys + double(form.lanes - 1), double(form.lanes));
  depth = kernel.extent(op.getSimilarity() == graph::Similarity::Additive
                            ? similarity[2].getExtents()[0]
                            : query->getExtents()[axes.features]);
  mask.setExtents(numQueries, numKeys);
  remarkForm(op, form);
  kernel.setNumber("block_rows", form.rows);
  kernel.setNumber("panel_keys", form.lanes);
  mask.writeTables(form.rows, form.lanes);
  writeQuery();
  writeKey();
  if (form.hasPanels)
    writeDot();
  else
    writeLaneDot();
  writeScore();
  writeMax();
  writeWeight();
  writeSum();
  if (op.getWeights())
    return finishWeights();
  finishResult();
  return success();
}

LogicalResult sylvite::lowerAttention(graph::AttentionOp op,
                                      LoweringContext &context) {
  return AttentionKernel(op, context).lower();
}
