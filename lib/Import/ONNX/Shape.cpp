//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Shapes, and tensors under other shapes.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// A known tensor under another shape, where it is one of numbers.
static std::optional<KnownTensor> reshapeKnown(const KnownTensor &known,
                                               ArrayRef<Dim> dims) {
  KnownTensor result = known;
  result.shape.clear();
  for (const Dim &dim : dims) {
    if (!dim.isStatic())
      return std::nullopt;
    result.shape.push_back(dim.size);
  }
  return result;
}

/// Sets the result to the operand under other dimensions.
static LogicalResult setReshaped(Node &node, ArrayRef<Dim> dims) {
  int32_t type = node.getOnnxType(0);
  if (const KnownTensor *known = node.getKnown(0))
    if (std::optional<KnownTensor> result = reshapeKnown(*known, dims))
      return node.setKnown(0, std::move(*result), type);
  return node.set(0, node.ops.reshape(node.get(0), dims), type);
}

static SmallVector<SymInt> toSymInts(ArrayRef<Dim> dims) {
  return llvm::map_to_vector(dims, [](const Dim &dim) { return SymInt(dim); });
}

static LogicalResult importShape(Node &node) {
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = dims.size();
  auto clamp = [&](int64_t position) {
    return std::clamp<int64_t>(position < 0 ? position + rank : position, 0,
                               rank);
  };
  int64_t start = clamp(node.getInt("start", 0));
  int64_t end = clamp(node.getInt("end", rank));
  SmallVector<SymInt> extents =
      toSymInts(ArrayRef(dims).slice(start, std::max<int64_t>(end - start, 0)));
  return node.setKnown(0,
                       KnownTensor::ofIntegers(
                           node.ops.i64(), {int64_t(extents.size())}, extents),
                       onnx::TensorProto::INT64);
}

/// The product of extents.
static std::optional<SymInt> multiply(ArrayRef<SymInt> extents) {
  std::optional<SymInt> product = SymInt(1);
  for (const SymInt &extent : extents)
    if (product)
      product = SymInt::mul(*product, extent);
  return product;
}

static LogicalResult importSize(Node &node) {
  SmallVector<SymInt> extents = toSymInts(node.getDims(0));
  if (node.isPoisoned())
    return failure();
  std::optional<SymInt> product = multiply(extents);
  if (!product)
    return node.unsupported("that many dimensions");
  return node.setKnown(0,
                       KnownTensor::ofIntegers(node.ops.i64(), {}, {*product}),
                       onnx::TensorProto::INT64);
}

/// What is left of `all` once equal factors are cancelled, divided.
static std::optional<SymInt> divideExtents(SmallVector<SymInt> all,
                                           SmallVector<SymInt> by) {
  for (auto it = by.begin(); it != by.end();) {
    auto found = llvm::find(all, *it);
    if (found == all.end()) {
      ++it;
      continue;
    }
    all.erase(found);
    it = by.erase(it);
  }
  std::optional<SymInt> left = multiply(all), right = multiply(by);
  if (!left || !right)
    return std::nullopt;
  std::optional<SymInt> quotient = SymInt::div(*left, *right);
  if (!quotient)
    return std::nullopt;
  // Division of numbers rounds.
  std::optional<SymInt> again = SymInt::mul(*quotient, *right);
  return again && *again == *left ? quotient : std::nullopt;
}

/// Exporters give one extent several names, and a reshape from one to the other
/// tells that they are one: the only name that is left on either side once
/// equal ones are cancelled, or, where an extent is open, the one that stands
/// at the same place. True where names were merged.
static bool mergeNames(Node &node, ArrayRef<SymInt> from, ArrayRef<SymInt> to,
                       ArrayRef<Dim> input, ArrayRef<SymInt> shape) {
  auto getNames = [](ArrayRef<SymInt> extents) {
    std::vector<std::string> names;
    if (std::optional<SymInt> product = multiply(extents))
      if (product->getTerms().size() == 1)
        names = product->getTerms().begin()->first;
    return names;
  };
  std::vector<std::string> left = getNames(from), right = getNames(to), onLeft,
                           onRight;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                      std::back_inserter(onLeft));
  std::set_difference(right.begin(), right.end(), left.begin(), left.end(),
                      std::back_inserter(onRight));
  if (onRight.size() != 1 || onLeft.empty())
    return false;
  auto toDim = [&](StringRef name) {
    return Dim(StringAttr::get(node.getContext(), name));
  };
  Dim wanted = toDim(onRight.front());
  if (onLeft.size() == 1)
    return !node.ops.unify(toDim(onLeft.front()), wanted);
  for (auto [own, extent] : llvm::zip(input, shape))
    if (extent == SymInt(wanted) && !own.isStatic() &&
        llvm::is_contained(onLeft, own.name.getValue()))
      return !node.ops.unify(own, wanted);
  return false;
}

