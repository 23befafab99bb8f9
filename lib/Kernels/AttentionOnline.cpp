//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention for devices, where a block of threads has a block of queries and
/// goes through all blocks of keys. With block kb of keys, key ki of it, and
/// groups d of kStateFeatures features, the functions that follow the scores
/// (see Attention.cpp; a panel of keys is a block) are
///
///     max(qi, kb, qo, h, b)        over the block's keys
///     weight(ki, qi, kb, qo, h, b) exp2(score - max)
///     sum(qi, kb, qo, h, b)        of the block's weights
///     acc(d, qi, kb, qo, h, b)     += weight * value over the block's keys
///     state(d, qi, qo, h, b)       the maximum, the sum, and the features of a
///                                  group, of all blocks so far
///     mean(d, qi, qo, h, b)        features / sum
///
/// That is online softmax (Milakov and Gimelshein, "Online normalizer
/// calculation for softmax", 2018) over tiles, as in FlashAttention (Dao et
/// al., 2022). The weights of a block are relative to its own maximum, so that
/// they do not wait for the state; an update of the state scales both. Each
/// group has its own copy of the maximum and the sum, because all values of a
/// function have the same variables.
///
/// Blocks that the mask hides from all queries of the block are left out. What
/// the mask reads, it reads where it is asked: a table would be a launch.
///
//===----------------------------------------------------------------------===//

#include "AttentionKernel.h"

using namespace mlir;
using namespace sylvite;

void AttentionKernel::writeBlockMax() {
  maximum = kernel.func("max", {"qi", "kb", "qo", "h", "b"}, wide,
                        [&](Vars) { return kernel.constant(wide, kLeastMax); });
  kernel.update(
      maximum, {{"ki", kernel.index(0), kernel.index(form.blockKeys)}},
      [&](Vars v, Vars r) {
        return max(maximum(v), score({r[0], v[1], v[0], v[2], v[3], v[4]}));
      });
}

void AttentionKernel::writeBlockWeight() {
  weight = kernel.func(
      "weight", {"ki", "qi", "kb", "qo", "h", "b"}, wide, [&](Vars v) {
        return exp2(score({v[0], v[2], v[1], v[3], v[4], v[5]}) -
                    maximum(v.drop_front()));
      });
}

void AttentionKernel::writeBlockSum() {
  sum = kernel.func("sum", {"qi", "kb", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(sum, {{"ki", kernel.index(0), kernel.index(form.blockKeys)}},
                [&](Vars v, Vars r) {
                  SmallVector<Expr> place = {r[0]};
                  llvm::append_range(place, v);
                  return sum(v) + weight(place);
                });
}

void AttentionKernel::writeBlockAcc() {
  acc = kernel.func("acc", {"d", "qi", "kb", "qo", "h", "b"}, wide,
                    [&](Vars) { return kernel.constant(wide, 0); });
  int64_t features = value->getExtents()[axes.features].getNumber();
  kernel.update(acc, {{"ki", kernel.index(0), kernel.index(form.blockKeys)}},
                [&](Vars v, Vars r) {
                  SmallVector<Expr> place = {r[0]};
                  llvm::append_range(place, v.drop_front());
                  Expr p = weight(place);
                  // The last group may have features too many.
                  Expr x = readSeenValue(min(v[0], double(features - 1)), r[0],
                                         v[2], getKeyHead(v[4]), v[5]);
                  // A value that a query does not see does not matter, whatever
                  // it is.
                  if (mask.hasPairPart())
                    x = select(p != 0, x, x.like(0));
                  return acc(v) + p * x;
                });
}

void AttentionKernel::writeState() {
  SmallVector<Type> types(2 + kStateFeatures, wide);
  state = kernel.tuple("state", {"d", "qi", "qo", "h", "b"}, types, [&](Vars) {
    SmallVector<Expr> none(types.size(), kernel.constant(wide, 0));
    none[0] = kernel.constant(wide, kLeastMax);
    return none;
  });
  sylvite::Range blocks = {"kb", kernel.index(0), countPanels()};
  kernel.update(state, {blocks}, [&](Vars v, Vars r) {
    SmallVector<Expr> row = {v[1], r[0], v[2], v[3], v[4]};
    restrictKeys(r[0] * double(form.blockKeys), form.blockKeys,
                 Vars(row).drop_front());
    Expr before = state.get(0, v), here = maximum(row);
    Expr top = max(before, here);
    Expr old = exp2(before - top), add = exp2(here - top);
    SmallVector<Expr> values = {top, state.get(1, v) * old + sum(row) * add};
    for (int64_t i = 0; i != kStateFeatures; ++i) {
      SmallVector<Expr> place = {v[0] * double(kStateFeatures) + double(i)};
      llvm::append_range(place, row);
      values.push_back(state.get(2 + i, v) * old + acc(place) * add);
    }
    return Placed(values);
  });
}

void AttentionKernel::writeOnline() {
  kernel.setNumber("state_features", kStateFeatures);
  kernel.setNumber("shares_keys", form.sharesKeys);
  writeBlockMax();
  writeBlockWeight();
  writeBlockSum();
  writeBlockAcc();
  writeState();
  SmallVector<StringRef> vars = {"d", "qi", "qo", "h", "b"};
  mean = kernel.func("mean", vars, wide, [&](Vars v) {
    SmallVector<Expr> place(v);
    place[0] = floorDiv(v[0], double(kStateFeatures));
    Expr part = mod(v[0], double(kStateFeatures));
    Expr feature = state.get(1 + kStateFeatures, place);
    for (int64_t i = kStateFeatures - 1; i-- != 0;)
      feature = select(part == double(i), state.get(2 + i, place), feature);
    Expr total = state.get(1, place);
    return select(total > 0, feature / total, kernel.constant(wide, 0));
  });
}
