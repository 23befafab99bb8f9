//===- Batch.h - The dimension of a batch -----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The attribute of functions that may be called on parts of a batch.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_BATCH_H
#define SYLVITE_DIALECT_GRAPH_BATCH_H

#include "mlir/IR/BuiltinAttributes.h"

namespace sylvite::graph {

/// `graph.batch = {dim = "batch", rows = "seq"}` of a function: where it has
/// the dimension, that is a tensor's first axis, and a row of a result depends
/// on the same rows of the arguments alone. Layers have as many rows as `rows`
/// tells, a dimension or a positive integer, for one of its extent.
inline constexpr llvm::StringLiteral kBatchAttr = "graph.batch";

/// The parts of that attribute, which has been verified.
struct Batch {
  mlir::StringAttr dim;
  /// A string or a positive integer.
  mlir::Attribute rows;

  static Batch get(mlir::DictionaryAttr attr) {
    return {attr.getAs<mlir::StringAttr>("dim"), attr.get("rows")};
  }
  bool isValid() const {
    auto number = mlir::dyn_cast_if_present<mlir::IntegerAttr>(rows);
    return dim && (number ? number.getInt() > 0
                          : mlir::isa_and_present<mlir::StringAttr>(rows));
  }
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_BATCH_H
