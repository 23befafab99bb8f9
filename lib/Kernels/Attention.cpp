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
///     value(d, ki, ko, g, b)       all values, zero where no query sees the
///     key dot(ki, ko, qi, qo, h, b)    += query * key over f, in registers
///     (or, by
///                                  pairs of panels, dot(ki, kr, kt, qi, ...))
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
/// of threads, and without a state that each step waits for. On devices one
/// block of threads goes through all keys, and has such a state:
/// AttentionOnline.cpp lists what stands there in place of all behind score.
///
/// A single query reads each key once; transposing keys would cost more than
/// all else. Its dot sums lane_dot(fi, ki, ko, qi, qo, h, b) over lanes of
/// features, and values are read where they are.
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
/// (`likely` makes Halide give them a loop of their own).
///
/// A NaN in keys or values that are not seen does not matter: a value by a
/// weight of zero is zero. A choice for every product would cost more than the
/// product. Values that are not finite are therefore zero in `value`, and count
/// in a loop of their own, over the panels that have any (value_bits(ko, g, b)
/// tells).
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

#include "AttentionKernel.h"
#include "Bf16Words.h"
#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

/// "attention_f32", and what makes it another one.
static std::string getKernelName(graph::AttentionOp op,
                                 const AttentionForm &form) {
  std::string name = op.getWeights() ? "attention_weights_" : "attention_";
  name += getTypeName(op.getType().getElementType());
  return form.isBf16 ? name + "_bf16" : name;
}

