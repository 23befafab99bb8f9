//===- HeadSplits.h - Batch, heads and groups -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the leading dimensions of scores may be. In [n, queries, keys] n is the
/// batch, the heads or both; in [batch, n, queries, keys] n may be heads of
/// keys times the query heads that share each. Reshapes and repeats around show
/// it, and each possibility is tried.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_HEADSPLITS_H
#define SYLVITE_LIB_FUSION_HEADSPLITS_H

#include "Roles.h"

namespace sylvite {

struct HeadSplit {
  graph::Dim batch, heads, group;

  bool operator==(const HeadSplit &other) const {
    return batch == other.batch && heads == other.heads && group == other.group;
  }
};

/// The possible splits of the probabilities that `weightedSum`, an operand of a
/// product, is; those with groups before those without. None if there are too
/// many dimensions.
llvm::SmallVector<HeadSplit> getHeadSplits(mlir::OpOperand &weightedSum);

/// What `value` repeats along a dimension in which it has extent 1: the operand
/// of a broadcast, or of a concatenation with itself.
mlir::Value getRepeated(mlir::Value value);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_HEADSPLITS_H
