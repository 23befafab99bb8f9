//===- Extent.h - Extents of host tensors -----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The extent of a dimension as a number times names, `12*batch*seq`. Kernels
/// see dimensions of the graph merged, and unlike graph::Dim an extent has a
/// product for any of them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_EXTENT_H
#define SYLVITE_KERNELS_EXTENT_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

class Extent {
public:
  /// A static extent.
  Extent(int64_t number = 1) : number(number) {}
  /// The extent of a graph dimension. A dynamic one must have a name.
  Extent(const graph::Dim &dim);
  /// A factor of a dimension's name: a number, a name or a sum.
  static Extent ofFactor(llvm::StringRef factor);

  bool isStatic() const { return names.empty(); }
  bool isOne() const { return isStatic() && number == 1; }
  /// What a tensor type says: the number, or ShapedType::kDynamic.
  int64_t getSize() const;
  /// The static factor.
  int64_t getNumber() const { return number; }
  /// The names, sorted; a name stands as often as it is a factor. A sum in
  /// parentheses is a name, too: see getTerms.
  llvm::ArrayRef<llvm::StringRef> getNames() const { return names; }

  Extent operator*(const Extent &other) const;
  bool operator==(const Extent &other) const {
    return number == other.number && names == other.names;
  }
  bool operator!=(const Extent &other) const { return !(*this == other); }

  /// `12*batch*seq`.
  std::string str() const;

private:
  int64_t number;
  /// They live in the attributes of a context.
  llvm::SmallVector<llvm::StringRef, 2> names;
};

/// What a name of an extent sums; nothing where it is no sum.
llvm::SmallVector<Extent> getTerms(llvm::StringRef name);

/// The extents of a tensor, outermost first.
using Extents = llvm::SmallVector<Extent, 4>;

/// The extents of a value of the graph.
Extents getExtents(mlir::Value graphValue);

/// The product of extents.
Extent getProduct(llvm::ArrayRef<Extent> extents);

/// The plain tensor type of these extents.
mlir::RankedTensorType getTensorType(llvm::ArrayRef<Extent> extents,
                                     mlir::Type element);

/// A run of dimensions on the left that holds the same elements as a run of
/// dimensions on the right: [firstLeft, endLeft) and [firstRight, endRight).
struct ReshapeGroup {
  unsigned firstLeft, endLeft, firstRight, endRight;
};

/// Cuts a reshape into its smallest groups, in order. The shapes have equally
/// many elements.
llvm::SmallVector<ReshapeGroup> getReshapeGroups(llvm::ArrayRef<Extent> left,
                                                 llvm::ArrayRef<Extent> right);

} // namespace sylvite

#endif // SYLVITE_KERNELS_EXTENT_H
