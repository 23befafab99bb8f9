//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Operators that move elements: transposes, slices, parts put together.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

static LogicalResult importTranspose(Node &node) {
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  SmallVector<int64_t> perm;
  if (auto given = node.getInts("perm"))
    perm = *given;
  else
    for (int64_t i = rank; i-- > 0;)
      perm.push_back(i);
  if (int64_t(perm.size()) != rank)
    return node.invalid("perm has " + Twine(perm.size()) +
                        " axes, the tensor has " + Twine(rank));
  FailureOr<SmallVector<int64_t>> axes = node.checkAxes(perm, rank);
  if (failed(axes))
    return failure();
  return node.set(0, node.ops.transpose(node.get(0), *axes),
                  node.getOnnxType(0));
}

//===----------------------------------------------------------------------===//
// Concat and Split
//===----------------------------------------------------------------------===//

/// All of vectors (or of any tensors along the first axis) that are known.
static std::optional<KnownTensor> concatKnown(Node &node, int64_t axis) {
  KnownTensor result;
  for (unsigned i = 0; i != node.getNumInputs(); ++i) {
    const KnownTensor *known = node.getKnown(i);
    if (!known || axis != 0 || known->shape.empty())
      return std::nullopt;
    if (i == 0) {
      result.element = known->element;
      result.shape = known->shape;
    } else {
      if (ArrayRef(known->shape).drop_front() !=
          ArrayRef(result.shape).drop_front())
        return std::nullopt;
      result.shape.front() += known->shape.front();
    }
    llvm::append_range(result.numbers, known->numbers);
  }
  if (result.numbers.size() > kMaxKnownElements)
    return std::nullopt;
  return result;
}

static LogicalResult importConcat(Node &node) {
  int64_t rank = node.getRank(0);
  for (unsigned i = 0; i != node.getNumInputs(); ++i)
    (void)node.getDims(i);
  if (node.isPoisoned())
    return failure();
  FailureOr<int64_t> axis = node.getAxis("axis", 1, rank);
  if (failed(axis))
    return failure();
  int32_t type = node.getOnnxType(0);
  if (std::optional<KnownTensor> known = concatKnown(node, *axis))
    return node.setKnown(0, std::move(*known), type);
  SmallVector<Value> inputs;
  for (unsigned i = 0; i != node.getNumInputs(); ++i) {
    Dims dims = node.getDims(i);
    if (int64_t(dims.size()) != rank)
      return node.invalid("its operands differ in rank");
    // What is empty adds nothing.
    if (dims[*axis] == Dim(0) && node.getNumInputs() > 1)
      continue;
    inputs.push_back(node.get(i));
    if (!dims[*axis].isStatic() && node.getNumInputs() > 1)
      return node.unsupported("a concatenation along the dynamic axis " +
                              dims[*axis].name.str());
  }
  if (inputs.empty())
    inputs.push_back(node.get(0));
  return node.set(0, node.ops.concat(inputs, *axis), type);
}

