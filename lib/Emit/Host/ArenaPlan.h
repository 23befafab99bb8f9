//===- ArenaPlan.h - Who shares memory with whom ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Distributes buffers over slots of an arena by their lifetimes and sizes.
/// Apart from IR, so that it can be tested with numbers.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_ARENAPLAN_H
#define SYLVITE_LIB_EMIT_HOST_ARENAPLAN_H

#include "DimPolynomial.h"

namespace sylvite {

/// A buffer that needs a place.
struct ArenaBuffer {
  /// The first and the last op that use it, by their position.
  unsigned first, last;
  DimPolynomial bytes;
};

/// Buffers that share memory; none of them is alive together with another.
struct ArenaSlot {
  /// Numbers of the buffers.
  std::vector<unsigned> members;
  /// The slot is as large as the largest of these; none covers another one.
  std::vector<DimPolynomial> bytes;
};

/// Distributes `buffers`; `likely` are dimensions by which sizes are compared.
/// Works for all dimensions, and well for those.
std::vector<ArenaSlot> planArena(llvm::ArrayRef<ArenaBuffer> buffers,
                                 llvm::ArrayRef<int64_t> likely);

/// Adds `bytes` to a list of polynomials whose maximum counts.
void addToMaximum(std::vector<DimPolynomial> &maximum,
                  const DimPolynomial &bytes);

/// The bytes of all slots as a C expression. round64(x) rounds up to the next
/// multiple of 64, the alignment; it is left out where that changes nothing.
std::string printArena(llvm::ArrayRef<ArenaSlot> slots,
                       llvm::ArrayRef<llvm::StringRef> names,
                       int64_t alignment);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_ARENAPLAN_H
