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
#include "sylvite/Reference/QuantizationError.h"
#include "sylvite/Support/Quantize.h"

#include <cmath>

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

/// The largest magnitude of a line, as an f32; NaN if there is one.
static float getLargest(const Tensor &tensor, Line line) {
  float largest = 0;
  for (int64_t i = 0; i < line.count; ++i) {
    float magnitude = std::fabs(float(tensor.data[line[i]]));
    if (std::isnan(magnitude))
      return magnitude;
    largest = std::max(largest, magnitude);
  }
  return largest;
}

/// Makes the numbers of a line integers.
static void quantizeLine(const Tensor &from, Line line, float largest,
                         Tensor &to) {
  float inverse = getQuantizedInverse(largest);
  for (int64_t i = 0; i < line.count; ++i)
    to.data[line[i]] = quantize(float(from.data[line[i]]), inverse);
}

LogicalResult sylvite::evaluate(graph::QuantizeOp op, const Frame &frame,
                                MutableArrayRef<Tensor> results) {
  const Tensor &input = frame[op.getInput()];
  int64_t line = 0;
  bool isFinite = true;
  // Lines along the other axis come in the order of this one.
  forEachLine(input.shape, 1 - op.getAxis(), [&](Line numbers) {
    float largest = getLargest(input, numbers);
    isFinite &= std::isfinite(largest);
    results[1].data[line++] = getQuantizedScale(largest);
    if (isFinite)
      quantizeLine(input, numbers, largest, results[0]);
  });
  if (!isFinite)
    return op.emitOpError("has numbers that are not finite");
  return success();
}

/// The product of a quantised layer.
static void multiplyQuantized(graph::LinearOp op, const Frame &frame,
                              const Tensor &rows, Tensor &product) {
  // Integers, and one number of each row that stays.
  Tensor others = rows, factors(rows.shape, rows.dtype);
  std::vector<double> scales;
  forEachLine(rows.shape, 1, [&](Line row) {
    if (!row.count)
      return scales.push_back(0);
    int64_t place = findLargest(rows, row);
    others.data[place] = 0;
    float largest = getLargest(others, row);
    double scale = getQuantizedScale(largest);
    // What is not finite makes all of the row so.
    bool isFinite = std::isfinite(rows.data[place]) && std::isfinite(scale);
    scales.push_back(isFinite ? scale : NAN);
    if (!isFinite)
      return;
    quantizeLine(others, row, largest, factors);
    factors.data[place] = float(rows.data[place]) / scale;
  });
  multiply(factors, false, frame[op.getWeight()], op.getTransposeWeight(),
           product);
  const Tensor &weightScales = frame[op.getWeightScale()];
  int64_t features = product.shape.back();
  for (auto [row, scale] : llvm::enumerate(scales))
    for (int64_t n = 0; n < features; ++n)
      product.data[row * features + n] *= scale * weightScales.data[n];
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
  if (op.isQuantized())
    multiplyQuantized(op, frame, flat, product);
  else
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
