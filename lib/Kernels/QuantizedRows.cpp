//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows as words of integers, and their products.
///
//===----------------------------------------------------------------------===//

#include "QuantizedRows.h"
#include "DeviceProduct.h"
#include "RowReduction.h"
#include "sylvite/Kernels/Lowering.h"
#include "sylvite/Support/Quantize.h"

using namespace mlir;
using namespace sylvite;

/// How many integers stand in a word of a row.
static int64_t getParts(const Target &target) {
  return target.device || target.has("avx512vnni") ? 4 : 2;
}

/// The f32 1.5 * 2^23, and its bits. What is added to it stands in its lowest
/// bits, rounded to the nearest integer, ties to even.
static constexpr double kRound = 12582912;
static constexpr int64_t kRoundBits = 0x4B400000;

/// A word of the bits of rounded numbers.
static Expr joinIntegers(ArrayRef<Expr> numbers) {
  Type i32 = numbers.front().getKernel().index(0).getType();
  if (numbers.size() == 2)
    return bitOr(bitAnd(numbers[0], 0xFFFF), shiftLeft(numbers[1], 16));
  // All are within 0 and 255: sums do not carry, but for what stands above.
  Expr sum = numbers[0];
  uint32_t above = kRoundBits;
  for (unsigned part = 1; part != 4; ++part) {
    sum = sum + shiftLeft(numbers[part], 8 * part);
    above += uint32_t(kRoundBits) << (8 * part);
  }
  return sum - sum.getKernel().constant(i32, int32_t(above));
}

/// What stands behind the words of a row: its scale, the number that is apart,
/// the word of weights that it is multiplied with, and by how much that has to
/// be shifted for the integer to be the highest.
enum class Tail { Scale, Single, Word, Shift };

Value sylvite::getQuantizedRows(LoweringContext &context, Location loc,
                                Value rows) {
  MLIRContext *mlir = rows.getContext();
  Type i8 = IntegerType::get(mlir, 8), i32 = IntegerType::get(mlir, 32),
       f32 = Float32Type::get(mlir);
  Value &known = context.getRoundedRows(rows, i8);
  if (known)
    return known;
  Extents extents = context.getExtents(rows);
  int64_t depth = extents.back().getNumber();
  int64_t parts = getParts(context.getTarget());
  int64_t words = llvm::divideCeilSigned(depth, parts);
  KernelBuilder kernel(context, loc, "quantize_i8_" + Twine(depth), "quantize");
  Buffer x = kernel.addInput(rows);

  // Magnitudes of floats have the order of their bits, in which NaN come last.
  auto magnitude = [&](Expr k, Expr row) {
    return bitAnd(reinterpret(x({k, row}), i32), 0x7FFFFFFF);
  };
  auto reduce = [&](StringRef name, Expr neutral,
                    function_ref<Expr(Expr, Expr)> combine,
                    function_ref<Expr(Expr, Expr)> element) {
    return reduceRows(
        kernel, {name,
                 {"m"},
                 Extent(depth),
                 /*others=*/{},
                 neutral,
                 combine,
                 [&](Vars k, Vars row) { return element(k[0], row[0]); }});
  };
  Func largest = reduce("largest", kernel.index(0), maxElements, magnitude);
  Func place = reduce(
      "place", kernel.index(depth - 1),
      [](Expr a, Expr b) { return min(a, b); },
      [&](Expr k, Expr row) {
        return select(magnitude(k, row) == largest({row}), k,
                      kernel.index(depth - 1));
      });
  Expr least = reinterpret(kernel.constant(f32, kQuantizedLeast), i32);
  Func rest = reduce("rest", least, maxElements, [&](Expr k, Expr row) {
    return select(k == place({row}), least, magnitude(k, row));
  });
  Func inverse = kernel.func("inverse", {"m"}, f32, [&](Vars row) {
    return double(kQuantizedMax) / reinterpret(rest(row), f32);
  });
  Func out = kernel.func("out", {"k", "m"}, i32, [&](Vars v) {
    Expr row = v[1], word = min(v[0], kernel.index(words - 1));
    SmallVector<Expr> numbers;
    for (int64_t part = 0; part != parts; ++part) {
      Expr k = word + double(part * words);
      // Beyond the last one weights are zero, and numbers do not matter.
      if (part * words + words > depth)
        k = min(k, kernel.index(depth - 1));
      double zero = parts == 4 ? 128 : 0;
      Expr factor =
          select(k == place({row}), kernel.constant(f32, 0), inverse({row}));
      Expr number = x({k, row}) * factor + (kRound + zero);
      numbers.push_back(reinterpret(number, i32));
    }
    // Within the row, which Halide does not see.
    Expr at = clamp(place({row}), kernel.index(0), kernel.index(depth - 1));
    Expr scale = reinterpret(rest({row}), f32) * (1.0f / kQuantizedMax);
    Expr tail = reinterpret(scale, i32);
    auto append = [&](Tail what, Expr value) {
      tail = select(v[0] == double(words + int64_t(what)), value, tail);
    };
    append(Tail::Single, reinterpret(x({at, row}), i32));
    append(Tail::Word, mod(at, double(words)));
    append(Tail::Shift, 32.0 - (floorDiv(at, kernel.index(words)) + 1.0) * 8.0);
    return select(likely(v[0] < double(words)), joinIntegers(numbers), tail);
  });
  Extent row(words + context.getTarget().vectorLanes);
  // Looking up others may have moved the entry.
  Value made = kernel.finish(out, {extents[0], row});
  return context.getRoundedRows(rows, i8) = made;
}

