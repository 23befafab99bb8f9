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
  FailureOr<int64_t> axis = node.getAxis(1, rank);
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
  }
  if (inputs.empty())
    inputs.push_back(node.get(0));
  return node.set(0, node.ops.concat(inputs, *axis), type);
}

/// The lengths of the parts of an axis; a failure is reported.
static FailureOr<SmallVector<SymInt>> getParts(Node &node, const Dim &dim) {
  SymInt extent(dim);
  int64_t count = node.getNumOutputs();
  SmallVector<SymInt> parts;
  if (auto given = node.getInts("split"))
    parts.assign(given->begin(), given->end());
  if (!count || node.getInt("num_outputs", count) != count)
    return node.invalid("has " + Twine(count) +
                        " results, which are not num_outputs");
  if (node.has(1)) {
    auto given = node.getSymInts(1, "the lengths of parts");
    if (failed(given))
      return failure();
    parts = *given;
  }
  if (parts.empty() && dim.isStatic()) {
    int64_t part = llvm::divideCeil(dim.size, count);
    for (int64_t i = 0, rest = dim.size; i != count; ++i, rest -= part)
      parts.push_back(std::min(part, rest));
  } else if (parts.empty()) {
    std::optional<SymInt> part = SymInt::div(extent, SymInt(count));
    if (!part)
      return node.unsupported("a split of " + extent.str() + " elements into " +
                              Twine(count) + " parts");
    parts.assign(count, *part);
  }
  std::optional<SymInt> sum = SymInt(0);
  for (const SymInt &part : parts) {
    if (std::optional<int> sign = SymInt::compare(part, SymInt(0));
        sign && *sign < 0)
      return node.invalid("a part's length is negative");
    sum = sum ? SymInt::add(*sum, part) : std::nullopt;
  }
  if (!sum || *sum != extent || int64_t(parts.size()) != count)
    return node.invalid("the parts' lengths do not add up to the extent " +
                        Twine(extent.str()));
  return parts;
}

static LogicalResult importSplit(Node &node) {
  Dims dims = node.getDims(0);
  FailureOr<int64_t> axis = node.getAxis(0);
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<SymInt>> parts = getParts(node, dims[*axis]);
  if (failed(parts))
    return failure();
  Value input = node.get(0);
  SymInt begin(0);
  for (auto [i, part] : llvm::enumerate(*parts)) {
    Value piece;
    if (part == SymInt(0)) {
      piece = node.ops.takeNone(input, *axis);
    } else if (std::optional<Dim> dim = part.toDim(node.getContext())) {
      piece = node.ops.part(input, *axis, begin, *dim);
    } else {
      return node.unsupported("a part of " + part.str() + " elements");
    }
    if (failed(node.set(i, piece, node.getOnnxType(0))))
      return failure();
    begin = *SymInt::add(begin, part);
  }
  return success();
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
  if (block < 1 || block > (1 << 15))
    return node.invalid("has blocks of " + Twine(block) + " elements");
  if (dims.size() != 4 ||
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
    // The blocks' places come in front of the channels, or behind them.
    if (mode == "DCR")
      x = ops.transpose(x, {0, 3, 5, 1, 2, 4});
    else if (mode == "CRD")
      x = ops.transpose(x, {0, 1, 3, 5, 2, 4});
    else
      return node.invalid("mode must be DCR or CRD");
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
  operators.add("Tile", importTile);
  operators.add("Pad", importPad);
  operators.add("Trilu", importTrilu);
  operators.add("DepthToSpace", importDepthToSpace);
  operators.add("SpaceToDepth", importDepthToSpace);
}
