//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Constants and tensors made of nothing but a shape.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::Dim;

static LogicalResult importConstant(Node &node) {
  if (const onnx::TensorProto *value = node.getTensor("value")) {
    FailureOr<OnnxValue> constant =
        node.getImporter().convertTensor(*value, node.ops.getLoc());
    if (failed(constant))
      return failure();
    return node.setValue(0, *constant);
  }
  KnownTensor known;
  auto integers = [&](ArrayRef<int64_t> values, bool isScalar) {
    known.element = node.ops.i64();
    if (!isScalar)
      known.shape.push_back(values.size());
    for (int64_t value : values)
      known.numbers.push_back(SymInt(value));
    return node.setKnown(0, std::move(known), onnx::TensorProto::INT64);
  };
  auto floats = [&](ArrayRef<double> values, bool isScalar) {
    known.element = node.ops.f32();
    if (!isScalar)
      known.shape.push_back(values.size());
    for (double value : values)
      known.numbers.push_back(KnownNumber::ofFloat(value));
    return node.setKnown(0, std::move(known), onnx::TensorProto::FLOAT);
  };
  if (node.hasAttribute("value_int"))
    return integers(node.getInt("value_int", 0), true);
  if (auto values = node.getInts("value_ints"))
    return integers(*values, false);
  if (node.hasAttribute("value_float"))
    return floats(node.getFloat("value_float", 0), true);
  if (auto values = node.getFloats("value_floats"))
    return floats(*values, false);
  return node.unsupported("a constant that is no tensor of numbers");
}

/// The dimensions of a shape; a failure says which cannot be.
static FailureOr<Dims> toDims(Node &node, ArrayRef<SymInt> shape) {
  Dims dims;
  for (const SymInt &extent : shape) {
    std::optional<Dim> dim = extent.toDim(node.getContext());
    if (!dim)
      return node.unsupported("an extent of " + extent.str());
    dims.push_back(*dim);
  }
  return dims;
}

/// A tensor of this shape, all of it one number.
static LogicalResult setSplat(Node &node, ArrayRef<SymInt> shape,
                              const KnownTensor &value, int32_t onnxType) {
  int64_t elements = 1;
  SmallVector<int64_t> extents;
  for (const SymInt &extent : shape) {
    std::optional<int64_t> constant = extent.getConstant();
    if (constant && *constant < 0)
      return node.invalid("an extent is negative");
    elements = constant && elements >= 0 && *constant <= kMaxKnownElements
                   ? elements * *constant
                   : -1;
    if (elements > kMaxKnownElements)
      elements = -1;
    extents.push_back(constant.value_or(0));
  }
  if (elements >= 0) {
    KnownTensor known;
    known.element = value.element;
    known.shape = extents;
    known.numbers.assign(elements, value.numbers.front());
    return node.setKnown(0, std::move(known), onnxType);
  }
  FailureOr<Dims> dims = toDims(node, shape);
  if (failed(dims))
    return failure();
  KnownTensor scalar = value;
  scalar.shape.clear();
  DenseElementsAttr attribute = scalar.toAttribute();
  if (!attribute)
    return node.unsupported("a value that depends on a dimension");
  return node.set(0, node.ops.broadcast(node.ops.constant(attribute), *dims),
                  onnxType);
}

static LogicalResult importConstantOfShape(Node &node) {
  FailureOr<SmallVector<SymInt>> shape = node.getSymInts(0, "a shape");
  if (failed(shape))
    return failure();
  KnownTensor value;
  value.element = node.ops.f32();
  value.numbers.push_back(KnownNumber::ofFloat(0));
  int32_t type = onnx::TensorProto::FLOAT;
  if (const onnx::TensorProto *tensor = node.getTensor("value")) {
    FailureOr<OnnxValue> constant =
        node.getImporter().convertTensor(*tensor, node.ops.getLoc());
    if (failed(constant))
      return failure();
    if (!constant->known || constant->known->numbers.size() != 1)
      return node.invalid("its value must be one element");
    value = *constant->known;
    type = constant->onnxType;
  }
  return setSplat(node, *shape, value, type);
}

