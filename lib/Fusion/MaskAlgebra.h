//===- MaskAlgebra.h - Conditions as mask algebra ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From a condition on queries and keys to `#graph.mask`.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_MASKALGEBRA_H
#define SYLVITE_LIB_FUSION_MASKALGEBRA_H

#include "MaskConditions.h"

namespace sylvite {

/// A mask with its operands, not yet made.
class RaisedMask {
public:
  /// The mask's operands are numbered from `firstOperand` on. None if the
  /// algebra has no such formula, which `reason` then tells.
  static std::optional<RaisedMask>
  get(mlir::MLIRContext *context, const Condition &condition,
      const RoleExtents &extents, unsigned firstOperand, std::string &reason);

  /// Null where the condition is always true.
  graph::MaskAttr getMask() const { return mask; }

  unsigned getNumOperands() const { return operands.size(); }
  llvm::SmallVector<mlir::Value> makeOperands(mlir::OpBuilder &builder,
                                              mlir::Location loc) const;

private:
  friend struct MaskWriter;
  /// A tensor, perhaps negated or with a number added, as [batch, keys] or
  /// as [batch].
  struct Operand {
    View view;
    bool negated = false, hasKeys = true;
    int64_t number = 0;
  };

  explicit RaisedMask(const RoleExtents &extents) : extents(extents) {}

  RoleExtents extents;
  graph::MaskAttr mask;
  std::vector<Operand> operands;
};

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_MASKALGEBRA_H
