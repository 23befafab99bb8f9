//===- AttentionPattern.h - Attention spelled out ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the parts of an attention that is spelled out in plain ops: the
/// product of queries and keys, what happens to the scores, the softmax, and
/// the product with the values.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_ATTENTIONPATTERN_H
#define SYLVITE_LIB_FUSION_ATTENTIONPATTERN_H

#include "Condition.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include <vector>

namespace sylvite {

/// Something that is added to the scores, or a condition on them.
struct ScoreTerm {
  /// A summand; or a boolean, and where it is `hides` the key is not seen.
  View view;
  bool isCondition = false, hides = false;
  /// What is behind the summand still multiplies it.
  double factor = 1;
};

struct AttentionPattern {
  graph::MatmulOp scores, output;
  graph::SoftmaxOp softmax;
  View query, key, value, result;
  double scale = 1;
  llvm::SmallVector<ScoreTerm> terms;
  /// Roles of query and key, and of value and result.
  RoleExtents extents, valueExtents;
};

/// Is the softmax one of scores of queries and keys, or are its results weights
/// of values? Then it should be part of an attention.
bool looksLikeAttention(graph::SoftmaxOp softmax);

/// All ways to see the softmax as part of an attention, the most likely first:
/// a leading dimension may be the batch, the heads or both. If there are none,
/// `missed` tells why.
std::vector<AttentionPattern> matchAttention(graph::SoftmaxOp softmax,
                                             MissedFusion &missed);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_ATTENTIONPATTERN_H
