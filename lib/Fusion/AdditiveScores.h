//===- AdditiveScores.h - v.tanh(Wq q + Wk k) -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The additive similarity of Bahdanau et al., spelled out.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_ADDITIVESCORES_H
#define SYLVITE_LIB_FUSION_ADDITIVESCORES_H

#include "AttentionPattern.h"

namespace sylvite {

/// The sum of something's hyperbolic tangent with trained weights.
struct AdditiveScores {
  graph::TanhOp tanh;
  mlir::Value vector;
  /// Is the last dimension gone, or still there with extent 1?
  bool isReduced;
};

/// `op` as such a sum: a product with a trained matrix of one column, or the
/// sum of a product with a trained vector.
std::optional<AdditiveScores> findAdditive(mlir::Operation *op);

/// Fills in queries, keys and matrices from such scores; false, with the
/// reason, if the tangent is not one of a sum of both.
bool matchAdditive(const View &scores, AttentionPattern &pattern,
                   MissedFusion &missed);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_ADDITIVESCORES_H
