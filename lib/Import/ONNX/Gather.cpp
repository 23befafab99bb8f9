//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elements by indices: those that are read and those that are written.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;

/// Is no element of this integer tensor negative, whatever the inputs are?
static bool isNeverNegative(Value value, unsigned depth = 0) {
  Operation *op = value.getDefiningOp();
  if (!op || depth > 16)
    return false;
  if (getElement(value).isInteger(1) || getElement(value).isUnsignedInteger())
    return true;
  auto all = [&] {
    return llvm::all_of(op->getOperands(), [&](Value operand) {
      return isNeverNegative(operand, depth + 1);
    });
  };
  if (auto constant = dyn_cast<graph::ConstantOp>(op)) {
    auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!elements || !isa<IntegerType>(elements.getElementType()))
      return false;
    if (elements.isSplat())
      return !elements.getSplatValue<APInt>().isNegative();
    return llvm::all_of(elements.getValues<APInt>(),
                        [](const APInt &n) { return !n.isNegative(); });
  }
  if (isa<graph::IotaOp, graph::ExtentOp, graph::ArgmaxOp>(op))
    return true;
  if (isa<graph::MaximumOp>(op))
    return isNeverNegative(op->getOperand(0), depth + 1) ||
           isNeverNegative(op->getOperand(1), depth + 1);
  if (isa<graph::CastOp>(op) &&
      !isa<IntegerType>(getElement(op->getOperand(0))))
    return false;
  if (isa<graph::SelectOp>(op))
    return isNeverNegative(op->getOperand(1), depth + 1) &&
           isNeverNegative(op->getOperand(2), depth + 1);
  if (isa<graph::AddOp, graph::MulOp, graph::MinimumOp, graph::CumsumOp,
          graph::CastOp, graph::ReshapeOp, graph::BroadcastToOp,
          graph::TransposeOp, graph::SliceOp, graph::ConcatOp>(op))
    return all();
  return false;
}

/// Indices counted from the front, where negative ones count from the end.
static Value countFromFront(GraphWriter &ops, Value index, const Dim &extent) {
  if (!index || isNeverNegative(index))
    return index;
  Value isNegative = ops.compare(ComparePredicate::Lt, index, 0);
  Value number = ops.cast(ops.integer(SymInt(extent)), getElement(index));
  return ops.select(isNegative, ops.add(index, number), index);
}

/// 0, 1, 2, ... along `axis` of a tensor of `rank` dimensions, of which the
/// others are 1.
static Value countAlong(GraphWriter &ops, const Dim &extent, int64_t axis,
                        int64_t rank, Type element) {
  Dims dims(rank, Dim(1));
  dims[axis] = extent;
  return ops.iota(dims, axis, element);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

Value sylvite::lookUp(Node &node, Value table, Value indices) {
  if (!table || !indices)
    return {};
  if (graph::getDims(table).empty()) {
    (void)node.invalid("takes a table with rows");
    return {};
  }
  Dim rows = graph::getDims(table)[0];
  // Identifiers that come from outside are checked there.
  if (auto argument = dyn_cast<BlockArgument>(indices))
    node.getImporter().limitRange(argument, rows.size);
  else
    indices = countFromFront(node.ops, indices, rows);
  return node.ops.infer<graph::EmbeddingOp>({table, indices});
}

static LogicalResult importGather(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  FailureOr<int64_t> axis = node.getAxis(0);
  if (failed(axis))
    return failure();
  const KnownTensor *indices = node.getKnown(1);
  std::optional<SmallVector<int64_t>> places;
  if (indices)
    places = indices->getIntegers();
  int32_t type = node.getOnnxType(0);
  if (places && dims[*axis].isStatic())
    for (int64_t &place : *places) {
      if (place < -dims[*axis].size || place >= dims[*axis].size)
        return node.invalid("index " + Twine(place) +
                            " is outside an axis of " +
                            Twine(dims[*axis].size) + " elements");
      place += place < 0 ? dims[*axis].size : 0;
    }
  if (const KnownTensor *known = node.getKnown(0);
      known && places && *axis == 0) {
    // Of shapes, mostly.
    KnownTensor result;
    result.element = known->element;
    result.shape = indices->shape;
    llvm::append_range(result.shape, ArrayRef(known->shape).drop_front());
    int64_t row = 1;
    for (int64_t extent : ArrayRef(known->shape).drop_front())
      row *= extent;
    for (int64_t place : *places)
      for (int64_t i = 0; i != row; ++i)
        result.numbers.push_back(known->numbers[place * row + i]);
    if (result.numbers.size() <= kMaxKnownElements)
      return node.setKnown(0, std::move(result), type);
  }
  Value input = node.get(0);
  // One element is a slice.
  if (places && places->size() == 1 && places->front() >= 0 &&
      (dims[*axis].isStatic() || places->front() == 0)) {
    int64_t place = places->front();
    Value part = ops.slice(input, *axis, place, place + 1);
    Dims result(dims.begin(), dims.begin() + *axis);
    result.append(indices->shape.begin(), indices->shape.end());
    result.append(dims.begin() + *axis + 1, dims.end());
    return node.set(0, ops.reshape(part, result), type);
  }
  Value index = node.get(1);
  if (!input || !index)
    return node.set(Value());
  bool isTable = dims.size() == 2 && *axis == 0 &&
                 getTensorType(input).hasStaticShape() &&
                 isa<FloatType>(getElement(input));
  if (isTable && isa_and_nonnull<graph::WeightOp>(input.getDefiningOp()))
    return node.set(0, lookUp(node, input, index), type);
  return node.set(
      0, ops.gather(input, countFromFront(ops, index, dims[*axis]), *axis),
      type);
}

/// The index tensors of GatherElements and ScatterElements: along the axis the
/// operand, else each element's own place.
static FailureOr<SmallVector<Value>> getElementPlaces(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), picked = node.getDims(1);
  FailureOr<int64_t> axis = node.getAxis(0);
  if (failed(axis))
    return failure();
  if (picked.size() != dims.size())
    return node.invalid("indices must have the rank of the data");
  Value index = countFromFront(ops, node.get(1), dims[*axis]);
  if (!index)
    return node.set(Value());
  SmallVector<Value> indices;
  for (int64_t i = 0, rank = dims.size(); i != rank; ++i)
    indices.push_back(
        i == *axis ? index
                   : countAlong(ops, picked[i], i, rank, getElement(index)));
  return indices;
}

