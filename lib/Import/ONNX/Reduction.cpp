//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reductions, and what goes along one axis: softmax, the largest elements.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;
using graph::ReduceKind;

//===----------------------------------------------------------------------===//
// Reduce*
//===----------------------------------------------------------------------===//

namespace {
/// The axes of a reduction and whether they stay.
struct Reduction {
  SmallVector<int64_t> axes;
  bool keepDims;
};
} // namespace

/// None in it where there is nothing to reduce.
static FailureOr<Reduction> getReduction(Node &node) {
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  Reduction reduction;
  reduction.keepDims = node.getInt("keepdims", 1);
  bool keepsAll = node.getInt("noop_with_empty_axes", 0);
  auto axes = node.getAxes(1, rank);
  if (failed(axes))
    return failure();
  if (*axes)
    reduction.axes = **axes;
  if (reduction.axes.empty() && !keepsAll)
    for (int64_t i = 0; i != rank; ++i)
      reduction.axes.push_back(i);
  llvm::sort(reduction.axes);
  return reduction;
}

/// Two known numbers combined; none where that depends on dimensions.
static std::optional<KnownNumber>
combineKnown(ReduceKind kind, const KnownNumber &a, const KnownNumber &b) {
  bool isMax = kind == ReduceKind::Max;
  if (a.isFloat || b.isFloat) {
    std::optional<double> x = a.toDouble(), y = b.toDouble();
    // Sums are rounded as the compiled model does it.
    if (!x || !y || std::isnan(*x) || std::isnan(*y) ||
        (kind != ReduceKind::Max && kind != ReduceKind::Min))
      return std::nullopt;
    return (*x < *y) == isMax ? b : a;
  }
  std::optional<SymInt> result;
  if (kind == ReduceKind::Product) {
    result = SymInt::mul(a.integer, b.integer);
  } else if (kind == ReduceKind::Sum) {
    result = SymInt::add(a.integer, b.integer);
  } else if (kind == ReduceKind::Max || kind == ReduceKind::Min) {
    if (std::optional<int> order = SymInt::compare(a.integer, b.integer))
      result = (*order < 0) == isMax ? b.integer : a.integer;
  }
  return result ? std::optional<KnownNumber>(*result) : std::nullopt;
}

/// Reduces what is known: shapes, and the masks that exporters store.
static bool reduceKnown(Node &node, ReduceKind kind,
                        const Reduction &reduction) {
  const KnownTensor *known = node.getKnown(0);
  if (!known || known->numbers.empty() || reduction.axes.empty())
    return false;
  KnownTensor result;
  result.element = known->element;
  // The stride of each axis in the result, 0 of those that are reduced.
  int64_t rank = known->getRank();
  SmallVector<int64_t> strides(rank, 0);
  int64_t count = 1;
  for (int64_t i = rank; i-- > 0;) {
    if (llvm::is_contained(reduction.axes, i))
      continue;
    strides[i] = count;
    count *= known->shape[i];
  }
  for (int64_t i = 0; i != rank; ++i) {
    if (strides[i])
      result.shape.push_back(known->shape[i]);
    else if (reduction.keepDims)
      result.shape.push_back(1);
  }
  std::vector<std::optional<KnownNumber>> numbers(count);
  for (auto [position, number] : llvm::enumerate(known->numbers)) {
    int64_t rest = position, place = 0;
    for (int64_t i = rank; i-- > 0; rest /= known->shape[i])
      place += rest % known->shape[i] * strides[i];
    std::optional<KnownNumber> &own = numbers[place];
    own = own ? combineKnown(kind, *own, number) : number;
    if (!own)
      return false;
  }
  for (const std::optional<KnownNumber> &number : numbers)
    result.numbers.push_back(*number);
  (void)node.setKnown(0, std::move(result), node.getOnnxType(0));
  return true;
}

/// What a reduction of no elements gives; none where that is no number.
static std::optional<double> getNeutral(ReduceKind kind, Type element) {
  bool isMax = kind == ReduceKind::Max;
  switch (kind) {
  case ReduceKind::Sum:
    return 0;
  case ReduceKind::Product:
    return 1;
  case ReduceKind::Max:
  case ReduceKind::Min:
    if (isa<FloatType>(element))
      return isMax ? -INFINITY : INFINITY;
    if (element.isInteger(1))
      return !isMax;
    return std::nullopt;
  case ReduceKind::Mean:
    return std::nullopt;
  }
  llvm_unreachable("all kinds are listed");
}

