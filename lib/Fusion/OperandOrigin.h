//===- OperandOrigin.h - Where operands come from ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows query, key and value of an attention backward to the tensor that can
/// be its operand.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_OPERANDORIGIN_H
#define SYLVITE_LIB_FUSION_OPERANDORIGIN_H

#include "Roles.h"

namespace sylvite {

/// The roles of a tensor's dimensions in a layout. Heads of queries are those
/// of keys times groups.
AxisRoles getLayoutRoles(graph::HeadLayout layout, Role sequence,
                         bool hasGroup);

/// A tensor that is, times `scale`, an operand of the attention.
struct Source {
  View view;
  double scale = 1;
  /// The transposes between here and the operand.
  unsigned numTransposes = 0;
};

/// All that is known of an operand's origin.
struct Origin {
  Role sequence;
  /// The first tensor on the way.
  Source last;
  /// The first ones whose elements stand in the order of a layout.
  std::optional<Source> inBhsd, inBshd;
  /// The vectors are normalised behind all these.
  bool isNormalized = false;
  /// They are there for each query head, not only for each head of keys.
  bool hasGroup = false;

  const std::optional<Source> &get(graph::HeadLayout layout) const {
    return layout == graph::HeadLayout::Bshd ? inBshd : inBhsd;
  }
  /// The transposes that stay in front of an operand in that layout, with the
  /// one that may have to be made.
  unsigned countTransposes(graph::HeadLayout layout) const {
    const std::optional<Source> &source = get(layout);
    return source ? last.numTransposes - source->numTransposes : 1;
  }
};

/// What an operand may be followed through.
struct TraceOptions {
  /// Factors of queries and keys are factors of the scores; those of values are
  /// not.
  bool scale = false;
  bool normalize = false;
  /// The repetition of a head for all of a group.
  bool repeat = false;
};

Origin trace(const View &operand, Role sequence, const RoleExtents &extents,
             TraceOptions through);

/// Moves factors in front of the reshapes and transposes of a product's operand
/// behind them, where nothing else uses these, so that a factor is found
/// whatever dimensions it was applied to.
void sinkScales(mlir::OpOperand &operand);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_OPERANDORIGIN_H
