//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Dense tensors of doubles: walking over them, reading them broadcast, and
/// what integers do.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/Tensor.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

/// The largest magnitude up to which doubles hold every integer.
static constexpr double kExactIntegers = 9007199254740992.0; // 2^53

Tensor::Tensor(llvm::ArrayRef<int64_t> shape, Type dtype, double fill)
    : shape(shape), dtype(dtype),
      data(llvm::product_of(shape, int64_t(1)), fill) {}

RankedTensorType Tensor::getType() const {
  return RankedTensorType::get(shape, dtype);
}

std::optional<int64_t> sylvite::getNumElements(llvm::ArrayRef<int64_t> shape) {
  constexpr int64_t limit = int64_t(1) << 31;
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (extent < 0 || extent > limit / count)
      return std::nullopt;
    count *= extent;
  }
  return count;
}

llvm::SmallVector<int64_t> sylvite::getStrides(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0; stride *= shape[i])
    strides[i] = stride;
  return strides;
}

llvm::SmallVector<int64_t> sylvite::getIndex(llvm::ArrayRef<int64_t> shape,
                                             int64_t position) {
  llvm::SmallVector<int64_t> index;
  for (int64_t stride : getStrides(shape)) {
    index.push_back(position / stride);
    position %= stride;
  }
  return index;
}

void sylvite::forEachIndex(
    llvm::ArrayRef<int64_t> shape,
    llvm::function_ref<void(llvm::ArrayRef<int64_t>, int64_t)> visit) {
  if (llvm::is_contained(shape, 0))
    return;
  llvm::SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t position = 0;; ++position) {
    visit(index, position);
    // Count up like an odometer; the first dimension overflows at the end.
    size_t i = shape.size();
    while (i > 0 && ++index[i - 1] == shape[i - 1])
      index[--i] = 0;
    if (i == 0)
      return;
  }
}

void sylvite::forEachLine(llvm::ArrayRef<int64_t> shape, int64_t axis,
                          llvm::function_ref<void(Line)> visit) {
  int64_t stride = llvm::product_of(shape.drop_front(axis + 1), int64_t(1));
  int64_t outer = llvm::product_of(shape.take_front(axis), int64_t(1));
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t j = 0; j < stride; ++j)
      visit({i * shape[axis] * stride + j, stride, shape[axis]});
}

BroadcastReader::BroadcastReader(const Tensor &tensor, int64_t rank)
    : tensor(&tensor), strides(rank, 0) {
  llvm::SmallVector<int64_t> own = getStrides(tensor.shape);
  int64_t offset = rank - tensor.getRank();
  for (auto [i, extent] : llvm::enumerate(tensor.shape))
    if (extent != 1)
      strides[offset + i] = own[i];
}

double BroadcastReader::operator()(llvm::ArrayRef<int64_t> index) const {
  int64_t position = 0;
  for (auto [i, stride] : llvm::zip_equal(index, strides))
    position += i * stride;
  return tensor->data[position];
}

/// The number that an element of a constant stands for.
static double toDouble(APFloat value) {
  bool losesInfo;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value.convertToDouble();
}

static double toDouble(const APInt &value, bool isUnsigned) {
  return isUnsigned ? double(value.getZExtValue())
                    : double(value.getSExtValue());
}

llvm::Expected<Tensor> sylvite::toTensor(ElementsAttr constant) {
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  auto dense = dyn_cast<DenseElementsAttr>(constant);
  if (!type || !dense)
    return llvm::createStringError("only dense constants have values here");
  std::optional<int64_t> count = getNumElements(type.getShape());
  if (!count)
    return llvm::createStringError("the constant is too large for memory");
  Tensor result(type.getShape(), type.getElementType());
  auto fill = [&](auto getOne, auto getAll, auto convert) {
    if (dense.isSplat())
      std::fill(result.data.begin(), result.data.end(), convert(getOne()));
    else
      for (auto [i, value] : llvm::enumerate(getAll()))
        result.data[i] = convert(value);
  };
  if (isa<FloatType>(result.dtype)) {
    fill([&] { return dense.getSplatValue<APFloat>(); },
         [&] { return dense.getValues<APFloat>(); },
         [](const APFloat &value) { return toDouble(value); });
    return result;
  }
  bool isUnsigned =
      result.dtype.isInteger(1) || result.dtype.isUnsignedInteger();
  fill([&] { return dense.getSplatValue<APInt>(); },
       [&] { return dense.getValues<APInt>(); },
       [&](const APInt &value) { return toDouble(value, isUnsigned); });
  if (llvm::Error error = wrapIntegers(result))
    return std::move(error);
  return result;
}

llvm::Error sylvite::wrapIntegers(Tensor &tensor) {
  auto integer = dyn_cast<IntegerType>(tensor.dtype);
  if (!integer)
    return llvm::Error::success();
  // A type of more bits than a double's integers holds them all.
  unsigned width = integer.getWidth();
  double span = std::ldexp(1.0, width);
  double end = width == 1 || integer.isUnsigned() ? span : span / 2;
  for (auto [i, value] : llvm::enumerate(tensor.data)) {
    if (!(std::fabs(value) <= kExactIntegers) || value != std::trunc(value))
      return llvm::createStringError(
          "element " + toString(getIndex(tensor.shape, i)) + " is " +
          toString(value) + ", which is no integer within +-2^53");
    if (width > 53)
      continue;
    value -= span * std::floor(value / span);
    if (value >= end)
      value -= span;
  }
  return llvm::Error::success();
}

void sylvite::roundStorage(Tensor &tensor) {
  if (!tensor.dtype.isF16() && !tensor.dtype.isBF16())
    return;
  const llvm::fltSemantics &semantics =
      cast<FloatType>(tensor.dtype).getFloatSemantics();
  for (double &value : tensor.data) {
    APFloat number(value);
    bool losesInfo;
    number.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    value = number.convertToDouble();
  }
}

std::string sylvite::toString(double number) {
  if (std::isnan(number))
    return "nan";
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", number);
  return text;
}

/// Prints the elements from `position` on that lie under `shape`.
static void printNested(llvm::raw_ostream &os, const Tensor &tensor,
                        llvm::ArrayRef<int64_t> shape, int64_t position) {
  if (shape.empty()) {
    double value = tensor.data[position];
    os << (tensor.isInteger() ? std::to_string(int64_t(value))
                              : toString(value));
    return;
  }
  int64_t stride = llvm::product_of(shape.drop_front(), int64_t(1));
  os << '[';
  llvm::interleaveComma(
      llvm::seq<int64_t>(0, shape.front()), os, [&](int64_t i) {
        printNested(os, tensor, shape.drop_front(), position + i * stride);
      });
  os << ']';
}

void sylvite::printElements(llvm::raw_ostream &os, const Tensor &tensor) {
  printNested(os, tensor, tensor.shape, 0);
}

std::string sylvite::toString(llvm::ArrayRef<int64_t> index) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(index, os);
  os << ']';
  return text;
}
