//===- AffinePosition.h - Sums of positions ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Integer tensors as sums of the query's and the key's position, a number, and
/// other tensors: what masks compare.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_AFFINEPOSITION_H
#define SYLVITE_LIB_FUSION_AFFINEPOSITION_H

#include "Roles.h"

namespace sylvite {

/// query * i + key * j + number + the tensors of `plus` - those of `minus`.
struct AffinePosition {
  int64_t query = 0, key = 0, number = 0;
  llvm::SmallVector<View, 1> plus, minus;

  AffinePosition operator-() const;
  AffinePosition operator+(const AffinePosition &other) const;
  AffinePosition operator-(const AffinePosition &other) const {
    return *this + -other;
  }
  bool isNumber() const { return !query && !key && !hasTensors(); }
  bool hasTensors() const { return !plus.empty() || !minus.empty(); }
};

/// `view` as such a sum; none if it holds no whole numbers.
std::optional<AffinePosition> readPosition(const View &view,
                                           const RoleExtents &extents);

/// The view behind transposes, reshapes and broadcasts; none if there is none.
std::optional<View> stepMove(const View &view, const RoleExtents &extents);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_AFFINEPOSITION_H
