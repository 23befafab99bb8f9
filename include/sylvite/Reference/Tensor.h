//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The evaluator's values: dense tensors whose elements are all doubles.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_TENSOR_H
#define SYLVITE_REFERENCE_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace sylvite {

/// A dense row-major tensor. Whatever the element type, elements are doubles:
/// floats of every width have the precision of a double, and integers (i1 is 0
/// or 1) are exact as long as they lie within +-2^53.
struct Tensor {
  llvm::SmallVector<int64_t> shape;
  mlir::Type dtype;
  std::vector<double> data;

  Tensor() = default;
  /// All elements are `fill`.
  Tensor(llvm::ArrayRef<int64_t> shape, mlir::Type dtype, double fill = 0);

  int64_t getRank() const { return shape.size(); }
  int64_t getNumElements() const { return data.size(); }
  bool isInteger() const { return llvm::isa<mlir::IntegerType>(dtype); }
  /// `tensor<2x3xf32>`.
  mlir::RankedTensorType getType() const;
};

/// The number of elements, or none if memory would not hold that many doubles
/// (more than 2^31).
std::optional<int64_t> getNumElements(llvm::ArrayRef<int64_t> shape);

/// Distances between neighbours along each dimension, in elements.
llvm::SmallVector<int64_t> getStrides(llvm::ArrayRef<int64_t> shape);

/// Calls `visit(index, position)` for every element in row-major order;
/// `position` counts elements.
void forEachIndex(
    llvm::ArrayRef<int64_t> shape,
    llvm::function_ref<void(llvm::ArrayRef<int64_t>, int64_t)> visit);

/// The elements along one axis, all other indices fixed: `count` of them,
/// `stride` elements apart, from `start` on.
struct Line {
  int64_t start, stride, count;
  int64_t operator[](int64_t i) const { return start + i * stride; }
};

/// Calls `visit` for every line along `axis`.
void forEachLine(llvm::ArrayRef<int64_t> shape, int64_t axis,
                 llvm::function_ref<void(Line)> visit);

/// Reads a tensor under the index of a shape that it broadcasts to.
class BroadcastReader {
public:
  BroadcastReader(const Tensor &tensor, int64_t rank);
  double operator()(llvm::ArrayRef<int64_t> index) const;

private:
  const Tensor *tensor;
  /// 0 along dimensions where the tensor is repeated.
  llvm::SmallVector<int64_t> strides;
};

/// The constant as a tensor. Fails for what is not dense, and for integers
/// beyond +-2^53.
llvm::Expected<Tensor> toTensor(mlir::ElementsAttr constant);

/// Wraps integers to the width of the tensor's type, as two's complement does.
/// Fails where an element is no integer or lies beyond +-2^53. Does nothing to
/// floats.
llvm::Error wrapIntegers(Tensor &tensor);

/// Rounds elements of f16 and bf16 to what these hold, to the nearest with ties
/// to even; does nothing to others. For weights, which lie in files so: what is
/// calculated has the precision of a double, whatever its type.
void roundStorage(Tensor &tensor);

/// Elements in nested brackets with nine significant digits:
/// `[[1, 2.5], [3, -inf]]`.
void printElements(llvm::raw_ostream &os, const Tensor &tensor);

/// A number with nine significant digits, as Python spells it.
std::string toString(double number);

/// `[0, 2, 1]`, for messages.
std::string toString(llvm::ArrayRef<int64_t> index);

/// The index of the element at `position` in row-major order.
llvm::SmallVector<int64_t> getIndex(llvm::ArrayRef<int64_t> shape,
                                    int64_t position);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_TENSOR_H