static LogicalResult importRange(Node &node) {
  GraphWriter &ops = node.ops;
  const KnownTensor *known[3];
  Type element = node.getElement(0);
  for (unsigned i = 0; i != 3; ++i) {
    known[i] = node.getKnown(i);
    if (node.isPoisoned())
      return failure();
    if (!known[i])
      // Says which input decides.
      return node.getSymInts(i, "the bounds of a range");
    if (known[i]->numbers.size() != 1)
      return node.invalid("takes three numbers");
  }
  const KnownNumber &start = known[0]->numbers[0],
                    &limit = known[1]->numbers[0], &step = known[2]->numbers[0];
  if (isa<FloatType>(element)) {
    std::optional<double> a = start.toDouble(), b = limit.toDouble(),
                          s = step.toDouble();
    if (!a || !b || !s || *s == 0)
      return node.unsupported("a range of floats that depends on a dimension");
    double count = std::max(std::ceil((*b - *a) / *s), 0.0);
    if (!(count <= kMaxKnownElements))
      return node.unsupported("a range of that many floats");
    KnownTensor result;
    result.element = element;
    result.shape = {int64_t(count)};
    for (int64_t i = 0; i < int64_t(count); ++i)
      result.numbers.push_back(KnownNumber::ofFloat(*a + i * *s));
    return node.setKnown(0, std::move(result), node.getOnnxType(0));
  }
  std::optional<SymInt> length = SymInt::sub(limit.integer, start.integer);
  std::optional<int64_t> stride = step.integer.getConstant();
  if (!length || !stride || *stride == 0)
    return node.unsupported("a range whose step depends on a dimension, or is "
                            "0");
  if (std::optional<int64_t> constant = length->getConstant();
      constant && start.integer.isConstant()) {
    int64_t count = std::max<int64_t>(
        *stride > 0 ? llvm::divideCeilSigned(*constant, *stride)
                    : llvm::divideCeilSigned(-*constant, -*stride),
        0);
    if (count <= kMaxKnownElements) {
      KnownTensor result;
      result.element = element;
      result.shape = {count};
      for (int64_t i = 0; i < count; ++i)
        result.numbers.push_back(
            SymInt(*start.integer.getConstant() + i * *stride));
      return node.setKnown(0, std::move(result), node.getOnnxType(0));
    }
    length = SymInt(count);
  } else if (*stride != 1) {
    return node.unsupported("a range over a dimension with a step");
  }
  std::optional<Dim> dim = length->toDim(node.getContext());
  if (!dim)
    return node.unsupported("a range of " + length->str() + " numbers");
  Value numbers = ops.iota({*dim}, 0, element);
  if (*stride != 1)
    numbers = ops.mul(numbers, *stride);
  if (start.integer != SymInt(0))
    numbers = ops.add(numbers, ops.cast(ops.integer(start.integer), element));
  return node.set(0, numbers, node.getOnnxType(0));
}

/// 1 where j - i = k.
static LogicalResult importEyeLike(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (dims.size() != 2)
    return node.invalid("takes a matrix");
  int64_t type = node.getInt("dtype", node.getOnnxType(0));
  Type element = node.getImporter().convertType(type);
  if (!element)
    return node.unsupported("EyeLike of that element type");
  Value rows = ops.iota(dims, 0, ops.i64()),
        columns = ops.iota(dims, 1, ops.i64());
  int64_t k = node.getInt("k", 0);
  Value isOne = ops.compare(graph::ComparePredicate::Eq, columns,
                            k ? ops.add(rows, k) : rows);
  return node.set(0, ops.cast(isOne, element), type);
}

void sylvite::addConstants(Operators &operators) {
  operators.add("Constant", importConstant);
  operators.add("ConstantOfShape", importConstantOfShape);
  operators.add("Range", importRange);
  operators.add("EyeLike", importEyeLike);
}
