//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Scores by known formulas.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Scores.h"

#include <cmath>

using namespace mlir;
using namespace sylvite::graph;

ScoreFunction sylvite::graph::softCap(double cap) {
  return [=](const ScoreArguments &a) { return cap * tanh(a.score / cap); };
}

ScoreFunction sylvite::graph::alibi(Value slopes, int64_t ahead) {
  return [=](const ScoreArguments &a) {
    Scalar distance = toFloat(a.query + ahead - a.key, a.score.getType());
    return a.score - read(slopes, {a.head}) * distance;
  };
}

/// Where the buckets of growing size begin, of `buckets` for one direction.
/// They begin at exact (max / exact)^(k / rest), which is compared in whole
/// numbers: a logarithm that should be whole may come out a little less.
static SmallVector<int64_t> getStarts(int64_t buckets, int64_t maxDistance) {
  int64_t exact = buckets / 2, rest = buckets - exact;
  SmallVector<int64_t> starts;
  for (int64_t k = 1; k < rest; ++k) {
    double start =
        exact * std::pow(double(maxDistance) / exact, double(k) / rest);
    starts.push_back(int64_t(std::ceil(start - 1e-9)));
  }
  return starts;
}

ScoreFunction sylvite::graph::relativeBias(Value table, bool causal,
                                           int64_t maxDistance, int64_t ahead) {
  return [=](const ScoreArguments &a) {
    int64_t buckets = cast<RankedTensorType>(table.getType()).getDimSize(0);
    int64_t side = causal ? buckets : buckets / 2;
    Scalar back = a.query + ahead - a.key;
    Scalar distance = causal ? max(back, 0) : abs(back);
    Scalar zero = back.like(0), one = back.like(1);
    Scalar bucket = min(distance, side / 2);
    for (int64_t start : getStarts(side, maxDistance))
      bucket = bucket + select(distance >= start, one, zero);
    if (!causal)
      bucket = bucket + select(back < 0, back.like(side), zero);
    return a.score + read(table, {bucket, a.head});
  };
}
