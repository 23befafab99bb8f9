//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Encodings of positions that have no table: the fusion phase made lookups of
/// those with a bound.
///
/// Angles are f64, of which sine and cosine are rounded. A rotation by halves
/// is written for a tensor whose features are two rows of pairs, so that
/// neighbours in memory are neighbours in vectors.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "ScoreFormula.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

namespace {
/// Writes angles in f64.
class Angles {
public:
  Angles(KernelBuilder &kernel, double base, int64_t features)
      : f64(kernel.getBuilder().getF64Type()),
        exponent(-2 * std::log(base) / features) {}

  /// position / base^(2k/features).
  Expr operator()(Expr position, Expr k) const {
    return cast(position, f64) * exp(cast(k, f64) * exponent);
  }

private:
  Type f64;
  double exponent;
};
} // namespace

//===----------------------------------------------------------------------===//
// positional_encoding
//===----------------------------------------------------------------------===//

LogicalResult sylvite::lowerPositionalEncoding(graph::PositionalEncodingOp op,
                                               LoweringContext &context) {
  Type element = op.getType().getElementType();
  Extents dims = getExtents(op.getResult());
  KernelBuilder kernel(context, op.getLoc(),
                       "positional_encoding_" + getTypeName(element) + "_" +
                           Twine(dims.size()) + "d",
                       "elementwise");
  ScoreFormula formula(op.getFormula(), kernel);
  auto positions = readOptional(kernel, op.getPositions());
  if (failed(positions) || failed(formula.read()))
    return failure();
  Angles angles(kernel, op.getBase().convertToDouble(),
                dims.back().getNumber());
  Func out = kernel.func("out", dims.size(), element, [&](Vars v) {
    SmallVector<Expr> place = reversed(v);
    Expr channel = place.pop_back_val();
    Expr position = *positions ? (*positions)->at(place) : place.back();
    if (!formula.empty())
      return formula.apply({cast(position, channel.getType()), channel});
    Expr parity = channel - floorDiv(channel, 2) * 2.0;
    Expr angle = angles(position, floorDiv(channel, 2));
    angle = angle + cast(parity, angle.getType()) * M_PI_2;
    return cast(sin(angle), element);
  });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}

//===----------------------------------------------------------------------===//
// rotary_embedding
//===----------------------------------------------------------------------===//

namespace {
class RotaryKernel {
public:
  RotaryKernel(graph::RotaryEmbeddingOp op, LoweringContext &context)
      : op(op), context(context), element(op.getType().getElementType()),
        wide(getComputeType(element)), dims(getExtents(op.getResult())),
        rotated(op.getRotated()), kernel(context, op.getLoc(),
                                         "rotary_" + getTypeName(element) +
                                             "_" + Twine(dims.size()) + "d",
                                         "elementwise"),
        angles(kernel, op.getBase().convertToDouble(), rotated) {}

  LogicalResult lower();

private:
  /// The element of the input, in the type of calculation.
  Expr read(ArrayRef<Expr> rows, Expr feature) {
    SmallVector<Expr> place(rows);
    place.push_back(feature);
    return cast(input->at(place), wide);
  }
  /// Cosine and sine for a feature and its pair.
  std::pair<Expr, Expr> getTurn(ArrayRef<Expr> rows, Expr pair, Expr feature);
  /// x cos -+ other sin.
  Expr turn(ArrayRef<Expr> rows, Expr pair, Expr feature, Expr other,
            Expr isSecond);
  Func writeHalves();
  Func writeAny();

  graph::RotaryEmbeddingOp op;
  LoweringContext &context;
  Type element, wide;
  Extents dims;
  int64_t rotated;
  KernelBuilder kernel;
  Angles angles;
  std::optional<Operand> input, positions, cosines, sines;
};
} // namespace

std::pair<Expr, Expr> RotaryKernel::getTurn(ArrayRef<Expr> rows, Expr pair,
                                            Expr feature) {
  if (!cosines) {
    Expr position =
        positions ? positions->atBroadcast(rows) : rows[*op.getAxis()];
    Expr angle = angles(position, pair);
    return {cast(cos(angle), wide), cast(sin(angle), wide)};
  }
  SmallVector<Expr> place(rows);
  bool onePerPair = cosines->getExtents().back() == Extent(rotated / 2);
  place.push_back(onePerPair ? pair : feature);
  return {cast(cosines->atBroadcast(place), wide),
          cast(sines->atBroadcast(place), wide)};
}

Expr RotaryKernel::turn(ArrayRef<Expr> rows, Expr pair, Expr feature,
                        Expr other, Expr isSecond) {
  auto [c, s] = getTurn(rows, pair, feature);
  Expr x = read(rows, feature), y = read(rows, other);
  return x * c + select(isSecond, y, -y) * s;
}

/// Of features as two rows of pairs.
Func RotaryKernel::writeHalves() {
  int64_t half = rotated / 2;
  return kernel.func("out", dims.size() + 1, element, [&](Vars v) {
    SmallVector<Expr> rows = reversed(v.drop_front(2));
    Expr pair = v[0], part = v[1];
    return cast(turn(rows, pair, part * double(half) + pair,
                     (1.0 - part) * double(half) + pair, part != 0.0),
                element);
  });
}

/// Of any features; those that are not rotated pass.
Func RotaryKernel::writeAny() {
  int64_t half = rotated / 2;
  return kernel.func("out", dims.size(), element, [&](Vars v) {
    SmallVector<Expr> rows = reversed(v.drop_front());
    // Every load is done, so that none may be outside.
    Expr feature = min(v[0], double(rotated - 1));
    Expr pair, isSecond, other;
    if (op.getInterleaved()) {
      pair = floorDiv(feature, 2);
      isSecond = feature != pair * 2.0;
      other = select(isSecond, feature - 1.0, feature + 1.0);
    } else {
      isSecond = feature >= double(half);
      pair = clamp(select(isSecond, feature - double(half), feature),
                   feature.like(0), feature.like(half - 1));
      other = select(isSecond, feature - double(half), feature + double(half));
    }
    // Halide sees the bounds of both choices.
    other = clamp(other, other.like(0), other.like(rotated - 1));
    Expr y = turn(rows, pair, feature, other, isSecond);
    if (dims.back() != Extent(rotated))
      y = select(v[0] < double(rotated), y, read(rows, v[0]));
    return cast(y, element);
  });
}

LogicalResult RotaryKernel::lower() {
  for (auto [value, operand] :
       {std::pair(op.getInput(), &input), std::pair(op.getCos(), &cosines),
        std::pair(op.getSin(), &sines)}) {
    auto read = readOptional(kernel, value);
    if (failed(read))
      return failure();
    *operand = *read;
  }
  auto read = readOptional(kernel, op.getPositions());
  if (failed(read))
    return failure();
  positions = *read;
  if (op.getInterleaved() || dims.back() != Extent(rotated)) {
    context.setResult(op.getResult(), kernel.finish(writeAny(), dims));
    return success();
  }
  Extents halves(dims);
  halves.pop_back();
  halves.push_back(2);
  halves.push_back(rotated / 2);
  context.setResult(op.getResult(), kernel.finish(writeHalves(), halves));
  return success();
}

LogicalResult sylvite::lowerRotaryEmbedding(graph::RotaryEmbeddingOp op,
                                            LoweringContext &context) {
  return RotaryKernel(op, context).lower();
}
