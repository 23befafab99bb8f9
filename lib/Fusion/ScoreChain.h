//===- ScoreChain.h - What happens to scores --------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From the softmax of an attention back to where its scores come from.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_SCORECHAIN_H
#define SYLVITE_LIB_FUSION_SCORECHAIN_H

#include "AttentionPattern.h"

namespace sylvite {

/// A product of two calculated tensors: one with a weight is a layer's.
bool isProductOfTensors(mlir::Operation *op);

/// Is `value` calculated from a product of queries and keys?
bool reachesScores(mlir::Value value);

/// Follows what the softmax is taken of back to the product of queries and
/// keys, or to an additive similarity, and fills in what happens on the way.
/// The result is the view of the scores there; none, with the reason, if
/// something else happens to them.
std::optional<View> walkScores(View view, AttentionPattern &pattern,
                               MissedFusion &missed);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_SCORECHAIN_H
