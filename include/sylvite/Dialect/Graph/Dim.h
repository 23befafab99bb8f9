//===- Dim.h - A dimension with its name ------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One dimension of a tensor of the graph.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_DIM_H
#define SYLVITE_DIALECT_GRAPH_DIM_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace sylvite::graph {

/// One dimension: a static extent, or a dynamic one with its name (the name
/// is null where nobody gave one, and then equals nothing).
struct Dim {
  int64_t size = mlir::ShapedType::kDynamic;
  mlir::StringAttr name;

  Dim(int64_t size) : size(size) {}
  Dim(mlir::StringAttr name) : name(name) {}
  Dim(int64_t size, mlir::StringAttr name) : size(size), name(name) {}

  bool isStatic() const { return !mlir::ShapedType::isDynamic(size); }
  bool isOne() const { return size == 1; }
  /// Provably the same extent: one number, or one name.
  bool operator==(const Dim &other) const {
    if (isStatic() || other.isStatic())
      return size == other.size;
    return name && name == other.name;
  }
  bool operator!=(const Dim &other) const { return !(*this == other); }
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_DIM_H
