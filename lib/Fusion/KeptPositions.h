//===- KeptPositions.h - Masks over a sequence, spelled out -----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which positions of a [batch, sequence, features] tensor count: models say it
/// by weights of 0 and 1 or by conditions, made of one mask by comparisons,
/// casts, reshapes and broadcasts. Going back through these gives the mask, and
/// two spellings of one mask give the same one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_KEPTPOSITIONS_H
#define SYLVITE_LIB_FUSION_KEPTPOSITIONS_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Fusion/FusionRemarks.h"

namespace sylvite {

/// The value that broadcasts have repeated along its own dimensions: a
/// dimension stands at the same place with and without them.
mlir::Value skipRepeats(mlir::Value value);

/// The mask [batch, sequence] of `value`, which is [batch, sequence] too or
/// [batch, sequence, 1] or broadcast from there: an integer tensor that is not
/// zero where `value` is 1 or true, and zero where it is 0 or false. Null if
/// there is none, with the reason.
mlir::Value findMask(mlir::Value value, llvm::ArrayRef<graph::Dim> positions,
                     MissedFusion &missed);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_KEPTPOSITIONS_H
