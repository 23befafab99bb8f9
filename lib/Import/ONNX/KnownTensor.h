//===- KnownTensor.h - Tensors known when compiled --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A small tensor whose elements are numbers, or integers in terms of the
/// model's dimensions. What shapes, indices and switches are calculated with.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_KNOWNTENSOR_H
#define SYLVITE_LIB_IMPORT_ONNX_KNOWNTENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "sylvite/Dialect/Graph/SymInt.h"

namespace sylvite {

/// Larger tensors are calculated by the compiled model.
constexpr int64_t kMaxKnownElements = 4096;
/// Places of elements that are listed one by one.
constexpr int64_t kMaxPlaces = 1 << 20;

/// An element: an integer (booleans are 0 and 1), or a float.
struct KnownNumber {
  bool isFloat = false;
  SymInt integer;
  double number = 0;

  KnownNumber() = default;
  KnownNumber(SymInt integer) : integer(std::move(integer)) {}
  static KnownNumber ofFloat(double number) {
    KnownNumber result;
    result.isFloat = true;
    result.number = number;
    return result;
  }
  /// As a float, where it is no matter of dimensions.
  std::optional<double> toDouble() const;
};

struct KnownTensor {
  mlir::Type element;
  llvm::SmallVector<int64_t> shape;
  std::vector<KnownNumber> numbers;

  bool isFloat() const { return mlir::isa<mlir::FloatType>(element); }
  int64_t getRank() const { return shape.size(); }

  /// The integers, where they are numbers.
  std::optional<llvm::SmallVector<int64_t>> getIntegers() const;
  /// The integers; none of floats.
  std::optional<llvm::SmallVector<SymInt>> getSymInts() const;
  /// The elements as an attribute; null where dimensions are among them.
  mlir::DenseElementsAttr toAttribute() const;

  static KnownTensor ofIntegers(mlir::Type element,
                                llvm::ArrayRef<int64_t> shape,
                                llvm::ArrayRef<SymInt> integers);
  static KnownTensor fromAttribute(mlir::DenseElementsAttr attribute);
};

/// Rounds to what a type can hold: integers wrap, floats are rounded.
void roundToType(KnownNumber &number, mlir::Type element);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_KNOWNTENSOR_H
