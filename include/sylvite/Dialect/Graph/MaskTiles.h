//===- MaskTiles.h - What a mask leaves of the scores -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The mask algebra over tiles of scores: which of them no query sees anything
/// of, which all queries see whole, and which are mixed. Kernels of attention
/// calculate nothing of the first kind and mask nothing in the second. What
/// operands hold (lengths, documents) is not known here: such tiles count as
/// mixed, so that more is skipped at run time than this tells.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_MASKTILES_H
#define SYLVITE_DIALECT_GRAPH_MASKTILES_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite::graph {

/// Extents of a tile, or of all scores.
struct ScoreExtents {
  int64_t queries, keys;
};

/// Scores by the kind of their tile.
struct MaskedScores {
  int64_t empty = 0, full = 0, mixed = 0;

  int64_t getTotal() const { return empty + full + mixed; }
  double getShare(int64_t scores) const {
    return getTotal() ? double(scores) / double(getTotal()) : 0;
  }
};

/// Counts the scores of one head. A null mask shows everything.
MaskedScores countMaskedScores(MaskAttr mask, ScoreExtents all,
                               ScoreExtents tile);

/// The share of scores in tiles that the mask hides whole.
double getSkippedShare(MaskAttr mask, ScoreExtents all, ScoreExtents tile);

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_MASKTILES_H
