//===- Peak.h - What a core can do at most ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_BENCH_PEAK_H
#define SYLVITE_BENCH_PEAK_H

#include <cstdint>

namespace sylvite {

/// Multiplies and adds f32 vectors of so many lanes (4, 8 or 16) in registers
/// for about half a millisecond, and gives floating-point operations a second.
/// With 4 lanes multiplication and addition are instructions of their own. The
/// processor must have the instructions.
double measurePeak(int64_t lanes);

} // namespace sylvite

#endif // SYLVITE_BENCH_PEAK_H
