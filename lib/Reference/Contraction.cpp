//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates matrix products.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

using namespace mlir;
using namespace sylvite;

/// The last two dimensions of a tensor at one place of its leading ones.
namespace {
struct Matrix {
  const double *data;
  int64_t rows, columns, rowStride, columnStride;

  Matrix(const Tensor &tensor, int64_t offset, bool transposed)
      : data(tensor.data.data() + offset),
        rows(tensor.shape[tensor.getRank() - 2]), columns(tensor.shape.back()),
        rowStride(columns), columnStride(1) {
    if (transposed) {
      std::swap(rows, columns);
      std::swap(rowStride, columnStride);
    }
  }
  double operator()(int64_t row, int64_t column) const {
    return data[row * rowStride + column * columnStride];
  }
};
} // namespace

/// Where the matrix of `tensor` starts that belongs to the leading `index` of
/// the result.
static int64_t getMatrixOffset(const Tensor &tensor, ArrayRef<int64_t> index) {
  SmallVector<int64_t> strides = getStrides(tensor.shape);
  int64_t leading = tensor.getRank() - 2, offset = 0;
  for (int64_t i = 0; i < leading; ++i)
    if (tensor.shape[i] != 1)
      offset += index[index.size() - leading + i] * strides[i];
  return offset;
}

/// y += factor x
static void addScaled(double factor, const double *x, int64_t count,
                      double *y) {
  for (int64_t i = 0; i < count; ++i)
    y[i] += factor * x[i];
}

/// The elements of `a` are `stride` apart.
static double dot(const double *a, int64_t stride, const double *b,
                  int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i, a += stride)
    sum += *a * b[i];
  return sum;
}

void sylvite::multiply(const Tensor &lhs, bool transposeLhs, const Tensor &rhs,
                       bool transposeRhs, Tensor &result) {
  int64_t rows = result.shape[result.getRank() - 2];
  int64_t columns = result.shape.back();
  ArrayRef<int64_t> leading = ArrayRef(result.shape).drop_back(2);
  forEachIndex(leading, [&](ArrayRef<int64_t> index, int64_t position) {
    Matrix a(lhs, getMatrixOffset(lhs, index), transposeLhs);
    Matrix b(rhs, getMatrixOffset(rhs, index), transposeRhs);
    double *y = result.data.data() + position * rows * columns;
    // Both orders walk along `b`'s memory, which is long where it is a weight.
    for (int64_t m = 0; m < rows; ++m, y += columns) {
      if (b.columnStride == 1) {
        for (int64_t k = 0; k < a.columns; ++k)
          addScaled(a(m, k), b.data + k * b.rowStride, columns, y);
      } else {
        for (int64_t n = 0; n < columns; ++n)
          y[n] = dot(a.data + m * a.rowStride, a.columnStride,
                     b.data + n * b.columnStride, a.columns);
      }
    }
  });
}

LogicalResult sylvite::evaluate(graph::MatmulOp op, const Frame &frame,
                                Tensor &result) {
  multiply(frame[op.getLhs()], op.getTransposeLhs(), frame[op.getRhs()],
           op.getTransposeRhs(), result);
  return success();
}

LogicalResult sylvite::evaluate(graph::LinearOp op, const Frame &frame,
                                Tensor &result) {
  // A vector is a matrix of one row; the rows of more dimensions are one
  // matrix.
  const Tensor &input = frame[op.getInput()];
  int64_t features = result.shape.back();
  int64_t rows = features ? result.getNumElements() / features : 0;
  Tensor product({rows, features}, result.dtype);
  Tensor flat = input;
  flat.shape = {rows, input.shape.back()};
  multiply(flat, false, frame[op.getWeight()], op.getTransposeWeight(),
           product);

  const Tensor *bias = lookup(frame, op.getBias());
  const Tensor *residual = lookup(frame, op.getResidual());
  for (int64_t i = 0; i < result.getNumElements(); ++i) {
    double y = product.data[i];
    if (bias)
      y += bias->data[i % features];
    y = activate(op.getActivation(), y);
    if (residual)
      y += residual->data[i];
    result.data[i] = y;
  }
  normalize(result, op.getNorm(), lookup(frame, op.getNormScale()),
            lookup(frame, op.getNormBias()), op.getEps().convertToDouble());
  return success();
}
