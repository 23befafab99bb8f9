//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Quantises weights on their way from the model's files.
///
/// The numbers pass twice: once for the largest of each output, from which its
/// scale is made, and once to become integers.
///
//===----------------------------------------------------------------------===//

#include "QuantizeWeight.h"
#include "sylvite/Support/Quantize.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using llvm::Error;

namespace {
class Quantizer {
public:
  Quantizer(const WeightSpec &weight, const WeightStore &store,
            const WeightMatrix &matrix)
      : weight(weight), store(store), matrix(matrix),
        outputs(weight.transposed ? matrix.rows : matrix.columns),
        depth(weight.transposed ? matrix.columns : matrix.rows),
        largest(outputs) {}

  /// Finds the largest magnitude of each output.
  Error measure();
  void writeScales(llvm::raw_ostream &os) const;
  Error writeOffsets(llvm::raw_ostream &os) const;
  Error writeValues(llvm::raw_ostream &os) const;

private:
  /// Calls `visit` for each number of [K, N]: (k, n, number).
  Error forEach(llvm::function_ref<void(int64_t, int64_t, float)> visit) const;
  /// The same with the integer.
  Error forEachInteger(
      llvm::function_ref<void(int64_t, int64_t, int8_t)> visit) const;
  /// Reads elements of a piece.
  Error read(const WeightPiece &piece, int64_t first,
             MutableArrayRef<float> out) const;

  const WeightSpec &weight;
  const WeightStore &store;
  const WeightMatrix &matrix;
  int64_t outputs, depth;
  std::vector<float> largest;
};
} // namespace

/// Numbers that are read at a time, in whole rows.
static constexpr int64_t kBlock = 1 << 16;

Error Quantizer::read(const WeightPiece &piece, int64_t first,
                      MutableArrayRef<float> out) const {
  if (!piece.name.empty())
    return store.readAsF32(piece.name, out, first);
  std::memcpy(out.data(), piece.bytes.data() + first * sizeof(float),
              out.size() * sizeof(float));
  return Error::success();
}

Error Quantizer::forEach(
    llvm::function_ref<void(int64_t, int64_t, float)> visit) const {
  std::vector<float> block;
  for (const WeightPiece &piece : matrix.pieces) {
    int64_t most =
        std::max<int64_t>(kBlock / std::max<int64_t>(piece.columns, 1), 1);
    for (int64_t row = 0; row < piece.rows; row += most) {
      int64_t rows = std::min(most, piece.rows - row);
      block.resize(rows * piece.columns);
      if (Error error = read(piece, row * piece.columns, block))
        return error;
      const float *number = block.data();
      for (int64_t i = 0; i != rows; ++i)
        for (int64_t j = 0; j != piece.columns; ++j, ++number) {
          int64_t r = piece.firstRow + row + i, c = piece.firstColumn + j;
          if (weight.transposed)
            visit(c, r, *number);
          else
            visit(r, c, *number);
        }
    }
    store.release(piece.name);
  }
  return Error::success();
}

Error Quantizer::forEachInteger(
    llvm::function_ref<void(int64_t, int64_t, int8_t)> visit) const {
  std::vector<float> inverses;
  for (float most : largest)
    inverses.push_back(getQuantizedInverse(most));
  return forEach([&](int64_t k, int64_t n, float number) {
    visit(k, n, quantize(number, inverses[n]));
  });
}

Error Quantizer::measure() {
  std::optional<float> wrong;
  if (Error error = forEach([&](int64_t, int64_t n, float number) {
        if (!std::isfinite(number))
          wrong = number;
        largest[n] = std::max(largest[n], std::fabs(number));
      }))
    return error;
  if (wrong)
    return llvm::createStringError(
        "holds " + llvm::formatv("{0}", *wrong).str() +
        ", which cannot be quantised: compile with another precision");
  return Error::success();
}

/// Writes numbers as they lie in memory.
template <typename T>
static void writeAll(llvm::raw_ostream &os, ArrayRef<T> numbers) {
  os.write(reinterpret_cast<const char *>(numbers.data()),
           numbers.size() * sizeof(T));
}

void Quantizer::writeScales(llvm::raw_ostream &os) const {
  std::vector<float> scales;
  for (float most : largest)
    scales.push_back(getQuantizedScale(most));
  writeAll<float>(os, scales);
}

Error Quantizer::writeOffsets(llvm::raw_ostream &os) const {
  std::vector<int32_t> offsets(llvm::alignTo(outputs, weight.panels));
  if (Error error = forEachInteger([&](int64_t, int64_t n, int8_t integer) {
        offsets[n] -= 128 * integer;
      }))
    return error;
  writeAll<int32_t>(os, offsets);
  return Error::success();
}

Error Quantizer::writeValues(llvm::raw_ostream &os) const {
  int64_t parts = weight.getWordElements(), width = weight.panels;
  int64_t words = llvm::divideCeilSigned(depth, parts);
  std::vector<int8_t> packed(llvm::alignTo(outputs, width) * words * parts);
  if (Error error = forEachInteger([&](int64_t k, int64_t n, int8_t integer) {
        int64_t word = (n / width * words + k % words) * width + n % width;
        packed[word * parts + k / words] = integer;
      }))
    return error;
  writeAll<int8_t>(os, packed);
  return Error::success();
}

Error sylvite::writeQuantized(const WeightSpec &weight,
                              const WeightStore &store,
                              const WeightMatrix &matrix,
                              llvm::raw_ostream &os) {
  Quantizer quantizer(weight, store, matrix);
  if (Error error = quantizer.measure())
    return error;
  switch (*weight.quantized) {
  case halide::QuantizedPart::Values:
    return quantizer.writeValues(os);
  case halide::QuantizedPart::Scales:
    quantizer.writeScales(os);
    return Error::success();
  case halide::QuantizedPart::Offsets:
    return quantizer.writeOffsets(os);
  }
  llvm_unreachable("all parts are above");
}
