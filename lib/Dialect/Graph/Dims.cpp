//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Shapes whose dynamic dimensions carry names.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace sylvite::graph;

llvm::raw_ostream &sylvite::graph::operator<<(llvm::raw_ostream &os,
                                              const Dim &dim) {
  if (dim.isStatic())
    return os << dim.size;
  return os << (dim.name ? dim.name.getValue() : StringRef("?"));
}

SmallVector<Dim> sylvite::graph::getDims(RankedTensorType type) {
  auto names = dyn_cast_if_present<DimsAttr>(type.getEncoding());
  SmallVector<Dim> dims;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    StringAttr name = names ? names.getNames()[i] : StringAttr();
    bool named = ShapedType::isDynamic(size) && name && !name.empty();
    dims.push_back(named ? Dim(name) : Dim(size));
  }
  return dims;
}

RankedTensorType sylvite::graph::getTensorType(ArrayRef<Dim> dims,
                                               Type element) {
  SmallVector<int64_t> shape;
  SmallVector<StringAttr> names;
  bool anyName = false;
  MLIRContext *context = element.getContext();
  for (const Dim &dim : dims) {
    shape.push_back(dim.size);
    bool named = !dim.isStatic() && dim.name;
    names.push_back(named ? dim.name : StringAttr::get(context, ""));
    anyName |= named;
  }
  return RankedTensorType::get(
      shape, element, anyName ? DimsAttr::get(context, names) : Attribute());
}

std::optional<SmallVector<Dim>>
sylvite::graph::broadcastDims(ArrayRef<Dim> lhs, ArrayRef<Dim> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  SmallVector<Dim> result(lhs);
  size_t offset = lhs.size() - rhs.size();
  for (auto [i, dim] : llvm::enumerate(rhs)) {
    Dim &other = result[offset + i];
    if (other.isOne())
      other = dim;
    else if (!dim.isOne() && dim != other)
      return std::nullopt;
  }
  return result;
}

/// The product of the static extents, and the sorted names; none if a dynamic
/// dimension has no name.
static std::optional<std::pair<uint64_t, SmallVector<StringRef>>>
getElementCount(ArrayRef<Dim> dims) {
  uint64_t product = 1;
  SmallVector<StringRef> names;
  for (const Dim &dim : dims) {
    if (dim.isStatic()) {
      product *= dim.size;
      continue;
    }
    if (!dim.name)
      return std::nullopt;
    SmallVector<StringRef> factors;
    dim.name.getValue().split(factors, '*');
    names.append(factors);
  }
  llvm::sort(names);
  return std::make_pair(product, names);
}

bool sylvite::graph::haveSameElementCount(ArrayRef<Dim> lhs,
                                          ArrayRef<Dim> rhs) {
  auto left = getElementCount(lhs), right = getElementCount(rhs);
  return left && right && *left == *right;
}

std::optional<double> sylvite::graph::getSplatConstant(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<CastOp, BroadcastToOp, ReshapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return std::nullopt;
  if (isa<FloatType>(elements.getElementType())) {
    APFloat number = elements.getSplatValue<APFloat>();
    bool losesInfo;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    return number.convertToDouble();
  }
  APInt number = elements.getSplatValue<APInt>();
  return number.getBitWidth() == 1 ? double(number.getZExtValue())
                                   : double(number.getSExtValue());
}