QuantizedProduct::QuantizedProduct(KernelBuilder &kernel, Buffer rows,
                                   Value weight, bool transposed, int64_t depth,
                                   const Extent &number)
    : rows(rows), last(kernel.extent(number) - 1),
      parts(getParts(kernel.getContext().getTarget())),
      words(llvm::divideCeilSigned(depth, parts)),
      panels(RightSide::readWords(kernel, weight, transposed, parts)) {
  if (parts == 4)
    offsets = RightSide::readOffsets(kernel, weight, transposed);
  Type i32 = kernel.index(0).getType(), i16 = kernel.getBuilder().getI16Type();
  if (!kernel.getContext().getTarget().device) {
    acc = kernel.func("acc", {"n", "m"}, i32,
                      [&](Vars v) { return getOffset(v[0]); });
    kernel.update(acc, {{"k", kernel.index(0), kernel.index(words)}},
                  [&](Vars v, Vars r) {
                    Expr row = rows({r[0], min(v[1], last)});
                    Expr word = panels.at({}, r[0], v[0]);
                    return parts == 4 ? dotU8S8(acc(v), row, word)
                                      : dotS16S8(acc(v), row, word);
                  });
    return;
  }
  auto type = cast<RankedTensorType>(weight.getType());
  double columns = type.getDimSize(transposed ? 0 : 1);
  auto left = [&](Expr k, Expr m, Vars) { return rows({k, min(m, last)}); };
  auto right = [&](Expr k, Expr n, Vars) {
    return cast(panels.at({}, k, min(n, columns - 1)), i32);
  };
  auto add = [&](Expr sum, Expr row, Expr word) {
    return parts == 4 ? dotU8S8(sum, row, word)
                      : dotS16S8(sum, row, cast(word, i16));
  };
  acc = writeDeviceProduct(kernel, {.vars = {"n", "m"},
                                    .type = i32,
                                    .rows = number,
                                    .depth = kernel.index(words),
                                    .left = left,
                                    .right = right,
                                    .add = add});
  addsOffsets = true;
}

Expr QuantizedProduct::getOffset(Expr n) const {
  Expr none = last.getKernel().index(0);
  return offsets ? offsets->at({}, none, n) : none;
}

Expr QuantizedProduct::at(Expr n, Expr m) const {
  Type f32 = Float32Type::get(rows.getType().getContext());
  auto tail = [&](Tail what) {
    Expr place = last.getKernel().index(words + int64_t(what));
    return rows({place, min(m, last)});
  };
  Expr word = tail(Tail::Word);
  word = clamp(word, word.like(0), word.like(words - 1));
  Expr weight = cast(panels.at({}, word, n), word.getType());
  weight = shiftLeft(weight, bitAnd(tail(Tail::Shift), 31));
  Expr single = reinterpret(tail(Tail::Single), f32) *
                cast(shiftRightSigned(weight, 24), f32);
  Expr sum = acc({n, m});
  if (addsOffsets)
    sum = sum + getOffset(n);
  return cast(sum, f32) * reinterpret(tail(Tail::Scale), f32) + single;
}