static Value reduce(Node &node, ReduceKind kind, Value x,
                    const Reduction &reduction) {
  if (!x || reduction.axes.empty())
    return x;
  GraphWriter &ops = node.ops;
  Dims dims = graph::getDims(x), kept;
  bool isEmpty = false;
  for (auto [i, dim] : llvm::enumerate(dims)) {
    bool isReduced = llvm::is_contained(reduction.axes, int64_t(i));
    isEmpty |= isReduced && dim == Dim(0);
    if (!isReduced)
      kept.push_back(dim);
    else if (reduction.keepDims)
      kept.push_back(Dim(1));
  }
  if (isEmpty)
    if (std::optional<double> neutral = getNeutral(kind, getElement(x)))
      return ops.broadcast(ops.like(*neutral, x), kept);
  return ops.reduce(kind, x, reduction.axes, reduction.keepDims);
}

template <ReduceKind kind>
static LogicalResult importReduce(Node &node) {
  FailureOr<Reduction> reduction = getReduction(node);
  if (failed(reduction))
    return failure();
  if (reduceKnown(node, kind, *reduction))
    return success();
  Value x = node.get(0);
  if (!x)
    return node.set(Value());
  Type element = getElement(x);
  if (isa<IntegerType>(element) && kind == ReduceKind::Mean) {
    GraphWriter &ops = node.ops;
    Value mean =
        reduce(node, kind, ops.cast(x, Float64Type::get(node.getContext())),
               *reduction);
    return node.set(0, ops.cast(mean, element), node.getOnnxType(0));
  }
  return node.set(0, reduce(node, kind, x, *reduction), node.getOnnxType(0));
}

