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

#include "mlir/IR/Matchers.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
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

/// The product of the extents; none if a dynamic dimension has no name, or the
/// product is too large.
static std::optional<SymInt> getElementCount(ArrayRef<Dim> dims) {
  std::optional<SymInt> product = SymInt(1);
  for (const Dim &dim : dims) {
    if (!dim.isStatic() && !dim.name)
      return std::nullopt;
    product = SymInt::mul(*product, SymInt(dim));
    if (!product)
      return std::nullopt;
  }
  return product;
}

bool sylvite::graph::haveSameElementCount(ArrayRef<Dim> lhs,
                                          ArrayRef<Dim> rhs) {
  auto left = getElementCount(lhs), right = getElementCount(rhs);
  return left && right && *left == *right;
}

/// The number that `graph.cast` to `element` makes of a number; none where an
/// integer type does not hold it.
static std::optional<double> castNumber(double number, Type element) {
  if (auto floats = dyn_cast<FloatType>(element)) {
    APFloat rounded(number);
    bool losesInfo;
    rounded.convert(floats.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    return rounded.convertToDouble();
  }
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    return number != 0;
  double whole = std::trunc(number), limit = std::ldexp(1, width - 1);
  if (!(whole >= -limit && whole < limit))
    return std::nullopt;
  return whole;
}

/// The only number in a constant, widened.
static std::optional<double> getOnlyNumber(Value constant) {
  DenseElementsAttr elements;
  if (!matchPattern(constant, m_Constant(&elements)) || elements.empty() ||
      !elements.isSplat())
    return std::nullopt;
  if (isa<FloatType>(elements.getElementType()))
    return elements.getSplatValue<APFloat>().convertToDouble();
  APInt number = elements.getSplatValue<APInt>();
  return number.getBitWidth() == 1 ? double(number.getZExtValue())
                                   : double(number.getSExtValue());
}

std::optional<double> sylvite::graph::getSplatConstant(Value value) {
  SmallVector<Type> casts;
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<CastOp, BroadcastToOp, ReshapeOp>(op))
      break;
    if (isa<CastOp>(op))
      casts.push_back(getElementTypeOrSelf(op->getResult(0)));
    value = op->getOperand(0);
  }
  std::optional<double> number = getOnlyNumber(value);
  for (Type element : llvm::reverse(casts))
    if (number)
      number = castNumber(*number, element);
  return number;
}
