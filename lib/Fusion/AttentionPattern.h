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

#include "MaskAlgebra.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include <vector>

namespace sylvite {

/// Something that is added to the scores, or a condition on them.
struct ScoreTerm {
  /// A summand; or a boolean, and where it is `hides` the key is not seen.
  View view;
  bool isCondition = false, hides = false;
  /// What is behind the summand still multiplies it: a number, and the first
  /// tensors of the pattern's.
  double factor = 1;
  unsigned numTensors = 0;
};

/// A tensor that multiplies or divides the scores.
struct ScoreTensor {
  View view;
  bool divides = false;
};

/// An op on each score by itself, where it is no factor and no summand; or a
/// factor between two of them.
struct ScoreStep {
  mlir::Operation *op = nullptr;
  /// The op's other operand, if it has one, and the scores' place.
  double number = 1;
  unsigned scores = 0;
};

/// The matrices of an additive similarity, as the graph has them.
struct AdditiveOperands {
  mlir::Value query, key, vector;
  bool transposeQuery = false, transposeKey = false;
};

struct AttentionPattern {
  /// What makes scores of queries and keys, or of what `additive` holds.
  mlir::Operation *scores = nullptr;
  graph::MatmulOp output;
  graph::SoftmaxOp softmax;
  View query, key, value, result;
  /// The softmax's result, and whether something else uses it too.
  View weights;
  bool givesWeights = false;
  std::optional<AdditiveOperands> additive;
  double scale = 1;
  /// Those met first were added last.
  llvm::SmallVector<ScoreTerm> terms;
  llvm::SmallVector<ScoreTensor> tensors;
  /// The formula of the scores behind these, last step first, and the masks
  /// behind the formula.
  llvm::SmallVector<ScoreStep> formula;
  std::vector<RaisedMask> masks;
  /// Roles of query, of key, and of value and result.
  RoleExtents extents, keyExtents, valueExtents;
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
