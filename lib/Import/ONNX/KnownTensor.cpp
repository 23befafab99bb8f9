//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From and to attributes.
///
//===----------------------------------------------------------------------===//

#include "KnownTensor.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace sylvite;

std::optional<double> KnownNumber::toDouble() const {
  if (isFloat)
    return number;
  if (std::optional<int64_t> constant = integer.getConstant())
    return double(*constant);
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> KnownTensor::getIntegers() const {
  SmallVector<int64_t> integers;
  for (const KnownNumber &number : numbers) {
    std::optional<int64_t> constant = number.integer.getConstant();
    if (number.isFloat || !constant)
      return std::nullopt;
    integers.push_back(*constant);
  }
  return integers;
}

std::optional<SmallVector<SymInt>> KnownTensor::getSymInts() const {
  SmallVector<SymInt> integers;
  for (const KnownNumber &number : numbers) {
    if (number.isFloat)
      return std::nullopt;
    integers.push_back(number.integer);
  }
  return integers;
}

DenseElementsAttr KnownTensor::toAttribute() const {
  auto type = RankedTensorType::get(shape, element);
  if (auto floats = dyn_cast<FloatType>(element)) {
    SmallVector<APFloat> values;
    for (const KnownNumber &number : numbers) {
      std::optional<double> value = number.toDouble();
      if (!value)
        return {};
      APFloat rounded(*value);
      bool losesInfo;
      rounded.convert(floats.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                      &losesInfo);
      values.push_back(rounded);
    }
    return DenseElementsAttr::get(type, values);
  }
  std::optional<SmallVector<int64_t>> integers = getIntegers();
  if (!integers)
    return {};
  SmallVector<APInt> values;
  for (int64_t value : *integers)
    values.push_back(APInt(element.getIntOrFloatBitWidth(), uint64_t(value),
                           /*isSigned=*/false, /*implicitTrunc=*/true));
  return DenseElementsAttr::get(type, values);
}

KnownTensor KnownTensor::ofIntegers(Type element, ArrayRef<int64_t> shape,
                                    ArrayRef<SymInt> integers) {
  KnownTensor tensor;
  tensor.element = element;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.numbers.assign(integers.begin(), integers.end());
  return tensor;
}

KnownTensor KnownTensor::fromAttribute(DenseElementsAttr attribute) {
  KnownTensor tensor;
  tensor.element = attribute.getElementType();
  tensor.shape.assign(attribute.getType().getShape().begin(),
                      attribute.getType().getShape().end());
  if (isa<FloatType>(tensor.element)) {
    for (APFloat value : attribute.getValues<APFloat>()) {
      bool losesInfo;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
      tensor.numbers.push_back(KnownNumber::ofFloat(value.convertToDouble()));
    }
    return tensor;
  }
  bool isUnsigned =
      tensor.element.isInteger(1) || tensor.element.isUnsignedInteger();
  for (const APInt &value : attribute.getValues<APInt>())
    tensor.numbers.push_back(SymInt(isUnsigned ? int64_t(value.getZExtValue())
                                               : value.getSExtValue()));
  return tensor;
}

void sylvite::roundToType(KnownNumber &number, Type element) {
  if (auto floats = dyn_cast<FloatType>(element)) {
    std::optional<double> value = number.toDouble();
    if (!value)
      return;
    APFloat rounded(*value);
    bool losesInfo;
    rounded.convert(floats.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    rounded.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    number = KnownNumber::ofFloat(rounded.convertToDouble());
    return;
  }
  std::optional<int64_t> constant = number.integer.getConstant();
  unsigned width = element.getIntOrFloatBitWidth();
  if (!constant || width >= 64)
    return;
  APInt wrapped(width, uint64_t(*constant), /*isSigned=*/false,
                /*implicitTrunc=*/true);
  bool isUnsigned = width == 1 || element.isUnsignedInteger();
  number.integer = SymInt(isUnsigned ? int64_t(wrapped.getZExtValue())
                                     : wrapped.getSExtValue());
}
