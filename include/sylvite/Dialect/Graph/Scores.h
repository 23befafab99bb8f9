//===- Scores.h - Scores of attention by known formulas ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Formulas for the score region of graph.attention that have a name:
///
///     b.attention(q, k, v, {.score = alibi(slopes)})
///
/// A position is the index of a query or a key. Where queries are the last ones
/// of all, as in a step of generation, `ahead` is how many stand before them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_SCORES_H
#define SYLVITE_DIALECT_GRAPH_SCORES_H

#include "sylvite/Dialect/Graph/GraphBuilder.h"

namespace sylvite::graph {

/// cap tanh(score / cap).
ScoreFunction softCap(double cap);

/// score - slopes[head] (query - key), of a float tensor [heads].
/// Source: Press, Smith and Lewis, "Train Short, Test Long", 2021.
ScoreFunction alibi(mlir::Value slopes, int64_t ahead = 0);

/// score + table[bucket(query - key), head], of a float tensor [buckets,
/// heads]. Distances below half of the buckets of a direction have one each,
/// the other buckets grow up to `maxDistance`, and the last one has all beyond.
/// Both directions share the buckets unless queries see none that follow
/// (`causal`). Source: Raffel et al., "Exploring the Limits of Transfer
/// Learning", 2019.
ScoreFunction relativeBias(mlir::Value table, bool causal,
                           int64_t maxDistance = 128, int64_t ahead = 0);

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_SCORES_H