/// Functions before and behind a sum.
template <bool square, bool magnitude, bool exponent, bool root, bool logarithm>
static LogicalResult importSumOf(Node &node) {
  FailureOr<Reduction> reduction = getReduction(node);
  if (failed(reduction))
    return failure();
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  if (!x)
    return node.set(Value());
  Type element = getElement(x);
  bool isInteger = isa<IntegerType>(element);
  bool inDouble = isInteger && (root || logarithm || exponent);
  if (inDouble)
    x = ops.cast(x, Float64Type::get(node.getContext()));
  if (square)
    x = ops.mul(x, x);
  if (magnitude)
    x = ops.unary<graph::AbsOp>(x);
  Value largest;
  bool isEmpty = x && llvm::any_of(reduction->axes, [&](int64_t axis) {
                   return graph::getDims(x)[axis] == Dim(0);
                 });
  if (exponent && !reduction->axes.empty() && !isEmpty) {
    // ln sum e^x = m + ln sum e^(x - m), which does not overflow.
    largest = ops.reduce(ReduceKind::Max, x, reduction->axes, true);
    // Where all are -inf, nothing may be taken away.
    largest = ops.maximum(largest, -std::numeric_limits<float>::max());
    x = ops.sub(x, largest);
  }
  if (exponent)
    x = ops.unary<graph::ExpOp>(x);
  Reduction kept = *reduction;
  kept.keepDims |= bool(largest);
  x = reduce(node, ReduceKind::Sum, x, kept);
  if (root)
    x = ops.unary<graph::SqrtOp>(x);
  if (logarithm)
    x = ops.unary<graph::LogOp>(x);
  if (largest) {
    x = ops.add(x, largest);
    if (!reduction->keepDims && x) {
      Dims dims;
      for (auto [i, dim] : llvm::enumerate(graph::getDims(x)))
        if (!llvm::is_contained(reduction->axes, int64_t(i)))
          dims.push_back(dim);
      x = ops.reshape(x, dims);
    }
  }
  if (inDouble)
    x = ops.cast(x, element);
  return node.set(0, x, node.getOnnxType(0));
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// Along one axis; before opset 13 along all from the axis on.
template <typename OpTy>
static LogicalResult importSoftmax(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  bool isFlat = node.getVersion() < 13;
  if (dims.empty())
    return node.unsupported("a softmax of one number");
  FailureOr<int64_t> axis = node.getAxis(isFlat ? 1 : -1, dims.size());
  if (failed(axis))
    return failure();
  Value x = node.get(0);
  if (!isFlat || *axis + 1 == int64_t(dims.size()))
    return node.set(ops.create<OpTy>(x ? x.getType() : Type(), x, *axis));
  Dims flat(dims.begin(), dims.begin() + *axis);
  std::optional<SymInt> product = SymInt(1);
  for (const Dim &dim : ArrayRef(dims).drop_front(*axis))
    if (product)
      product = SymInt::mul(*product, SymInt(dim));
  std::optional<Dim> all =
      product ? product->toDim(node.getContext()) : std::nullopt;
  if (!all)
    return node.unsupported("that many dimensions");
  flat.push_back(*all);
  x = ops.reshape(x, flat);
  x = ops.create<OpTy>(x ? x.getType() : Type(), x, *axis);
  return node.set(ops.reshape(x, dims));
}

//===----------------------------------------------------------------------===//
// The largest elements
//===----------------------------------------------------------------------===//

/// A value that is largest where x is smallest.
static Value reverseOrder(GraphWriter &ops, Value x) {
  if (!x)
    return {};
  // -1 - x of integers, which cannot overflow.
  if (isa<IntegerType>(getElement(x)))
    return ops.sub(-1, x);
  return ops.unary<graph::NegOp>(x);
}

static Value argmax(GraphWriter &ops, Value x, int64_t axis) {
  graph::ArgmaxOp::Properties properties;
  properties.axis = ops.getBuilder().getI64IntegerAttr(axis);
  return ops.infer<graph::ArgmaxOp>(x, properties);
}

template <bool isMin>
static LogicalResult importArgmax(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  FailureOr<int64_t> axis = node.getAxis(0);
  if (failed(axis))
    return failure();
  bool keepDims = node.getInt("keepdims", 1);
  bool selectLast = node.getInt("select_last_index", 0);
  Value x = node.get(0);
  if (x && getElement(x).isInteger(1))
    x = ops.cast(x, IntegerType::get(node.getContext(), 32));
  if (isMin)
    x = reverseOrder(ops, x);
  if (selectLast)
    x = ops.flip(x, *axis);
  Value result = argmax(ops, x, *axis);
  if (selectLast) {
    std::optional<SymInt> last = SymInt::sub(SymInt(dims[*axis]), SymInt(1));
    result = ops.sub(ops.integer(*last), result);
  }
  if (keepDims)
    result = ops.insertDim(result, *axis);
  return node.set(0, result, onnx::TensorProto::INT64);
}

/// By ranks: element i comes behind those that are larger, and of equal ones
/// behind those in front of it. Then place r is taken by the element of rank r.
static LogicalResult importTopK(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = dims.size();
  FailureOr<int64_t> axis = node.getAxis(-1, rank);
  if (failed(axis))
    return failure();
  int64_t k = node.getInt("k", 0);
  if (node.has(1)) {
    FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "k");
    if (failed(given))
      return failure();
    if (given->size() != 1)
      return node.invalid("takes one k");
    k = given->front();
  }
  bool largest = node.getInt("largest", 1);
  node.ignore({"sorted"});
  if (k < 1 || !dims[*axis].isStatic() || k > dims[*axis].size)
    return node.unsupported("a k that is 0 or not inside a static axis");
  int64_t extent = dims[*axis].size;
  // The axis comes last.
  SmallVector<int64_t> perm, back(rank);
  for (int64_t i = 0; i != rank; ++i)
    if (i != *axis)
      perm.push_back(i);
  perm.push_back(*axis);
  for (auto [i, source] : llvm::enumerate(perm))
    back[source] = i;
  Value x = ops.transpose(node.get(0), perm);
  if (!x)
    return node.set(Value());
  Value key = x;
  if (getElement(key).isInteger(1))
    key = ops.cast(key, IntegerType::get(node.getContext(), 32));
  if (!largest)
    key = reverseOrder(ops, key);
  Value own = ops.insertDim(key, rank), other = ops.insertDim(key, rank - 1);
  Dims pairs = {Dim(extent), Dim(extent)};
  Value i = ops.iota(pairs, 0, ops.i64()), j = ops.iota(pairs, 1, ops.i64());
  Value isEqual = ops.compare(ComparePredicate::Eq, other, own);
  Value inFront = ops.compare(ComparePredicate::Lt, j, i);
  Value comesFirst =
      ops.binary<graph::OrOp>(ops.compare(ComparePredicate::Gt, other, own),
                              ops.binary<graph::AndOp>(isEqual, inFront));
  Value ranks = ops.reduce(ReduceKind::Sum, ops.cast(comesFirst, ops.i64()),
                           {rank}, false);
  // [..., n] -> [..., k, n], true where the element has that rank.
  Value places = ops.iota({Dim(k), Dim(1)}, 0, ops.i64());
  Value isPlace =
      ops.compare(ComparePredicate::Eq, ops.insertDim(ranks, rank - 1), places);
  Value index = argmax(
      ops, ops.cast(isPlace, IntegerType::get(node.getContext(), 32)), rank);
  if (!index)
    return node.set(Value());
  SmallVector<Value> indices;
  Dims picked = graph::getDims(index);
  for (int64_t d = 0; d != rank; ++d) {
    Dims one(rank, Dim(1));
    one[d] = picked[d];
    indices.push_back(d == rank - 1 ? index : ops.iota(one, d, ops.i64()));
  }
  Value values = ops.gather(x, indices, 0);
  if (failed(node.set(0, ops.transpose(values, back), node.getOnnxType(0))))
    return failure();
  return node.set(1, ops.transpose(index, back), onnx::TensorProto::INT64);
}

