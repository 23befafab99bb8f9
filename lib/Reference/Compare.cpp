//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compares tensors element by element, relative to the largest of them.
///
//===----------------------------------------------------------------------===//

#include "Compare.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace sylvite;

/// 0 for two NaN and for one and the same infinity.
static double getDistance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double distance = std::fabs(a - b);
  return std::isnan(distance) ? INFINITY : distance;
}

std::optional<Difference>
sylvite::compare(const Tensor &before, const Tensor &after, double tolerance) {
  double magnitude = 0;
  for (double value : before.data)
    if (std::isfinite(value))
      magnitude = std::max(magnitude, std::fabs(value));
  // The second part lets noise around an exact zero pass.
  double limit = tolerance * magnitude + tolerance / 1000;

  Difference difference;
  for (auto [i, a, b] :
       llvm::zip_equal(llvm::seq<int64_t>(0, before.getNumElements()),
                       before.data, after.data)) {
    double distance = getDistance(a, b);
    if (distance <= limit)
      continue;
    ++difference.count;
    if (distance > difference.largest) {
      difference.largest = distance;
      difference.position = i;
    }
  }
  if (!difference.count)
    return std::nullopt;
  return difference;
}
