//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Counting tiles by what the mask shows of them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/MaskTiles.h"

using namespace mlir;
using namespace sylvite::graph;

namespace {
/// First and last query and key of a tile, and how far the last query of all
/// stands from the last key.
struct Tile {
  int64_t firstQuery, lastQuery, firstKey, lastKey, ahead;
};

/// What is known of a tile.
struct Seen {
  bool nothing = false, everything = false;
};
} // namespace

static Seen look(MaskAttr mask, const Tile &tile) {
  int64_t value = mask.getValue();
  int64_t first = tile.firstQuery + tile.ahead;
  int64_t last = tile.lastQuery + tile.ahead;
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return {tile.firstKey > tile.lastQuery, tile.lastKey <= tile.firstQuery};
  case MaskKind::CausalToEnd:
    return {tile.firstKey > last, tile.lastKey <= first};
  case MaskKind::Window:
    return {tile.firstKey > last || tile.lastKey <= first - value,
            tile.lastKey <= first && tile.firstKey > last - value};
  case MaskKind::Prefix:
    return {tile.firstKey >= value, tile.lastKey < value};
  case MaskKind::Padding:
  case MaskKind::Keep:
  case MaskKind::Document:
    return {};
  case MaskKind::And:
  case MaskKind::Or: {
    bool isAnd = mask.getKind() == MaskKind::And;
    Seen all = {!isAnd, isAnd};
    for (MaskAttr child : mask.getChildren()) {
      Seen seen = look(child, tile);
      all.nothing =
          isAnd ? all.nothing || seen.nothing : all.nothing && seen.nothing;
      all.everything = isAnd ? all.everything && seen.everything
                             : all.everything || seen.everything;
    }
    return all;
  }
  }
  llvm_unreachable("all masks are above");
}

MaskedScores sylvite::graph::countMaskedScores(MaskAttr mask, ScoreExtents all,
                                               ScoreExtents tile) {
  MaskedScores count;
  if (!mask) {
    count.full = all.queries * all.keys;
    return count;
  }
  for (int64_t query = 0; query < all.queries; query += tile.queries) {
    int64_t rows = std::min(tile.queries, all.queries - query);
    for (int64_t key = 0; key < all.keys; key += tile.keys) {
      int64_t keys = std::min(tile.keys, all.keys - key);
      Seen seen = look(mask, {query, query + rows - 1, key, key + keys - 1,
                              all.keys - all.queries});
      (seen.nothing      ? count.empty
       : seen.everything ? count.full
                         : count.mixed) += rows * keys;
    }
  }
  return count;
}

double sylvite::graph::getSkippedShare(MaskAttr mask, ScoreExtents all,
                                       ScoreExtents tile) {
  MaskedScores count = countMaskedScores(mask, all, tile);
  return count.getShare(count.empty);
}