static LogicalResult importGatherElements(Node &node) {
  FailureOr<SmallVector<Value>> indices = getElementPlaces(node);
  if (failed(indices))
    return failure();
  return node.set(0, node.ops.gather(node.get(0), *indices, 0),
                  node.getOnnxType(0));
}

/// The components of index tuples, which lie along the last axis.
static SmallVector<Value> splitTuples(GraphWriter &ops, Value tuples) {
  SmallVector<Value> parts;
  if (!tuples)
    return parts;
  Dims dims = graph::getDims(tuples);
  int64_t last = dims.size() - 1, count = dims[last].size;
  auto concat = tuples.getDefiningOp<graph::ConcatOp>();
  bool isPutTogether = concat && int64_t(concat.getAxis()) == last &&
                       int64_t(concat.getInputs().size()) == count;
  for (int64_t i = 0; i != count; ++i)
    parts.push_back(ops.dropDim(isPutTogether
                                    ? concat.getInputs()[i]
                                    : ops.slice(tuples, last, i, i + 1),
                                last));
  return parts;
}

/// The index tensors of GatherND and ScatterND: positions in the batch, then
/// the parts of the tuples.
static FailureOr<SmallVector<Value>> getTuples(Node &node, unsigned operand,
                                               int64_t batch) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), tuples = node.getDims(operand);
  if (node.isPoisoned())
    return failure();
  if (tuples.empty() || !tuples.back().isStatic())
    return node.unsupported("indices of a dynamic number of axes");
  int64_t count = tuples.back().size;
  if (count < 1 || batch < 0 || batch >= int64_t(tuples.size()) ||
      batch + count > int64_t(dims.size()))
    return node.invalid("indexes more axes than there are");
  SmallVector<Value> indices;
  SmallVector<Value> parts = splitTuples(ops, node.get(operand));
  if (parts.empty())
    return failure();
  int64_t rank = tuples.size() - 1;
  for (int64_t i = 0; i != batch; ++i) {
    if (!ops.unify(dims[i], tuples[i]))
      return failure();
    indices.push_back(countAlong(ops, dims[i], i, rank, ops.i64()));
  }
  for (auto [i, part] : llvm::enumerate(parts))
    indices.push_back(
        countFromFront(ops, ops.cast(part, ops.i64()), dims[batch + i]));
  return indices;
}

