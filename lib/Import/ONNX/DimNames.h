//===- DimNames.h - Which names are one extent ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Exporters give one extent several names: each input may have its own for the
/// batch. Where an operator needs two dimensions to be equal, their names
/// become one here, the one that came first (or the number, where one side is
/// static), and the import begins again with that.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_DIMNAMES_H
#define SYLVITE_LIB_IMPORT_ONNX_DIMNAMES_H

#include "sylvite/Dialect/Graph/Dim.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <string>
#include <utility>

namespace sylvite {

class DimNames {
public:
  /// The dimension of a name, as an identifier that IR can spell.
  graph::Dim get(llvm::StringRef name, mlir::MLIRContext *context);

  /// Makes two dimensions equal; false where they cannot be. After a success
  /// `hasChanged` holds.
  bool merge(const graph::Dim &a, const graph::Dim &b);

  /// Have names been merged since the last call?
  bool takeChanged() { return std::exchange(changed, false); }
  bool hasChanged() const { return changed; }

  /// An upper bound of an extent that an operator asks for.
  void limit(llvm::StringRef name, int64_t max);
  const std::map<std::string, int64_t> &getLimits() const { return limits; }
  void clearLimits() { limits.clear(); }

private:
  struct Target {
    /// A number, or another name.
    int64_t number = mlir::ShapedType::kDynamic;
    std::string name;
  };
  llvm::StringMap<Target> targets;
  /// By the order in which they were first asked for.
  llvm::StringMap<unsigned> order;
  std::map<std::string, int64_t> limits;
  bool changed = false;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_DIMNAMES_H
