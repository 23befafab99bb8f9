//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Ops of the graph.
///
//===----------------------------------------------------------------------===//

#include "GraphWriter.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::Dim;

Value GraphWriter::error(const Twine &message) {
  mlir::emitError(loc) << message;
  return fail();
}

//===----------------------------------------------------------------------===//
// Dimensions that must agree
//===----------------------------------------------------------------------===//

template <typename T>
static std::string print(const T &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

bool GraphWriter::unify(const Dim &a, const Dim &b) {
  if (a == b)
    return true;
  if (!names.merge(a, b))
    error("two extents must be equal, but one is " + print(a) +
          " and the other " + print(b));
  // The import begins again where they were merged.
  return false;
}

bool GraphWriter::unifyDims(ArrayRef<Dim> a, ArrayRef<Dim> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  a = a.take_back(b.size());
  for (auto [left, right] : llvm::zip(a, b))
    if (!left.isOne() && !right.isOne() && !unify(left, right))
      return false;
  return true;
}

bool GraphWriter::unify(ArrayRef<Value> values) {
  Dims dims;
  for (Value value : values) {
    if (!value)
      return false;
    Dims next = graph::getDims(value);
    if (!unifyDims(dims, next))
      return false;
    dims = *graph::broadcastDims(dims, next);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Pointwise
//===----------------------------------------------------------------------===//

Value GraphWriter::compare(graph::ComparePredicate predicate, Value a,
                           Value b) {
  if (!unify({a, b}))
    return {};
  graph::CompareOp::Properties properties;
  properties.predicate =
      graph::ComparePredicateAttr::get(getContext(), predicate);
  return infer<graph::CompareOp>({a, b}, properties);
}

Value GraphWriter::select(Value condition, Value onTrue, Value onFalse) {
  if (!unify({condition, onTrue, onFalse}))
    return {};
  return infer<graph::SelectOp>({condition, onTrue, onFalse});
}

Value GraphWriter::cast(Value input, Type element) {
  if (!input || !element)
    return {};
  if (getElement(input) == element)
    return input;
  return create<graph::CastOp>(
      graph::getTensorType(graph::getDims(input), element), input);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value GraphWriter::constant(DenseElementsAttr value) {
  return graph::ConstantOp::create(builder, loc, value);
}

Value GraphWriter::constant(ArrayRef<int64_t> integers) {
  return constant(DenseElementsAttr::get(
      RankedTensorType::get({int64_t(integers.size())}, i64()), integers));
}

Value GraphWriter::scalar(double number, Type element) {
  auto type = RankedTensorType::get({}, element);
  Attribute value;
  if (auto floats = dyn_cast<FloatType>(element)) {
    APFloat rounded(number);
    bool losesInfo;
    rounded.convert(floats.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    value = FloatAttr::get(element, rounded);
  } else if (!(std::fabs(number) < 0x1p63)) {
    return error("takes floats, and not " + Twine(print(element)));
  } else {
    value = IntegerAttr::get(element,
                             APInt(element.getIntOrFloatBitWidth(),
                                   uint64_t(int64_t(number)),
                                   /*isSigned=*/false, /*implicitTrunc=*/true));
  }
  return constant(DenseElementsAttr::get(type, value));
}

Value GraphWriter::like(double number, Value value) {
  return value ? scalar(number, getElement(value)) : Value();
}

Value GraphWriter::iota(ArrayRef<Dim> dims, int64_t axis, Type element) {
  return graph::IotaOp::create(builder, loc,
                               graph::getTensorType(dims, element), axis);
}

Value GraphWriter::integer(const SymInt &number) {
  Value sum;
  for (const auto &[monomial, factor] : number.getTerms()) {
    Value term;
    if (monomial.empty()) {
      term = constant(
          DenseElementsAttr::get(RankedTensorType::get({}, i64()), factor));
    } else {
      term = graph::ExtentOp::create(
          builder, loc, RankedTensorType::get({}, i64()),
          builder.getStringAttr(llvm::join(monomial, "*")));
      if (factor != 1)
        term = mul(term, constant(DenseElementsAttr::get(
                             RankedTensorType::get({}, i64()), factor)));
    }
    sum = sum ? add(sum, term) : term;
  }
  return sum ? sum : scalar(0, i64());
}

//===----------------------------------------------------------------------===//
// Movements
//===----------------------------------------------------------------------===//

Value GraphWriter::reshape(Value input, ArrayRef<Dim> dims) {
  if (!input)
    return {};
  Type type = graph::getTensorType(dims, getElement(input));
  if (input.getType() == type)
    return input;
  return create<graph::ReshapeOp>(type, input);
}

Value GraphWriter::broadcast(Value input, ArrayRef<Dim> dims) {
  if (!input)
    return {};
  Type type = graph::getTensorType(dims, getElement(input));
  if (input.getType() == type)
    return input;
  return create<graph::BroadcastToOp>(type, input);
}

Value GraphWriter::transpose(Value input, ArrayRef<int64_t> perm) {
  if (!input || llvm::is_sorted(perm))
    return input;
  graph::TransposeOp::Properties properties;
  properties.perm = builder.getDenseI64ArrayAttr(perm);
  return infer<graph::TransposeOp>(input, properties);
}

bool GraphWriter::fits(Type type) {
  int64_t bytes = 8;
  for (const Dim &dim : graph::getDims(mlir::cast<RankedTensorType>(type)))
    if (dim.isStatic() && dim.size > 1 &&
        llvm::MulOverflow(bytes, dim.size, bytes)) {
      error("has a result whose size overflows 64 bits");
      return false;
    }
  return true;
}

bool GraphWriter::hasAxis(Value input, int64_t axis) {
  int64_t rank = graph::getDims(input).size();
  if (axis >= 0 && axis < rank)
    return true;
  error("needs a tensor of more than " + Twine(axis) +
        " dimensions, and has one of rank " + Twine(rank));
  return false;
}

Value GraphWriter::slice(Value input, int64_t axis, int64_t begin,
                         int64_t end) {
  if (!input || !hasAxis(input, axis))
    return {};
  if (begin == 0 && graph::getDims(input)[axis] == Dim(end))
    return input;
  graph::SliceOp::Properties properties;
  properties.axis = builder.getI64IntegerAttr(axis);
  properties.begin = builder.getI64IntegerAttr(begin);
  properties.end = builder.getI64IntegerAttr(end);
  return infer<graph::SliceOp>(input, properties);
}

Value GraphWriter::part(Value input, int64_t axis, const SymInt &begin,
                        const Dim &length) {
  if (!input || !hasAxis(input, axis))
    return {};
  Dim dim = graph::getDims(input)[axis];
  if (dim == length && begin == SymInt(0))
    return input;
  std::optional<int64_t> first = begin.getConstant();
  if (first && length.isStatic() && dim.isStatic())
    return slice(input, axis, *first, *first + length.size);
  Value places = iota({length}, 0, i64());
  if (begin != SymInt(0))
    places = add(places, integer(begin));
  return gather(input, places, axis);
}

Value GraphWriter::concat(ArrayRef<Value> inputs, int64_t axis) {
  for (Value input : inputs)
    if (!input)
      return {};
  for (Value input : inputs.drop_front())
    for (auto [i, dims] : llvm::enumerate(
             llvm::zip(graph::getDims(inputs.front()), graph::getDims(input))))
      if (int64_t(i) != axis && !unify(std::get<0>(dims), std::get<1>(dims)))
        return {};
  if (inputs.size() == 1)
    return inputs.front();
  graph::ConcatOp::Properties properties;
  properties.axis = builder.getI64IntegerAttr(axis);
  return infer<graph::ConcatOp>(inputs, properties);
}

Value GraphWriter::gather(Value input, ArrayRef<Value> indices, int64_t axis) {
  if (!input || !unify(indices))
    return {};
  // Where places are counted along one dimension and looked up along another,
  // these have one extent in every model that means something.
  Dims dims = graph::getDims(input);
  for (auto [i, index] : llvm::enumerate(indices)) {
    std::optional<unsigned> counted = graph::findCountedAxis(index);
    if (!counted || axis + i >= dims.size())
      continue;
    Dim place = graph::getDims(index)[*counted];
    if (place.isStatic() || dims[axis + i].isStatic())
      continue;
    // A part of an axis that is longer for sure is one.
    std::optional<int> order =
        SymInt::compare(SymInt(dims[axis + i]), SymInt(place));
    if (!(order && *order > 0) && !unify(dims[axis + i], place))
      return {};
  }
  graph::GatherOp::Properties properties;
  properties.axis = builder.getI64IntegerAttr(axis);
  SmallVector<Value> operands = {input};
  operands.append(indices.begin(), indices.end());
  return infer<graph::GatherOp>(operands, properties);
}

Value GraphWriter::take(Value input, int64_t axis, ArrayRef<int64_t> places) {
  if (!input)
    return {};
  bool isRange = !places.empty();
  for (auto [i, place] : llvm::enumerate(places))
    isRange &= place == places.front() + int64_t(i);
  if (isRange)
    return slice(input, axis, places.front(), places.back() + 1);
  return gather(input, constant(places), axis);
}

Value GraphWriter::takeNone(Value input, int64_t axis) {
  if (!input || !hasAxis(input, axis))
    return {};
  Dims dims = graph::getDims(input);
  dims[axis] = Dim(0);
  return broadcast(like(0, input), dims);
}

Value GraphWriter::insertDim(Value input, int64_t axis) {
  if (!input)
    return {};
  Dims dims = graph::getDims(input);
  if (axis != int64_t(dims.size()) && !hasAxis(input, axis))
    return {};
  dims.insert(dims.begin() + axis, Dim(1));
  return reshape(input, dims);
}

Value GraphWriter::dropDim(Value input, int64_t axis) {
  if (!input || !hasAxis(input, axis))
    return {};
  Dims dims = graph::getDims(input);
  dims.erase(dims.begin() + axis);
  return reshape(input, dims);
}

//===----------------------------------------------------------------------===//
// Products and reductions
//===----------------------------------------------------------------------===//

Value GraphWriter::matmul(Value lhs, Value rhs, bool transposeLhs,
                          bool transposeRhs) {
  if (!lhs || !rhs)
    return {};
  Dims a = graph::getDims(lhs), b = graph::getDims(rhs);
  if (a.size() < 2 || b.size() < 2)
    return error("a matrix product needs operands of rank 2 or more");
  if (!unify(a[a.size() - (transposeLhs ? 2 : 1)],
             b[b.size() - (transposeRhs ? 1 : 2)]) ||
      !unifyDims(ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2)))
    return {};
  graph::MatmulOp::Properties properties;
  if (transposeLhs)
    properties.transpose_lhs = builder.getUnitAttr();
  if (transposeRhs)
    properties.transpose_rhs = builder.getUnitAttr();
  return infer<graph::MatmulOp>({lhs, rhs}, properties);
}

Value GraphWriter::reduce(graph::ReduceKind kind, Value input,
                          ArrayRef<int64_t> axes, bool keepDims) {
  graph::ReduceOp::Properties properties;
  properties.kind = graph::ReduceKindAttr::get(getContext(), kind);
  properties.axes = builder.getDenseI64ArrayAttr(axes);
  if (keepDims)
    properties.keepdims = builder.getUnitAttr();
  return infer<graph::ReduceOp>(input, properties);
}

Value GraphWriter::softmax(Value input, int64_t axis) {
  return create<graph::SoftmaxOp>(input ? input.getType() : Type(), input,
                                  axis);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> GraphWriter::scan(ArrayRef<Value> inits,
                                     ArrayRef<Value> sequences, int64_t axis,
                                     const ScanBody &body,
                                     std::optional<Dim> steps) {
  auto isThere = [](Value value) { return bool(value); };
  if (!llvm::all_of(inits, isThere) || !llvm::all_of(sequences, isThere))
    return {};
  Region region;
  Block &block = region.emplaceBlock();
  ScanStep step;
  step.number = block.addArgument(RankedTensorType::get({}, i64()), loc);
  for (Value init : inits)
    step.carried.push_back(block.addArgument(init.getType(), loc));
  for (Value sequence : sequences) {
    if (!hasAxis(sequence, axis))
      return {};
    Dims dims = graph::getDims(sequence);
    if (!steps)
      steps = dims[axis];
    if (!unify(*steps, dims[axis]))
      return {};
    dims.erase(dims.begin() + axis);
    step.elements.push_back(block.addArgument(
        graph::getTensorType(dims, getElement(sequence)), loc));
  }
  SmallVector<Type> types;
  bool hasOutputs;
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&block);
    auto [carry, emit] = body(step);
    if (carry.size() != inits.size())
      return {};
    for (Value value : carry) {
      if (!value)
        return {};
      types.push_back(value.getType());
    }
    hasOutputs = !emit.empty();
    for (Value value : emit) {
      if (!value)
        return {};
      Dims dims = graph::getDims(value);
      dims.insert(dims.begin() + axis, *steps);
      types.push_back(graph::getTensorType(dims, getElement(value)));
    }
    graph::NextOp::create(builder, loc, carry, emit, Value());
  }
  IntegerAttr count;
  if (!hasOutputs && sequences.empty() && steps && steps->isStatic())
    count = builder.getI64IntegerAttr(steps->size);
  auto op = graph::ScanOp::create(builder, loc, types, inits, sequences, axis,
                                  /*reverse=*/false, count);
  op.getBody().takeBody(region);
  if (failed(mlir::verify(op, /*verifyRecursively=*/false))) {
    fail();
    return {};
  }
  return llvm::to_vector_of<Value>(op.getResults());
}

Value GraphWriter::flip(Value input, int64_t axis) {
  if (!input || !hasAxis(input, axis))
    return {};
  Dim dim = graph::getDims(input)[axis];
  std::optional<SymInt> last = SymInt::sub(SymInt(dim), SymInt(1));
  return gather(input, sub(integer(*last), iota({dim}, 0, i64())), axis);
}
