//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Errors of quantised weights and products, in double precision.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/QuantizationError.h"
#include "OpEvaluators.h"
#include "sylvite/Support/Quantize.h"

using namespace mlir;
using namespace sylvite;

int64_t sylvite::findLargest(const Tensor &tensor, Line line) {
  int64_t place = line.start;
  for (int64_t i = 1; i < line.count; ++i) {
    double now = std::fabs(tensor.data[place]);
    double next = std::fabs(tensor.data[line[i]]);
    if (next > now || (std::isnan(next) && !std::isnan(now)))
      place = line[i];
  }
  return place;
}

double SquaredError::getRelative() const {
  return difference == 0 ? 0 : std::sqrt(difference / size);
}

Tensor sylvite::roundLines(const Tensor &tensor) {
  Tensor rounded = tensor;
  forEachLine(tensor.shape, tensor.getRank() - 1, [&](Line line) {
    float largest = 0;
    for (int64_t i = 0; i < line.count; ++i)
      largest = std::max(largest, std::fabs(float(tensor.data[line[i]])));
    double scale = getQuantizedScale(largest);
    float inverse = getQuantizedInverse(largest);
    for (int64_t i = 0; i < line.count; ++i)
      rounded.data[line[i]] =
          scale * quantize(float(tensor.data[line[i]]), inverse);
  });
  return rounded;
}

Tensor sylvite::roundRows(const Tensor &rows) {
  Tensor others = rows;
  SmallVector<std::pair<int64_t, double>> singles;
  forEachLine(rows.shape, rows.getRank() - 1, [&](Line row) {
    if (!row.count)
      return;
    int64_t place = findLargest(rows, row);
    singles.push_back({place, rows.data[place]});
    others.data[place] = 0;
  });
  Tensor rounded = roundLines(others);
  for (auto [place, number] : singles)
    rounded.data[place] = number;
  return rounded;
}

Tensor sylvite::getOutputLines(const Tensor &weight, bool transposed) {
  if (transposed)
    return weight;
  int64_t inputs = weight.shape[0], outputs = weight.shape[1];
  Tensor lines({outputs, inputs}, weight.dtype);
  for (int64_t k = 0; k < inputs; ++k)
    for (int64_t n = 0; n < outputs; ++n)
      lines.data[n * inputs + k] = weight.data[k * outputs + n];
  return lines;
}

SquaredError sylvite::measureWeightError(const Tensor &lines) {
  SquaredError error;
  Tensor rounded = roundLines(lines);
  for (auto [exact, near] : llvm::zip_equal(lines.data, rounded.data))
    error.add(exact, near);
  return error;
}

SquaredError sylvite::measureProductError(const Tensor &rows,
                                          const Tensor &lines) {
  Tensor flat = rows;
  int64_t depth = lines.shape[1];
  int64_t count = depth ? rows.getNumElements() / depth : 0;
  flat.shape = {count, depth};
  Tensor exact({count, lines.shape[0]}, rows.dtype), near = exact;
  multiply(flat, false, lines, true, exact);
  multiply(roundRows(flat), false, roundLines(lines), true, near);
  SquaredError error;
  for (auto [a, b] : llvm::zip_equal(exact.data, near.data))
    error.add(a, b);
  return error;
}
