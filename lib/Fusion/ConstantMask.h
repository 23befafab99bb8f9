//===- ConstantMask.h - What constants show ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Formulas of masks that are written out as constants.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_CONSTANTMASK_H
#define SYLVITE_LIB_FUSION_CONSTANTMASK_H

#include "Condition.h"

namespace sylvite {

/// The constant that `value` is, or of which it is a range; its elements, row
/// by row.
struct ConstantElements {
  graph::ConstantOp op;
  llvm::SmallVector<double> elements;
};
/// None for other values, and for a constant whose data is stored elsewhere.
std::optional<ConstantElements> getConstantElements(mlir::Value value);

/// Which elements of a matrix [queries, keys] a mask shows.
class ShownMatrix {
public:
  ShownMatrix(llvm::ArrayRef<bool> shown, int64_t queries, int64_t keys)
      : shown(shown), queries(queries), keys(keys) {}

  /// A condition that holds for exactly these, or none. Vectors of keys that it
  /// needs become constants before `builder`'s place.
  std::optional<Condition> findCondition(mlir::OpBuilder &builder,
                                         mlir::Location loc) const;

private:
  bool at(int64_t i, int64_t j) const { return shown[i * keys + j]; }
  std::optional<Condition>
  readDiagonals(llvm::function_ref<bool(int64_t, int64_t)> matters) const;
  std::optional<Condition> readColumns(mlir::OpBuilder &builder,
                                       mlir::Location loc) const;
  std::optional<Condition> readPrefix() const;
  std::optional<Condition> readDocuments(mlir::OpBuilder &builder,
                                         mlir::Location loc) const;

  llvm::ArrayRef<bool> shown;
  int64_t queries, keys;
};

/// `shown` for all queries alike.
Condition readShownKeys(llvm::ArrayRef<bool> shown, mlir::OpBuilder &builder,
                        mlir::Location loc);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_CONSTANTMASK_H
