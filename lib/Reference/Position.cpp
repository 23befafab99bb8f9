//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Positional encodings and rotations.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"
#include "ScoreRegion.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

/// The angle of pair k of `features` at a position.
static double getAngle(double position, double base, int64_t k,
                       int64_t features) {
  return position / std::pow(base, 2.0 * k / features);
}

LogicalResult sylvite::evaluate(graph::PositionalEncodingOp op,
                                const Frame &frame, Tensor &result) {
  const Tensor *positions = lookup(frame, op.getPositions());
  ScoreRegion region(op.getFormula(), frame);
  int64_t channels = result.shape.back();
  double base = op.getBase().convertToDouble();
  LogicalResult status = success();
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t place) {
    if (failed(status))
      return;
    double position =
        positions ? positions->data[place / channels] : index.end()[-2];
    int64_t i = index.back();
    if (op.getFormula().empty()) {
      double angle = getAngle(position, base, i / 2, channels);
      result.data[place] = i % 2 ? std::cos(angle) : std::sin(angle);
      return;
    }
    FailureOr<double> value = region.evaluate({{0, int64_t(position)}, {0, i}});
    if (failed(value))
      status = failure();
    else
      result.data[place] = *value;
  });
  return status;
}

LogicalResult sylvite::evaluate(graph::RotaryEmbeddingOp op, const Frame &frame,
                                Tensor &result) {
  const Tensor &input = frame[op.getInput()];
  int64_t rank = input.getRank(), rotated = op.getRotated();
  double base = op.getBase().convertToDouble();
  std::optional<BroadcastReader> positions, cos, sin;
  if (const Tensor *tensor = lookup(frame, op.getPositions()))
    positions.emplace(*tensor, rank - 1);
  bool onePerPair = true;
  if (const Tensor *tensor = lookup(frame, op.getCos())) {
    cos.emplace(*tensor, rank);
    sin.emplace(frame[op.getSin()], rank);
    onePerPair = tensor->shape.back() == rotated / 2;
  }
  forEachIndex(input.shape, [&](ArrayRef<int64_t> index, int64_t place) {
    int64_t feature = index.back();
    if (feature >= rotated) {
      result.data[place] = input.data[place];
      return;
    }
    // The pair, and whether this is its second feature.
    bool interleaved = op.getInterleaved();
    int64_t half = rotated / 2;
    int64_t pair = interleaved ? feature / 2 : feature % half;
    bool second = interleaved ? feature % 2 : feature >= half;
    int64_t distance = interleaved ? 1 : half;
    double c, s;
    if (cos) {
      SmallVector<int64_t> entry(index);
      entry.back() = onePerPair ? pair : feature;
      c = (*cos)(entry);
      s = (*sin)(entry);
    } else {
      double position =
          positions ? (*positions)(index.drop_back()) : index[*op.getAxis()];
      double angle = getAngle(position, base, pair, rotated);
      c = std::cos(angle);
      s = std::sin(angle);
    }
    double x = input.data[place];
    double other = input.data[second ? place - distance : place + distance];
    result.data[place] = x * c + (second ? other : -other) * s;
  });
  return success();
}