static LogicalResult importGatherND(Node &node) {
  FailureOr<SmallVector<Value>> indices =
      getTuples(node, 1, node.getInt("batch_dims", 0));
  if (failed(indices))
    return failure();
  return node.set(0, node.ops.gather(node.get(0), *indices, 0),
                  node.getOnnxType(0));
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

static std::optional<graph::ScatterKind> getScatterKind(Node &node) {
  std::string reduction = node.getString("reduction", "none");
  if (reduction == "none")
    return graph::ScatterKind::Set;
  if (reduction == "add")
    return graph::ScatterKind::Add;
  if (reduction == "mul")
    return graph::ScatterKind::Mul;
  if (reduction == "max")
    return graph::ScatterKind::Max;
  if (reduction == "min")
    return graph::ScatterKind::Min;
  return std::nullopt;
}

static LogicalResult setScattered(Node &node, Value input, Value updates,
                                  ArrayRef<Value> indices, int64_t axis) {
  std::optional<graph::ScatterKind> kind = getScatterKind(node);
  if (!kind)
    return node.invalid("its reduction is none that there is");
  GraphWriter &ops = node.ops;
  if (!input || !updates || !ops.unify(indices))
    return node.set(Value());
  auto op =
      graph::ScatterOp::create(ops.getBuilder(), ops.getLoc(), input.getType(),
                               *kind, input, updates, indices, axis);
  if (failed(mlir::verify(op, /*verifyRecursively=*/false)))
    return failure();
  return node.set(0, op.getResult(), node.getOnnxType(0));
}

static LogicalResult importScatterElements(Node &node) {
  FailureOr<SmallVector<Value>> indices = getElementPlaces(node);
  if (failed(indices))
    return failure();
  return setScattered(node, node.get(0), node.get(2), *indices, 0);
}

static LogicalResult importScatterND(Node &node) {
  FailureOr<SmallVector<Value>> indices = getTuples(node, 1, 0);
  if (failed(indices))
    return failure();
  return setScattered(node, node.get(0), node.get(2), *indices, 0);
}

/// A cache whose rows are replaced from a place on: present = past with
/// past[b, ..., place[b] + s, ...] = update[b, ..., s, ...].
static LogicalResult importTensorScatter(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), updates = node.getDims(1);
  FailureOr<int64_t> axis = node.getAxis(-2);
  if (failed(axis))
    return failure();
  std::string mode = node.getString("mode", "linear");
  if (*axis == 0 || updates.size() != dims.size())
    return node.invalid("axis must not be that of the batch");
  int64_t rank = dims.size();
  Value place = countAlong(ops, updates[*axis], *axis, rank, ops.i64());
  if (node.has(2)) {
    Dims first(rank, Dim(1));
    first[0] = dims[0];
    place =
        ops.add(place, ops.reshape(ops.cast(node.get(2), ops.i64()), first));
  }
  if (mode == "circular")
    place = ops.binary<graph::ModOp>(place, ops.integer(SymInt(dims[*axis])));
  else if (mode != "linear")
    return node.invalid("mode must be linear or circular");
  SmallVector<Value> indices;
  for (int64_t i = 0; i <= *axis; ++i)
    indices.push_back(
        i == *axis ? place : countAlong(ops, dims[i], i, rank, ops.i64()));
  // Indices go along the axes up to this one; those behind are whole rows.
  for (Value &index : indices) {
    if (!index)
      return node.set(Value());
    Dims own = graph::getDims(index);
    own.resize(*axis + 1, Dim(1));
    index = ops.reshape(index, own);
  }
  return setScattered(node, node.get(0), node.get(1), indices, 0);
}

static LogicalResult importOneHot(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = dims.size() + 1;
  FailureOr<int64_t> axis = node.getAxis(-1, rank);
  FailureOr<double> depth = node.getNumber(1, "a depth");
  if (failed(axis) || failed(depth))
    return failure();
  if (!(*depth >= 1 && *depth < 0x1p31))
    return node.invalid("the depth must be 1 or more");
  Dim count{int64_t(*depth)};
  Value index = countFromFront(ops, ops.cast(node.get(0), ops.i64()), count);
  Value classes = countAlong(ops, count, *axis, rank, ops.i64());
  Value isHot =
      ops.compare(ComparePredicate::Eq, ops.insertDim(index, *axis), classes);
  Value values = node.get(2);
  if (!values)
    return node.set(Value());
  Value off = ops.reshape(ops.slice(values, 0, 0, 1), {});
  Value on = ops.reshape(ops.slice(values, 0, 1, 2), {});
  return node.set(0, ops.select(isHot, on, off), node.getOnnxType(2));
}

void sylvite::addGather(Operators &operators) {
  operators.add("Gather", importGather);
  operators.add("GatherElements", importGatherElements);
  operators.add("GatherND", importGatherND);
  operators.add("Scatter", importScatterElements);
  operators.add("ScatterElements", importScatterElements);
  operators.add("ScatterND", importScatterND);
  operators.add("TensorScatter", importTensorScatter);
  operators.add("OneHot", importOneHot);
}
