//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Slices, whose bounds may be dimensions.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

namespace {
/// What is taken of one axis.
struct AxisRange {
  int64_t axis;
  SymInt start, end;
  int64_t step;
};
} // namespace

/// A position counted from the end where it is negative, clamped to [low,
/// extent]. None where that depends on dimensions.
static std::optional<SymInt> placeWithin(SymInt position, const SymInt &extent,
                                         int64_t low, int64_t beyond) {
  std::optional<int> sign = SymInt::compare(position, SymInt(0));
  // Either way the same: nothing but a number is negative in practice.
  if (!sign)
    sign = position.getLowerBound().value_or(-1) >= 0 ? std::optional(1)
                                                      : std::nullopt;
  if (!sign)
    return std::nullopt;
  if (*sign < 0) {
    std::optional<SymInt> counted = SymInt::add(position, extent);
    if (!counted)
      return std::nullopt;
    position = *counted;
  }
  std::optional<SymInt> high = SymInt::add(extent, SymInt(beyond));
  if (!high)
    return std::nullopt;
  // Numbers like 2^63 - 1 mean "to the end", whatever the dimensions are.
  std::optional<int64_t> constant = position.getConstant();
  if (constant && *constant > std::numeric_limits<int32_t>::max() / 2)
    return high;
  if (std::optional<int> order = SymInt::compare(position, *high);
      order && *order > 0)
    return high;
  if (std::optional<int> order = SymInt::compare(position, SymInt(low));
      order && *order < 0)
    return SymInt(low);
  return position;
}

/// A slice of known vectors and of anything else that is known.
static std::optional<KnownTensor> sliceKnown(const KnownTensor &known,
                                             ArrayRef<AxisRange> ranges) {
  KnownTensor result = known;
  for (const AxisRange &range : ranges) {
    std::optional<int64_t> start = range.start.getConstant(),
                           end = range.end.getConstant();
    if (!start || !end)
      return std::nullopt;
    KnownTensor part;
    part.element = result.element;
    part.shape = result.shape;
    SmallVector<int64_t> places;
    for (int64_t i = *start; range.step > 0 ? i < *end : i > *end;
         i += range.step)
      places.push_back(i);
    part.shape[range.axis] = places.size();
    int64_t inner = 1, outer = 1;
    for (auto [i, extent] : llvm::enumerate(result.shape))
      (int64_t(i) < range.axis ? outer : inner) *=
          int64_t(i) == range.axis ? 1 : extent;
    int64_t extent = result.shape[range.axis];
    for (int64_t i = 0; i != outer; ++i)
      for (int64_t place : places)
        for (int64_t j = 0; j != inner; ++j)
          part.numbers.push_back(
              result.numbers[(i * extent + place) * inner + j]);
    result = std::move(part);
  }
  return result;
}

/// Is this 0, 1, 2, ...?
static bool isCounting(const KnownTensor &known) {
  if (known.isFloat())
    return false;
  for (auto [i, number] : llvm::enumerate(known.numbers))
    if (number.integer != SymInt(int64_t(i)))
      return false;
  return true;
}

/// Applies one range to a tensor.
static LogicalResult sliceAxis(Node &node, const AxisRange &range,
                               Value &value) {
  GraphWriter &ops = node.ops;
  if (!value)
    return failure();
  Dim dim = graph::getDims(value)[range.axis];
  SymInt extent(dim);
  if (range.step == 1 && range.start == SymInt(0) && range.end == extent)
    return success();
  std::optional<int64_t> start = range.start.getConstant(),
                         end = range.end.getConstant();
  if (start && end && dim.isStatic() && range.step == 1 && *start < *end) {
    value = ops.slice(value, range.axis, *start, *end);
    return success();
  }
  if (start && end && dim.isStatic()) {
    if (dim.size > kMaxPlaces)
      return node.unsupported("a slice with a step of that long an axis");
    SmallVector<int64_t> places;
    for (int64_t i = *start; range.step > 0 ? i < *end : i > *end;
         i += range.step) {
      places.push_back(i);
      if (places.size() > size_t(dim.size))
        break;
    }
    if (places.empty()) {
      value = ops.takeNone(value, range.axis);
      return success();
    }
    value = ops.take(value, range.axis, places);
    return success();
  }
  if (range.step == 1 && range.start == SymInt(0) && end == 1) {
    value = ops.slice(value, range.axis, 0, 1);
    return success();
  }
  // From the last element to the first one: as counted.
  std::optional<SymInt> last = SymInt::sub(extent, SymInt(1));
  if (range.step == -1 && last && range.start == *last &&
      range.end == SymInt(-1)) {
    Value places = ops.sub(ops.integer(*last), ops.iota({dim}, 0, ops.i64()));
    value = ops.gather(value, places, range.axis);
    return success();
  }
  // One element counted from the end.
  std::optional<SymInt> length = SymInt::sub(range.end, range.start);
  std::optional<Dim> count = length && range.step == 1
                                 ? length->toDim(node.getContext())
                                 : std::nullopt;
  if (!count)
    return node.unsupported("a slice whose length depends on a dimension as " +
                            (length ? length->str() : std::string("none")));
  // More than there is cannot be asked for.
  if (dim.isStatic() && !count->isStatic() && range.start == SymInt(0) &&
      length->getTerms().size() == 1 &&
      length->getTerms().begin()->first.size() == 1)
    ops.getNames().limit(length->getTerms().begin()->first.front(),
                         dim.size / length->getTerms().begin()->second);
  value = ops.part(value, range.axis, range.start, *count);
  return success();
}