static LogicalResult importReshape(Node &node) {
  Dims input = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  bool allowZero = node.getInt("allowzero", 0);
  SmallVector<SymInt> shape;
  if (auto attribute = node.getInts("shape")) {
    shape.assign(attribute->begin(), attribute->end());
  } else {
    FailureOr<SmallVector<SymInt>> given = node.getSymInts(1, "a shape");
    if (failed(given))
      return failure();
    shape = *given;
  }
  std::optional<size_t> open;
  SmallVector<SymInt> known;
  for (auto [i, extent] : llvm::enumerate(shape)) {
    if (extent == SymInt(0) && !allowZero) {
      if (i >= input.size())
        return node.invalid("keeps extent " + Twine(i) +
                            " of a tensor of rank " + Twine(input.size()));
      extent = SymInt(input[i]);
    }
    if (extent == SymInt(-1)) {
      if (open)
        return node.invalid("leaves two extents open");
      open = i;
      continue;
    }
    known.push_back(extent);
  }
  if (open) {
    std::optional<SymInt> rest = divideExtents(toSymInts(input), known);
    if (!rest && mergeNames(node, toSymInts(input), known, input, shape))
      return node.set(Value());
    if (!rest)
      return node.unsupported("a reshape to a shape that need not have as many "
                              "elements");
    shape[*open] = *rest;
  }
  Dims dims;
  for (const SymInt &extent : shape) {
    std::optional<Dim> dim = extent.toDim(node.getContext());
    if (!dim)
      return node.unsupported("an extent of " + extent.str());
    dims.push_back(*dim);
  }
  if (!graph::haveSameElementCount(input, dims)) {
    if (mergeNames(node, toSymInts(input), shape, input, shape))
      return node.set(Value());
    return node.invalid("does not keep the number of elements");
  }
  return setReshaped(node, dims);
}

static LogicalResult importFlatten(Node &node) {
  Dims input = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = input.size(), axis = node.getInt("axis", 1);
  if (axis < -rank || axis > rank)
    return node.invalid("axis " + Twine(axis) +
                        " is outside a tensor of rank " + Twine(rank));
  if (axis < 0)
    axis += rank;
  Dims dims;
  for (ArrayRef<Dim> part :
       {ArrayRef(input).take_front(axis), ArrayRef(input).drop_front(axis)}) {
    std::optional<SymInt> product = multiply(toSymInts(part));
    std::optional<Dim> dim =
        product ? product->toDim(node.getContext()) : std::nullopt;
    if (!dim)
      return node.unsupported("that many dimensions");
    dims.push_back(*dim);
  }
  return setReshaped(node, dims);
}

static LogicalResult importSqueeze(Node &node) {
  Dims input = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  auto axes = node.getAxes(1, input.size());
  if (failed(axes))
    return failure();
  Dims dims;
  for (auto [i, dim] : llvm::enumerate(input)) {
    bool drops = *axes ? llvm::is_contained(**axes, int64_t(i)) : dim.isOne();
    if (!drops) {
      dims.push_back(dim);
      continue;
    }
    if (!dim.isOne() && !node.ops.unify(dim, Dim(1)))
      return node.set(Value());
  }
  return setReshaped(node, dims);
}

static LogicalResult importUnsqueeze(Node &node) {
  Dims input = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t count = 0;
  if (auto axes = node.getInts("axes")) {
    count = axes->size();
  } else {
    FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "axes");
    if (failed(given))
      return failure();
    count = given->size();
  }
  auto axes = node.getAxes(1, input.size() + count);
  if (failed(axes))
    return failure();
  Dims dims;
  auto next = input.begin();
  for (int64_t i = 0, rank = input.size() + count; i != rank; ++i)
    dims.push_back(llvm::is_contained(**axes, i) ? Dim(1) : *next++);
  return setReshaped(node, dims);
}

static LogicalResult importExpand(Node &node) {
  Dims input = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  FailureOr<SmallVector<SymInt>> shape = node.getSymInts(1, "a shape");
  if (failed(shape))
    return failure();
  Dims dims;
  for (const SymInt &extent : *shape) {
    // Exporters write -1 for what stays as it is, as their framework does.
    std::optional<Dim> dim =
        extent == SymInt(-1) ? Dim(1) : extent.toDim(node.getContext());
    if (!dim)
      return node.unsupported("an extent of " + extent.str());
    dims.push_back(*dim);
  }
  if (!node.ops.unifyDims(input, dims))
    return node.set(Value());
  Dims result = *graph::broadcastDims(input, dims);
  if (const KnownTensor *known = node.getKnown(0);
      known && known->numbers.size() == 1) {
    int64_t elements = 1;
    for (const Dim &dim : result)
      elements =
          dim.isStatic() && elements >= 0 && elements <= kMaxKnownElements
              ? elements * dim.size
              : -1;
    if (elements >= 0 && elements <= kMaxKnownElements &&
        !known->numbers.empty()) {
      KnownTensor splat = *known;
      splat.shape.clear();
      for (const Dim &dim : result)
        splat.shape.push_back(dim.size);
      splat.numbers.assign(elements, known->numbers.front());
      return node.setKnown(0, std::move(splat), node.getOnnxType(0));
    }
  }
  return node.set(0, node.ops.broadcast(node.get(0), result),
                  node.getOnnxType(0));
}

void sylvite::addShapes(Operators &operators) {
  operators.add("Shape", importShape);
  operators.add("Size", importSize);
  operators.add("Reshape", importReshape);
  operators.add("Flatten", importFlatten);
  operators.add("Squeeze", importSqueeze);
  operators.add("Unsqueeze", importUnsqueeze);
  operators.add("Expand", importExpand);
}