static LogicalResult importSplit(Node &node) {
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  FailureOr<int64_t> axis = node.getAxis("axis", 0, dims.size());
  if (failed(axis))
    return failure();
  if (!dims[*axis].isStatic())
    return node.unsupported("a split of the dynamic axis " +
                            dims[*axis].name.str());
  int64_t extent = dims[*axis].size, count = node.getNumOutputs();
  SmallVector<int64_t> parts;
  if (auto given = node.getInts("split"))
    parts = *given;
  node.ignore({"num_outputs"});
  if (node.has(1)) {
    FailureOr<SmallVector<int64_t>> given =
        node.getIntegers(1, "the lengths of parts");
    if (failed(given))
      return failure();
    parts = *given;
  }
  if (parts.empty()) {
    int64_t part = llvm::divideCeil(extent, count);
    for (int64_t i = 0, rest = extent; i != count; ++i, rest -= part)
      parts.push_back(std::min(part, rest));
  }
  int64_t sum = 0;
  for (int64_t part : parts)
    if (part < 0 || llvm::AddOverflow(sum, part, sum))
      return node.invalid("a part's length is negative");
  if (sum != extent || int64_t(parts.size()) != count)
    return node.invalid("the parts' lengths do not add up to the extent " +
                        Twine(extent));
  Value input = node.get(0);
  int64_t begin = 0;
  for (auto [i, part] : llvm::enumerate(parts)) {
    if (part == 0)
      return node.unsupported("an empty part");
    if (failed(node.set(i, node.ops.slice(input, *axis, begin, begin + part),
                        node.getOnnxType(0))))
      return failure();
    begin += part;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

/// Places that are listed one by one.
static constexpr int64_t kMaxPlaces = 1 << 20;

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
      Dims dims = graph::getDims(value);
      dims[range.axis] = Dim(0);
      value = ops.broadcast(ops.like(0, value), dims);
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
  Value places = ops.iota({*count}, 0, ops.i64());
  if (range.start != SymInt(0))
    places = ops.add(places, ops.integer(range.start));
  // More than there is cannot be asked for.
  if (dim.isStatic() && !count->isStatic() && range.start == SymInt(0) &&
      length->getTerms().size() == 1 &&
      length->getTerms().begin()->first.size() == 1)
    ops.getNames().limit(length->getTerms().begin()->first.front(),
                         dim.size / length->getTerms().begin()->second);
  value = ops.gather(value, places, range.axis);
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

//===----------------------------------------------------------------------===//
// Tile, Pad, Trilu
//===----------------------------------------------------------------------===//

static LogicalResult importTile(Node &node) {
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  FailureOr<SmallVector<SymInt>> repeats =
      node.getSymInts(1, "the number of repeats");
  if (failed(repeats))
    return failure();
  if (repeats->size() != dims.size())
    return node.invalid("needs a number of repeats for each axis");
  // [a, b] -> [1, a, 1, b] -> [n, a, m, b] -> [n a, m b].
  Dims split, repeated, result;
  for (auto [dim, repeat] : llvm::zip(dims, *repeats)) {
    std::optional<Dim> count = repeat.toDim(node.getContext());
    std::optional<SymInt> product = SymInt::mul(SymInt(dim), repeat);
    std::optional<Dim> all =
        product ? product->toDim(node.getContext()) : std::nullopt;
    if (!count || !all)
      return node.unsupported("repeats of " + repeat.str());
    if (!count->isOne()) {
      split.push_back(Dim(1));
      repeated.push_back(*count);
    }
    split.push_back(dim);
    repeated.push_back(dim);
    result.push_back(*all);
  }
  GraphWriter &ops = node.ops;
  Value value = ops.broadcast(ops.reshape(node.get(0), split), repeated);
  return node.set(0, ops.reshape(value, result), node.getOnnxType(0));
}

/// The places that padding by repeating the tensor's own elements reads.
static std::optional<SmallVector<int64_t>>
getPadPlaces(StringRef mode, int64_t extent, int64_t low, int64_t high) {
  SmallVector<int64_t> places;
  if (extent + low + high > kMaxPlaces)
    return std::nullopt;
  for (int64_t i = -low; i != extent + high; ++i) {
    int64_t place = i;
    if (mode == "edge") {
      place = std::clamp<int64_t>(i, 0, extent - 1);
    } else if (mode == "wrap") {
      place = ((i % extent) + extent) % extent;
    } else if (mode == "reflect") {
      int64_t period = std::max<int64_t>(2 * (extent - 1), 1);
      place = ((i % period) + period) % period;
      if (place >= extent)
        place = period - place;
    } else {
      return std::nullopt;
    }
    places.push_back(place);
  }
  return places;
}

static LogicalResult importPad(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = dims.size();
  std::string mode = node.getString("mode", "constant");
  SmallVector<int64_t> pads, axes;
  if (auto given = node.getInts(node.getVersion() < 2 ? "paddings" : "pads")) {
    pads = *given;
  } else {
    FailureOr<SmallVector<int64_t>> numbers = node.getIntegers(1, "padding");
    if (failed(numbers))
      return failure();
    pads = *numbers;
  }
  for (int64_t i = 0; i != rank; ++i)
    axes.push_back(i);
  if (node.has(3)) {
    FailureOr<SmallVector<int64_t>> given = node.getIntegers(3, "axes");
    if (failed(given))
      return failure();
    FailureOr<SmallVector<int64_t>> checked = node.checkAxes(*given, rank);
    if (failed(checked))
      return failure();
    axes = *checked;
  }
  if (pads.size() != 2 * axes.size())
    return node.invalid("needs two numbers of padding for each axis");
  Value value = node.get(0);
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    low[axis] = pads[i];
    high[axis] = pads[i + axes.size()];
  }
  for (int64_t axis = 0; axis != rank; ++axis) {
    if (!low[axis] && !high[axis])
      continue;
    if (!dims[axis].isStatic())
      return node.unsupported("padding of the dynamic axis " +
                              dims[axis].name.str());
    int64_t extent = dims[axis].size;
    if (low[axis] < -extent || high[axis] < -extent ||
        low[axis] > (int64_t(1) << 40) || high[axis] > (int64_t(1) << 40) ||
        extent + low[axis] + high[axis] <= 0)
      return node.invalid("pads axis " + Twine(axis) + " of " + Twine(extent) +
                          " elements by " + Twine(low[axis]) + " and " +
                          Twine(high[axis]));
    // Negative padding takes away.
    int64_t begin = std::max<int64_t>(-low[axis], 0);
    int64_t end = extent - std::max<int64_t>(-high[axis], 0);
    low[axis] = std::max<int64_t>(low[axis], 0);
    high[axis] = std::max<int64_t>(high[axis], 0);
    value = ops.slice(value, axis, begin, end);
    if (mode == "constant")
      continue;
    auto places = getPadPlaces(mode, end - begin, low[axis], high[axis]);
    if (!places)
      return node.unsupported("padding of mode " + mode);
    value = ops.take(value, axis, *places);
    low[axis] = high[axis] = 0;
  }
  if (mode != "constant")
    return node.set(0, value, node.getOnnxType(0));
  Value number =
      node.has(2) ? node.get(2) : ops.like(node.getFloat("value", 0), value);
  if (number)
    number = ops.reshape(number, {});
  if (!value || !number)
    return node.set(Value());
  if (llvm::all_of(low, [](int64_t n) { return n == 0; }) &&
      llvm::all_of(high, [](int64_t n) { return n == 0; }))
    return node.set(0, value, node.getOnnxType(0));
  graph::PadOp::Properties properties;
  properties.low = ops.getBuilder().getDenseI64ArrayAttr(low);
  properties.high = ops.getBuilder().getDenseI64ArrayAttr(high);
  return node.set(0, ops.infer<graph::PadOp>({value, number}, properties),
                  node.getOnnxType(0));
}

static LogicalResult importTrilu(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  if (dims.size() < 2)
    return node.invalid("takes matrices");
  std::optional<SmallVector<SymInt>> k = SmallVector<SymInt>{SymInt(0)};
  if (node.has(1)) {
    FailureOr<SmallVector<SymInt>> given =
        node.getSymInts(1, "the number of a diagonal");
    if (failed(given))
      return failure();
    k = *given;
  }
  if (k->size() != 1)
    return node.invalid("takes one number of a diagonal");
  Dims square(dims.end() - 2, dims.end());
  Value rows = ops.iota(square, 0, ops.i64()),
        columns = ops.iota(square, 1, ops.i64());
  if (k->front() != SymInt(0))
    rows = ops.add(rows, ops.integer(k->front()));
  Value kept =
      ops.compare(node.getInt("upper", 1) ? graph::ComparePredicate::Ge
                                          : graph::ComparePredicate::Le,
                  columns, rows);
  Value x = node.get(0);
  return node.set(0, ops.select(kept, x, ops.like(0, x)), node.getOnnxType(0));
}

//===----------------------------------------------------------------------===//
// Blocks of space
//===----------------------------------------------------------------------===//

static LogicalResult importDepthToSpace(Node &node) {
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t block = node.getInt("blocksize", 0);
  std::string mode = node.getString("mode", "DCR");
  bool isSplit = node.getType() == "SpaceToDepth";
  if (dims.size() != 4 || block < 1 ||
      !llvm::all_of(dims, [](const Dim &dim) { return dim.isStatic(); }))
    return node.unsupported("of a shape that is not four static dimensions");
  int64_t n = dims[0].size, c = dims[1].size, h = dims[2].size,
          w = dims[3].size;
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  if (isSplit) {
    if (h % block || w % block)
      return node.invalid("blocks do not fill the space");
    x = ops.reshape(x, {n, c, h / block, block, w / block, block});
    x = ops.transpose(x, {0, 3, 5, 1, 2, 4});
    return node.set(
        ops.reshape(x, {n, c * block * block, h / block, w / block}));
  }
  if (c % (block * block))
    return node.invalid("blocks do not fill the depth");
  int64_t depth = c / (block * block);
  if (mode == "DCR") {
    x = ops.reshape(x, {n, block, block, depth, h, w});
    x = ops.transpose(x, {0, 3, 4, 1, 5, 2});
  } else if (mode == "CRD") {
    x = ops.reshape(x, {n, depth, block, block, h, w});
    x = ops.transpose(x, {0, 1, 4, 2, 5, 3});
  } else {
    return node.invalid("mode must be DCR or CRD");
  }
  return node.set(ops.reshape(x, {n, depth, h * block, w * block}));
}

void sylvite::addMovements(Operators &operators) {
  operators.add("Transpose", importTranspose);
  operators.add("Concat", importConcat);
  operators.add("Split", importSplit);
  operators.add("Slice", importSlice);
  operators.add("Tile", importTile);
  operators.add("Pad", importPad);
  operators.add("Trilu", importTrilu);
  operators.add("DepthToSpace", importDepthToSpace);
  operators.add("SpaceToDepth", importDepthToSpace);
}