AttentionKernel::AttentionKernel(graph::AttentionOp op,
                                 LoweringContext &context)
    : op(op), context(context), element(op.getType().getElementType()),
      wide(getComputeType(element)), form(op, context.getTarget()),
      kernel(context, op.getLoc(), getKernelName(op, form), "attention"),
      mask(op, kernel), formula(op.getScore(), kernel), axes(op.getAxes()),
      group(op.getHeads() / op.getKeyHeads()),
      scalesLate(op.getBias() || !op.getScore().empty()) {
  factor = form.isBf16 ? kernel.index(0).getType() : wide;
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

void AttentionKernel::restrictKeys(Expr first, int64_t width, Vars block) {
  // Weights that are a result are there for all keys.
  if (op.getWeights())
    return;
  KeyRange seen = mask.getSeen(getQueries(block));
  // One condition on the end: bounds inference uses one.
  Expr all, end = seen.end;
  if (form.blockKeys)
    end = end ? min(end, numKeys) : numKeys;
  if (end)
    all = mask.isLess(first, end);
  if (seen.begin) {
    Expr behind = mask.isLess(seen.begin, first + double(width));
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

void AttentionKernel::restrictPanels(Expr ko, int64_t panels, Vars block) {
  if (!mask.hasTables())
    return;
  KeyRange seen = mask.getSeen(getQueries(block));
  Expr first = ko * double(form.lanes);
  if (seen.end)
    kernel.where(first < seen.end);
  if (seen.begin)
    kernel.where(first + double(panels * form.lanes) > seen.begin);
}

void AttentionKernel::writeDot() {
  SmallVector<StringRef> vars = {"ki", "ko", "qi", "qo", "h", "b"};
  // Where tiles may be left out, the choice is one for all of a tile.
  bool isPaired = mask.hasTables();
  if (isPaired) {
    vars[1] = "kt";
    vars.insert(vars.begin() + 1, "kr");
  }
  dot = kernel.func("dot", vars, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  sylvite::Range features = {"f", kernel.index(0), getProductDepth()};
  kernel.update(dot, {features}, [&](Vars v, Vars r) {
    Vars row = v.take_back(4);
    Expr ko = v[1];
    if (isPaired) {
      Expr first = v[2] * double(kTilePanels);
      restrictPanels(first, kTilePanels,
                     {kernel.index(0), row[1], row[2], row[3]});
      ko = first + v[1];
    }
    Expr q = queries({r[0], row[0], row[1], row[2], row[3]});
    // The last tile may have a panel too many.
    ko = min(ko, numPanels - 1);
    Expr k = keys({v[0], r[0], ko, getKeyHead(row[2]), row[3]});
    if (form.isBf16)
      return dotBf16(dot(v), q, k);
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
                  restrictPanels(v[2], 1, {kernel.index(0), v[4], v[5], v[6]});
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
    SmallVector<Expr> inTile(v);
    if (form.hasPanels && mask.hasTables()) {
      inTile[1] = floorDiv(v[1], double(kTilePanels));
      inTile.insert(inTile.begin() + 1, mod(v[1], double(kTilePanels)));
    }
    Expr s = dot(inTile);
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
    Expr seen = mask.isLess(place, numKeys);
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

Func AttentionKernel::reduceRows(StringRef name, double initial, int64_t panels,
                                 function_ref<Expr(Expr, Expr)> combine,
                                 function_ref<Expr(Vars)> element) {
  SmallVector<StringRef> vars = {"ki", "qi", "kb", "qo", "h", "b"};
  auto start = [&](Vars) { return kernel.constant(wide, initial); };
  Func lane = kernel.func(("lane_" + name).str(), vars, wide, start);
  int64_t width = getWidth(panels);
  kernel.update(lane, {getPanels("ko", panels)}, [&](Vars v, Vars r) {
    Expr panel = getPanel(r[0], v[2], panels);
    Vars block = v.drop_front(2);
    restrictKeys(panel * double(width), width, block);
    AttentionMask::Block queries = getQueries(block);
    queries.isStatic = true;
    if (bool(mask.getSeen(queries).begin) && !op.getWeights())
      panel = clampToSeen(panel, width, block);
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
      "max", kLeastMax, /*panels=*/1, [](Expr a, Expr b) { return max(a, b); },
      [&](Vars v) {
        return score(getScorePlace(v[0], v[1], v.drop_front(2)));
      });
}

void AttentionKernel::writeWeight() {
  SmallVector<StringRef> vars = {"ki", "ko", "qi", "kb", "qo", "h", "b"};
  auto getOne = [&](Expr ki, Expr ko, Vars row) {
    return exp2(score(getScorePlace(ki, ko, row)) - maximum(row));
  };
  auto get = [&](Expr ki, Expr ko, Vars row) {
    if (!form.isBf16)
      return getOne(ki, ko, row);
    Expr first = ko * 2.0;
    return packBf16Numbers(getOne(ki, first, row),
                           getOne(ki, first + 1.0, row));
  };
  if (!mask.hasTables() || op.getWeights()) {
    weight = kernel.func("weight", vars, factor, [&](Vars v) {
      return get(v[0], v[1], v.drop_front(2));
    });
    return;
  }
  // What operands hide is left out.
  weight = kernel.func("weight", vars, factor,
                       [&](Vars) { return kernel.undefined(factor); });
  int64_t panels = form.getWeightPanels(), width = getWidth(panels);
  sylvite::Range all = getPanels("kr", panels);
  kernel.update(weight, {all}, [&](Vars v, Vars r) -> Placed {
    Vars row = v.drop_front(2), block = v.drop_front(3);
    Expr ko = getPanel(r[0], block[0], panels);
    restrictKeys(ko * double(width), width, block);
    ko = clampToSeen(ko, width, block);
    SmallVector<Expr> place(v);
    place[1] = ko;
    return {get(v[0], ko, row), place};
  });
}

void AttentionKernel::writeSum() {
  sum = reduceRows(
      "sum", 0, form.getWeightPanels(), [](Expr a, Expr b) { return a + b; },
      [&](Vars v) {
        // Of what is multiplied, so that the weights' sum is one.
        return form.isBf16 ? getLowBf16(weight(v)) + getHighBf16(weight(v))
                           : weight(v);
      });
}

void AttentionKernel::accumulate(bool ofOthers) {
  int64_t panels = form.getWeightPanels(), width = getWidth(panels);
  SmallVector<sylvite::Range, 2> keysOfBlock = {
      {"ki", kernel.index(0), kernel.index(form.lanes)},
      getPanels("ko", panels)};
  kernel.update(acc, keysOfBlock, [&](Vars v, Vars r) {
    Vars block = v.drop_front(2);
    Expr ki = r[0], ko = getPanel(r[1], block[0], panels);
    restrictKeys(ko * double(width), width, block);
    if (form.blockKeys || op.getMaskAttr())
      ko = clampToSeen(ko, width, block);
    SmallVector<Expr> coordinates = {ki, ko};
    llvm::append_range(coordinates, v.drop_front());
    Expr p = weight(coordinates);
    Expr keyHead = getKeyHead(v[4]), batch = v[5];
    if (!ofOthers) {
      Expr x = readValue(v[0], ki, ko, keyHead, batch);
      if (form.isBf16)
        return dotBf16(acc(v), p, x);
      if (!form.packsValues && mask.hasAny())
        x = blend(p != 0, x, x.like(0));
      return acc(v) + p * x;
    }
    auto addPanel = [&](Expr so, Expr p, Expr panel) {
      return so + p * readOther(p, v[0], ki, panel, keyHead, batch);
    };
    if (!form.isBf16) {
      kernel.where(hasOthers(ko, keyHead, batch));
      return addPanel(acc(v), p, ko);
    }
    Expr first = ko * 2.0, second = first + 1.0;
    kernel.where(hasOthers(first, keyHead, batch) ||
                 hasOthers(second, keyHead, batch));
    return addPanel(addPanel(acc(v), getLowBf16(p), first), getHighBf16(p),
                    second);
  });
}

void AttentionKernel::writeAcc() {
  acc = kernel.func("acc", {"d", "qi", "kb", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  accumulate(/*ofOthers=*/false);
  if (form.packsValues && mask.hasPairPart())
    accumulate(/*ofOthers=*/true);
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
  numPanels = countPanels();
  depth = kernel.extent(op.getSimilarity() == graph::Similarity::Additive
                            ? similarity[2].getExtents()[0]
                            : query->getExtents()[axes.features]);
  mask.setExtents(numQueries, numKeys);
  remarkForm(op, form);
  kernel.setNumber("block_rows", form.rows);
  kernel.setNumber("panel_keys", form.lanes);
  if (form.isOnline)
    mask.compareByBits();
  else
    mask.writeTables(form.rows, form.lanes);
  writeQuery();
  writeKey();
  if (form.packsValues && !op.getWeights())
    writeValue();
  if (form.hasPanels)
    writeDot();
  else
    writeLaneDot();
  writeScore();
  if (form.isOnline) {
    writeOnline();
    finishResult();
    return success();
  }
  writeMax();
  writeWeight();
  writeSum();
  if (op.getWeights())
    return finishWeights();
  writeMean();
  finishResult();
  return success();
}

LogicalResult sylvite::lowerAttention(graph::AttentionOp op,
                                      LoweringContext &context) {
  return AttentionKernel(op, context).lower();
}
