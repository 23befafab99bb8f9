//===- SummandMask.h - Masks among summands ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is added to scores, or chosen by a condition, as mask algebra.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_SUMMANDMASK_H
#define SYLVITE_LIB_FUSION_SUMMANDMASK_H

#include "MaskAlgebra.h"
#include "sylvite/Fusion/FusionRemarks.h"

namespace sylvite {

/// The mask that a summand, times `factor`, is; none, with the reason, if it is
/// no mask. Operands are numbered from `firstOperand` on.
std::optional<RaisedMask> raiseSummand(const View &summand, double factor,
                                       const RoleExtents &extents,
                                       unsigned firstOperand,
                                       MissedFusion &missed);

/// The mask of a condition, which shows keys where it is true, or hides them.
std::optional<RaisedMask> raiseCondition(const View &condition, bool hides,
                                         const RoleExtents &extents,
                                         unsigned firstOperand,
                                         MissedFusion &missed);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_SUMMANDMASK_H
