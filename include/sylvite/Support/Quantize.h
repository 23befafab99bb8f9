//===- Quantize.h - Floats as integers of eight bits ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A line of numbers as integers within +-127 and one scale: the number is the
/// integer times the scale. The compiler quantises weights by these functions,
/// kernels rows of activations by the same formulas in f32, and the reference
/// evaluator both, so that all have the same integers.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_QUANTIZE_H
#define SYLVITE_SUPPORT_QUANTIZE_H

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sylvite {

/// The greatest integer. -128 is not used, so that there is a negative of each.
constexpr int kQuantizedMax = 127;

/// The largest magnitude of a line that scales are made for: what is smaller
/// counts as zero. Its reciprocal is far from overflow.
constexpr float kQuantizedLeast = 0x1p-100f;

/// The scale of a line whose largest magnitude is that.
inline float getQuantizedScale(float largest) {
  // A reciprocal, as kernels have it. A NaN stays one.
  float most = largest < kQuantizedLeast ? kQuantizedLeast : largest;
  return most * (1.0f / kQuantizedMax);
}

/// What numbers of that line are multiplied with before they are rounded.
inline float getQuantizedInverse(float largest) {
  float most = largest < kQuantizedLeast ? kQuantizedLeast : largest;
  return kQuantizedMax / most;
}

/// The nearest integer, ties to even; 0 for a NaN. The product is exact.
inline int8_t quantize(float number, float inverse) {
  double rounded = std::nearbyint(double(number) * double(inverse));
  return std::isnan(rounded) ? 0 : int8_t(std::clamp(rounded, -127.0, 127.0));
}

} // namespace sylvite

#endif // SYLVITE_SUPPORT_QUANTIZE_H
