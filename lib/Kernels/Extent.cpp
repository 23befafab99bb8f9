//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Extents as products, also of sums, and how reshapes fall into groups.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/Extent.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace sylvite;

Extent::Extent(const graph::Dim &dim) : number(1) {
  if (dim.isStatic()) {
    number = dim.size;
    return;
  }
  for (StringRef factor : splitFactors(dim.name.getValue()))
    *this = *this * ofFactor(factor);
}

Extent Extent::ofFactor(StringRef factor) {
  Extent extent;
  if (factor.getAsInteger(10, extent.number)) {
    extent.number = 1;
    extent.names.push_back(factor);
  }
  return extent;
}

int64_t Extent::getSize() const {
  return isStatic() ? number : ShapedType::kDynamic;
}

Extent Extent::operator*(const Extent &other) const {
  Extent product = *this;
  product.number *= other.number;
  product.names.append(other.names);
  llvm::sort(product.names);
  return product;
}

std::string Extent::str() const {
  if (isStatic())
    return llvm::itostr(number);
  std::string text = number == 1 ? "" : llvm::itostr(number) + "*";
  return text + llvm::join(names, "*");
}

SmallVector<Extent> sylvite::getTerms(StringRef name) {
  SmallVector<Extent> terms;
  for (StringRef term : splitSum(name)) {
    Extent extent;
    for (StringRef factor : splitFactors(term))
      extent = extent * Extent::ofFactor(factor);
    terms.push_back(extent);
  }
  return terms;
}

Extents sylvite::getExtents(Value graphValue) {
  return Extents(llvm::map_range(graph::getDims(graphValue),
                                 [](graph::Dim dim) { return Extent(dim); }));
}

Extent sylvite::getProduct(ArrayRef<Extent> extents) {
  Extent product;
  for (const Extent &extent : extents)
    product = product * extent;
  return product;
}

RankedTensorType sylvite::getTensorType(ArrayRef<Extent> extents,
                                        Type element) {
  SmallVector<int64_t> shape;
  for (const Extent &extent : extents)
    shape.push_back(extent.getSize());
  return RankedTensorType::get(shape, element);
}

/// True if `right` is `left` times something.
static bool divides(const Extent &left, const Extent &right) {
  if (left.getNumber() == 0 || right.getNumber() % left.getNumber() != 0)
    return false;
  return std::includes(right.getNames().begin(), right.getNames().end(),
                       left.getNames().begin(), left.getNames().end());
}

SmallVector<ReshapeGroup> sylvite::getReshapeGroups(ArrayRef<Extent> left,
                                                    ArrayRef<Extent> right) {
  SmallVector<ReshapeGroup> groups;
  unsigned i = 0, j = 0;
  while (i < left.size() || j < right.size()) {
    // One side is at its end: extents of 1 are left, which join the last group.
    if ((i == left.size() || j == right.size()) && !groups.empty()) {
      groups.back().endLeft = i = left.size();
      groups.back().endRight = j = right.size();
      break;
    }
    ReshapeGroup group{i, i, j, j};
    Extent productLeft, productRight;
    auto takeLeft = [&] {
      if (i < left.size())
        productLeft = productLeft * left[i++];
    };
    auto takeRight = [&] {
      if (j < right.size())
        productRight = productRight * right[j++];
    };
    takeLeft();
    takeRight();
    while (productLeft != productRight &&
           (i < left.size() || j < right.size())) {
      bool leftLags = divides(productLeft, productRight);
      bool rightLags = divides(productRight, productLeft);
      if (!rightLags || j == right.size())
        takeLeft();
      if (!leftLags || i == left.size())
        takeRight();
    }
    group.endLeft = i;
    group.endRight = j;
    groups.push_back(group);
  }
  return groups;
}