static LogicalResult importSlice(Node &node) {
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  SmallVector<SymInt> starts, ends;
  SmallVector<int64_t> axes, steps;
  if (auto given = node.getInts("starts")) {
    starts.assign(given->begin(), given->end());
    std::optional<SmallVector<int64_t>> last = node.getInts("ends");
    if (!last)
      return node.invalid("has starts, but no ends");
    ends.assign(last->begin(), last->end());
    axes = node.getInts("axes").value_or(SmallVector<int64_t>());
  } else {
    auto first = node.getSymInts(1, "the bounds of a slice");
    auto last = node.getSymInts(2, "the bounds of a slice");
    if (failed(first) || failed(last))
      return failure();
    starts = *first;
    ends = *last;
    if (node.has(3)) {
      FailureOr<SmallVector<int64_t>> given = node.getIntegers(3, "axes");
      if (failed(given))
        return failure();
      axes = *given;
    }
    if (node.has(4)) {
      FailureOr<SmallVector<int64_t>> given =
          node.getIntegers(4, "the steps of a slice");
      if (failed(given))
        return failure();
      steps = *given;
    }
  }
  if (axes.empty())
    for (size_t i = 0; i != starts.size(); ++i)
      axes.push_back(i);
  if (steps.empty())
    steps.assign(starts.size(), 1);
  if (starts.size() != ends.size() || starts.size() != axes.size() ||
      starts.size() != steps.size())
    return node.invalid("has bounds, axes and steps of different numbers");
  FailureOr<SmallVector<int64_t>> checked = node.checkAxes(axes, dims.size());
  if (failed(checked))
    return failure();
  SmallVector<AxisRange> ranges;
  for (auto [start, end, axis, step] :
       llvm::zip(starts, ends, *checked, steps)) {
    if (step == 0)
      return node.invalid("has a step of 0");
    SymInt extent(dims[axis]);
    bool backward = step < 0;
    // Backward a slice starts at the last element at most, and goes on to the
    // place in front of the first one.
    std::optional<SymInt> first =
        placeWithin(start, extent, 0, backward ? -1 : 0);
    std::optional<SymInt> last;
    std::optional<int64_t> number = end.getConstant();
    if (backward && number &&
        *number < -int64_t(std::numeric_limits<int32_t>::max() / 2))
      last = SymInt(-1);
    else
      last = placeWithin(end, extent, backward ? -1 : 0, backward ? -1 : 0);
    if (!first || !last)
      return node.unsupported("a slice whose bounds may be of either sign, " +
                              start.str() + " to " + end.str());
    ranges.push_back({axis, *first, *last, step});
  }
  int32_t type = node.getOnnxType(0);
  if (const KnownTensor *known = node.getKnown(0)) {
    if (std::optional<KnownTensor> result = sliceKnown(*known, ranges))
      return node.setKnown(0, std::move(*result), type);
    // Positions that a model stores: those up to a dimension are counted.
    std::optional<Dim> end = ranges.size() == 1
                                 ? ranges[0].end.toDim(node.getContext())
                                 : std::nullopt;
    int64_t elements = known->numbers.size();
    if (end && !end->isStatic() && ranges[0].start == SymInt(0) &&
        ranges[0].step == 1 && known->shape[ranges[0].axis] == elements &&
        isCounting(*known)) {
      Dims result = dims;
      result[ranges[0].axis] = *end;
      if (!end->name.getValue().contains('*'))
        node.ops.getNames().limit(end->name.getValue(), elements);
      return node.set(0, node.ops.iota(result, ranges[0].axis, known->element),
                      type);
    }
  }
  Value value = node.get(0);
  for (const AxisRange &range : ranges)
    if (failed(sliceAxis(node, range, value)))
      return failure();
  return node.set(0, value, type);
}

void sylvite::addSlices(Operators &operators) {
  operators.add("Slice", importSlice);
}
