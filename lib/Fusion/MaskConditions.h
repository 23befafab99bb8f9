//===- MaskConditions.h - Which keys a summand shows ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Conditions on queries and keys, read from the ops that calculate a mask.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_MASKCONDITIONS_H
#define SYLVITE_LIB_FUSION_MASKCONDITIONS_H

#include "ConstantMask.h"
#include <string>

namespace sylvite {

/// Reads tensors that say something of queries and keys.
class ConditionReader {
public:
  explicit ConditionReader(const RoleExtents &extents) : extents(extents) {}

  /// What a tensor of numbers, or of booleans, holds; if it cannot be told,
  /// `getReason()` says why, and `getPlace()` which op it is.
  std::optional<TwoNumbers> readNumbers(const View &view, unsigned depth = 0);
  std::optional<Condition> readCondition(const View &view, unsigned depth = 0);

  llvm::StringRef getReason() const { return reason; }
  mlir::Operation *getPlace() const { return place; }

private:
  std::nullopt_t fail(const llvm::Twine &why, mlir::Operation *op = nullptr);
  std::optional<TwoNumbers> readSelect(graph::SelectOp op, const View &view,
                                       unsigned depth);
  std::optional<TwoNumbers> readConstant(const ConstantElements &constant,
                                         const View &view);
  std::optional<TwoNumbers> readInteger(const View &view);
  std::optional<Condition> readCompare(graph::CompareOp op, const View &view,
                                       unsigned depth);

  const RoleExtents &extents;
  std::string reason;
  mlir::Operation *place = nullptr;
};

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_MASKCONDITIONS_H
