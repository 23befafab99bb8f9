//===- TimeAxis.h - Elements of sequences -----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a loop over time reads of a sequence in one step, and what it writes.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_TIMEAXIS_H
#define SYLVITE_LIB_REFERENCE_TIMEAXIS_H

#include "sylvite/Reference/Tensor.h"

namespace sylvite {

/// The part of `sequence` at `place` of the axis, which it does not have.
Tensor getElement(const Tensor &sequence, int64_t axis, int64_t place);

/// Writes `element` there.
void setElement(Tensor &sequence, int64_t axis, int64_t place,
                const Tensor &element);

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_TIMEAXIS_H
