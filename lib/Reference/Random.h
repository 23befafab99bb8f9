//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A small generator of numbers that are the same on every machine.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_RANDOM_H
#define SYLVITE_LIB_REFERENCE_RANDOM_H

#include "llvm/Support/xxhash.h"

namespace sylvite {

/// SplitMix64 (Steele, Lea and Flood, 2014), started from a name.
class Random {
public:
  Random(llvm::StringRef name, uint64_t seed)
      : state(llvm::xxh3_64bits(name) + seed * 0x9e3779b97f4a7c15) {}

  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// A number in [lo, hi), all equally likely.
  double uniform(double lo, double hi) {
    return lo + (hi - lo) * double(next() >> 11) * 0x1p-53;
  }

  /// An integer in [0, count).
  uint64_t below(uint64_t count) { return next() % count; }

private:
  uint64_t state;
};

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_RANDOM_H
