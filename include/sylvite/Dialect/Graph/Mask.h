//===- Mask.h - Masks of attention in C++ -----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which keys a query sees, as C++ writes it:
///
///     Mask::causal() & Mask::padding(lengths) | Mask::prefix(5)
///
/// What each leaf means stands at `#graph.mask`. The attribute names operands
/// by their numbers; here a leaf holds its own.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_MASK_H
#define SYLVITE_DIALECT_GRAPH_MASK_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include <vector>

namespace sylvite::graph {

class Mask {
public:
  static Mask causal() { return {MaskKind::Causal}; }
  static Mask causalToEnd() { return {MaskKind::CausalToEnd}; }
  static Mask window(int64_t length) { return {MaskKind::Window, length}; }
  static Mask prefix(int64_t length) { return {MaskKind::Prefix, length}; }
  static Mask padding(mlir::Value lengths) {
    return {MaskKind::Padding, 0, lengths};
  }
  static Mask keep(mlir::Value mask) { return {MaskKind::Keep, 0, mask}; }
  static Mask document(mlir::Value ids) { return {MaskKind::Document, 0, ids}; }

  friend Mask operator&(const Mask &lhs, const Mask &rhs) {
    return combine(MaskKind::And, lhs, rhs);
  }
  friend Mask operator|(const Mask &lhs, const Mask &rhs) {
    return combine(MaskKind::Or, lhs, rhs);
  }

  /// The attribute; appends the leaves' operands in order. Fails, after an
  /// error at `loc`, where a length is not positive, and in silence where an
  /// operand is null.
  mlir::FailureOr<MaskAttr>
  getAttr(mlir::Location loc,
          llvm::SmallVectorImpl<mlir::Value> &operands) const;

private:
  Mask(MaskKind kind, int64_t value = 0, mlir::Value operand = {})
      : kind(kind), value(value), operand(operand) {}

  static Mask combine(MaskKind kind, const Mask &lhs, const Mask &rhs);

  MaskKind kind;
  /// Length of a window or prefix.
  int64_t value;
  mlir::Value operand;
  std::vector<Mask> children;
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_MASK_H