static LogicalResult importHardmax(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  if (node.getVersion() < 13)
    return node.unsupported("Hardmax of opsets before 13");
  FailureOr<int64_t> axis = node.getAxis(-1, dims.size());
  if (failed(axis))
    return failure();
  Value x = node.get(0);
  Value largest = ops.insertDim(argmax(ops, x, *axis), *axis);
  Dims one(dims.size(), Dim(1));
  one[*axis] = dims[*axis];
  Value isLargest = ops.compare(ComparePredicate::Eq, largest,
                                ops.iota(one, *axis, ops.i64()));
  return node.set(ops.cast(isLargest, x ? getElement(x) : Type()));
}

template <ReduceKind kind>
static LogicalResult importGlobalPool(Node &node) {
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  SmallVector<int64_t> axes;
  for (int64_t i = 2; i < rank; ++i)
    axes.push_back(i);
  return node.set(node.ops.reduce(kind, node.get(0), axes, true));
}

void sylvite::addReductions(Operators &operators) {
  operators.add("ReduceSum", importReduce<ReduceKind::Sum>);
  operators.add("ReduceMean", importReduce<ReduceKind::Mean>);
  operators.add("ReduceMax", importReduce<ReduceKind::Max>);
  operators.add("ReduceMin", importReduce<ReduceKind::Min>);
  operators.add("ReduceProd", importReduce<ReduceKind::Product>);
  operators.add("ReduceSumSquare",
                importSumOf<true, false, false, false, false>);
  operators.add("ReduceL1", importSumOf<false, true, false, false, false>);
  operators.add("ReduceL2", importSumOf<true, false, false, true, false>);
  operators.add("ReduceLogSum", importSumOf<false, false, false, false, true>);
  operators.add("ReduceLogSumExp",
                importSumOf<false, false, true, false, true>);
  operators.add("Softmax", importSoftmax<graph::SoftmaxOp>);
  operators.add("LogSoftmax", importSoftmax<graph::LogSoftmaxOp>);
  operators.add("GlobalAveragePool", importGlobalPool<ReduceKind::Mean>);
  operators.add("GlobalMaxPool", importGlobalPool<ReduceKind::Max>);
  operators.add("Hardmax", importHardmax);
  operators.add("ArgMax", importArgmax<false>);
  operators.add("ArgMin", importArgmax<true>);
  operators.add("TopK", importTopK);
}
