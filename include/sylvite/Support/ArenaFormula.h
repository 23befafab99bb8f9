//===- ArenaFormula.h - Sizes of arenas -------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The value of FunctionInfo::arenaFormula, for people who want a number. The
/// library itself computes the size with code of its own. Names of dimensions
/// that are made of others are such formulas, too.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_ARENAFORMULA_H
#define SYLVITE_SUPPORT_ARENAFORMULA_H

#include "llvm/ADT/StringMap.h"

#include <cstdint>
#include <optional>

namespace sylvite {

/// The value for these dimensions. None where the formula is not made of sums,
/// products, parentheses, max(a, b) and round64(a), names a dimension that is
/// missing, or has a value of more than 64 bits.
std::optional<uint64_t> evaluateArena(llvm::StringRef formula,
                                      const llvm::StringMap<uint64_t> &dims);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_ARENAFORMULA_H
