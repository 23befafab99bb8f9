//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How far two results of the same function are apart.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_COMPARE_H
#define SYLVITE_LIB_REFERENCE_COMPARE_H

#include "sylvite/Reference/Tensor.h"

namespace sylvite {

/// What differs between two tensors of one shape.
struct Difference {
  /// How many elements differ beyond the tolerance, and which one most.
  int64_t count = 0, position = 0;
  /// The largest difference; infinite where one element is no number.
  double largest = 0;
};

/// Compares as `VerifyFusionOptions::tolerance` says. None if all elements are
/// equal.
std::optional<Difference> compare(const Tensor &before, const Tensor &after,
                                  double tolerance);

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_COMPARE_H
