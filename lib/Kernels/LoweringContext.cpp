//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The host side of a lowering: extents, tensors, views and weights.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "ReadOperand.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

LoweringContext::LoweringContext(KernelLibrary &library, const Target &target,
                                 Block *oldBody, Block *body)
    : library(library), target(target), host(OpBuilder::atBlockEnd(body)) {
  scopes.push_back({oldBody, body});
  for (auto [graphArgument, argument] :
       llvm::zip(oldBody->getArguments(), body->getArguments())) {
    bindArgument(graphArgument, argument);
    for (auto [i, dim] : llvm::enumerate(getExtents(argument)))
      if (dim.getNames().size() == 1)
        namedDims.try_emplace(dim.getNames().front(), argument, i);
  }
  deferOps(*oldBody);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void LoweringContext::deferOps(Block &block) {
  for (Operation &op : block)
    if (shouldDefer(&op))
      deferred.insert(&op);
}

void LoweringContext::enterLoop(Block &body, Block &hostBody) {
  scopes.push_back({&body, &hostBody});
  host.setInsertionPointToEnd(&hostBody);
  deferOps(body);
}

void LoweringContext::leaveLoop() {
  host.setInsertionPointAfter(scopes.pop_back_val().host->getParentOp());
}

void LoweringContext::bindArgument(Value graphArgument, Value tensor) {
  setExtents(tensor, sylvite::getExtents(graphArgument));
  tensors[graphArgument] = tensor;
}

void LoweringContext::moveToScope(unsigned number) {
  if (number + 1 < scopes.size())
    host.setInsertionPoint(scopes[number + 1].host->getParentOp());
}

unsigned LoweringContext::getScope(Block *graphOrHost) const {
  for (auto [number, scope] : llvm::enumerate(scopes))
    if (scope.graph == graphOrHost || scope.host == graphOrHost)
      return number;
  llvm_unreachable("values come from above");
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

Value LoweringContext::getHostExtent(const Extent &extent) {
  if (Value known = hostExtents.lookup(extent.str()))
    return known;
  OpBuilder::InsertionGuard guard(host);
  moveToScope(0);
  Location loc = host.getUnknownLoc();
  Value product;
  for (StringRef name : extent.getNames()) {
    Value factor = hostExtents.lookup(name);
    auto found = namedDims.find(name);
    if (!factor && found != namedDims.end()) {
      auto [tensor, dim] = found->second;
      factor = tensor::DimOp::create(host, tensor.getLoc(), tensor, dim);
    } else if (!factor) {
      for (const Extent &term : getTerms(name)) {
        Value next = getHostExtent(term);
        factor = factor ? arith::AddIOp::create(host, loc, factor, next) : next;
      }
      if (!factor)
        factor = halide::DimOp::create(host, loc, host.getIndexType(), name);
    }
    hostExtents[name] = factor;
    product =
        product ? arith::MulIOp::create(host, loc, product, factor) : factor;
  }
  if (!product || extent.getNumber() != 1) {
    Value number =
        arith::ConstantIndexOp::create(host, loc, extent.getNumber());
    product =
        product ? arith::MulIOp::create(host, loc, product, number) : number;
  }
  return hostExtents[extent.str()] = product;
}

const Extents &LoweringContext::getExtents(Value tensor) const {
  auto found = extents.find(tensor);
  assert(found != extents.end() && "setExtents is called for all tensors");
  return found->second;
}

void LoweringContext::setExtents(Value tensor, ArrayRef<Extent> newExtents) {
  extents[tensor] = Extents(newExtents);
}

std::pair<Value, unsigned> LoweringContext::findDim(StringRef name) {
  auto found = namedDims.find(name);
  if (found != namedDims.end())
    return found->second;
  // Kernels read extents off tensors; what is in this one nobody reads.
  OpBuilder::InsertionGuard guard(host);
  moveToScope(0);
  Extent extent(graph::Dim(host.getStringAttr(name)));
  Value tensor = makeEmpty(host.getUnknownLoc(), extent, host.getI8Type());
  return namedDims[name] = {tensor, 0};
}

//===----------------------------------------------------------------------===//
// Tensors and views
//===----------------------------------------------------------------------===//

Value LoweringContext::makeEmpty(Location loc, ArrayRef<Extent> dims,
                                 Type element) {
  SmallVector<Value> dynamic;
  for (const Extent &dim : dims)
    if (!dim.isStatic())
      dynamic.push_back(getHostExtent(dim));
  Value tensor = tensor::EmptyOp::create(
      host, loc, sylvite::getTensorType(dims, element), dynamic);
  setExtents(tensor, dims);
  return tensor;
}

Value LoweringContext::getBase(Value tensor) const {
  auto found = bases.find(tensor);
  return found == bases.end() ? tensor : found->second;
}

Value LoweringContext::getView(Value tensor, ArrayRef<Extent> to) {
  if (ArrayRef<Extent>(getExtents(tensor)) == to)
    return tensor;
  // A view of a view is a view of the first tensor.
  Value base = getBase(tensor);
  Extents from = getExtents(base);
  if (ArrayRef<Extent>(from) == to)
    return base;
  Location loc = tensor.getLoc();
  OpBuilder::InsertionGuard guard(host);
  moveToScope(getScope(base.getParentBlock()));
  Type element = cast<RankedTensorType>(base.getType()).getElementType();
  SmallVector<ReassociationIndices> left, right;
  Extents merged;
  for (ReshapeGroup group : getReshapeGroups(from, to)) {
    left.push_back(
        llvm::to_vector<2>(llvm::seq<int64_t>(group.firstLeft, group.endLeft)));
    right.push_back(llvm::to_vector<2>(
        llvm::seq<int64_t>(group.firstRight, group.endRight)));
    merged.push_back(getProduct(ArrayRef(from).slice(
        group.firstLeft, group.endLeft - group.firstLeft)));
  }
  // Without elements on one side, all dimensions of the other side are 1.
  if (from.empty() || to.empty()) {
    merged.clear();
    left.clear();
    right.clear();
  }
  for (Value known : views[base])
    if (ArrayRef<Extent>(getExtents(known)) == to)
      return known;
  Value view = base;
  if (merged.size() != from.size())
    view = tensor::CollapseShapeOp::create(
        host, loc, sylvite::getTensorType(merged, element), view, left);
  if (merged.size() != to.size()) {
    SmallVector<OpFoldResult> shape;
    for (const Extent &dim : to)
      shape.push_back(dim.isStatic()
                          ? OpFoldResult(host.getIndexAttr(dim.getNumber()))
                          : OpFoldResult(getHostExtent(dim)));
    view = tensor::ExpandShapeOp::create(
        host, loc, sylvite::getTensorType(to, element), view, right, shape);
  }
  setExtents(view, to);
  bases[view] = base;
  views[base].push_back(view);
  return view;
}

FailureOr<Value> LoweringContext::getTensor(Value graphValue) {
  if (Value tensor = tensors.lookup(graphValue))
    return tensor;
  Operation *op = graphValue.getDefiningOp();
  assert(op && isDeferred(op) && "ops are lowered in order");
  OpBuilder::InsertionGuard guard(host);
  moveToScope(getScope(op->getBlock()));
  FailureOr<Value> tensor;
  if (auto quantize = dyn_cast<graph::QuantizeOp>(op);
      quantize && graphValue == quantize.getValues())
    return quantize.emitOpError("gives integers that are no weight of a "
                                "graph.linear: no kernel reads them");
  if (isWeight(graphValue)) {
    tensor = getWeight(graphValue);
  } else if (auto reshape = dyn_cast<graph::ReshapeOp>(op)) {
    tensor = getTensor(reshape.getInput());
    if (succeeded(tensor))
      tensor = getView(*tensor, sylvite::getExtents(graphValue));
  } else {
    tensor = materialize(graphValue);
  }
  if (failed(tensor))
    return failure();
  setResult(graphValue, *tensor);
  return tensors.lookup(graphValue);
}

FailureOr<Value> LoweringContext::getRows(Value graphValue) {
  FailureOr<Value> tensor = getTensor(graphValue);
  if (failed(tensor))
    return failure();
  ArrayRef<Extent> dims = getExtents(*tensor);
  Extents rows = {Extent(1), Extent(1)};
  if (!dims.empty())
    rows = {getProduct(dims.drop_back()), dims.back()};
  return getView(*tensor, rows);
}

Value &LoweringContext::getRoundedRows(Value tensor, Type element) {
  return roundedRows[{tensor, host.getInsertionBlock(), element}];
}

void LoweringContext::setResult(Value graphValue, Value tensor) {
  tensors[graphValue] = getView(tensor, sylvite::getExtents(graphValue));
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// The op behind transpositions of a matrix, and whether they swap it.
static std::pair<Operation *, bool> skipTransposes(Value value) {
  bool swapped = false;
  while (auto transpose = value.getDefiningOp<graph::TransposeOp>()) {
    if (transpose.getPerm().size() != 2)
      break;
    swapped ^= transpose.getPerm().front() == 1;
    value = transpose.getInput();
  }
  return {value.getDefiningOp(), swapped};
}

bool LoweringContext::isWeight(Value graphValue) {
  if (auto quantize = graphValue.getDefiningOp<graph::QuantizeOp>())
    return isWeight(quantize.getInput());
  Operation *op = skipTransposes(graphValue).first;
  if (auto concat = dyn_cast_if_present<graph::ConcatOp>(op))
    return llvm::all_of(concat.getInputs(), [](Value input) {
      return isa_and_present<graph::WeightOp>(input.getDefiningOp());
    });
  return isa_and_present<graph::WeightOp, graph::ConstantOp>(op);
}

/// What is wanted of a quantised matrix; none where the value is not that.
static std::optional<halide::QuantizedPart>
getQuantizedPart(Value graphValue, const WeightPacking &packing) {
  auto quantize = graphValue.getDefiningOp<graph::QuantizeOp>();
  if (!quantize)
    return std::nullopt;
  if (graphValue == quantize.getScales())
    return halide::QuantizedPart::Scales;
  return packing.offsets ? halide::QuantizedPart::Offsets
                         : halide::QuantizedPart::Values;
}

Value LoweringContext::getWeight(Value graphValue, WeightPacking packing) {
  Value matrix = graphValue;
  std::optional<halide::QuantizedPart> part =
      getQuantizedPart(graphValue, packing);
  if (part) {
    auto quantize = graphValue.getDefiningOp<graph::QuantizeOp>();
    matrix = quantize.getInput();
    // Columns have the scales, of [K, N].
    if (part == halide::QuantizedPart::Scales)
      packing.transposed = quantize.getAxis() == 0;
  }
  auto [op, swapped] = skipTransposes(matrix);
  bool transposed = packing.transposed != swapped;
  SmallVector<StringRef> sources;
  int64_t axis = 0;
  ElementsAttr value;
  if (auto weight = dyn_cast<graph::WeightOp>(op)) {
    sources.push_back(weight.getName());
  } else if (auto concat = dyn_cast<graph::ConcatOp>(op)) {
    for (Value input : concat.getInputs())
      sources.push_back(input.getDefiningOp<graph::WeightOp>().getName());
    axis = concat.getAxis();
  } else {
    value = cast<graph::ConstantOp>(op).getValue();
  }

  // The matrix as kernels see it; a vector is one row where it is packed.
  auto type = cast<RankedTensorType>(graphValue.getType());
  SmallVector<int64_t> shape(type.getShape());
  if (packing.panels && shape.size() == 1)
    shape.insert(shape.begin(), 1);
  if (packing.transposed && shape.size() == 2)
    std::swap(shape[0], shape[1]);
  if (packing.panels)
    shape = {llvm::divideCeilSigned(shape[1], packing.panels), shape[0],
             packing.panels};
  Type element = type.getElementType();
  TypeAttr words;
  if (packing.words) {
    words = TypeAttr::get(element);
    element =
        host.getIntegerType(element.getIntOrFloatBitWidth() * packing.words);
    shape[1] = llvm::divideCeilSigned(shape[1], packing.words);
  }
  if (packing.offsets) {
    element = host.getI32Type();
    shape[1] = 1;
  }
  auto packed = RankedTensorType::get(shape, element);
  auto quantized =
      part ? halide::QuantizedPartAttr::get(host.getContext(), *part)
           : halide::QuantizedPartAttr();

  auto panels =
      packing.panels ? host.getI64IntegerAttr(packing.panels) : IntegerAttr();
  Attribute key = host.getArrayAttr(
      {TypeAttr::get(packed), host.getStrArrayAttr(sources),
       host.getI64IntegerAttr(axis), host.getI64IntegerAttr(packing.panels),
       host.getBoolAttr(transposed),
       quantized ? Attribute(quantized) : Attribute(host.getUnitAttr()),
       value ? Attribute(value) : Attribute(host.getUnitAttr())});
  Value &known = weights[key];
  if (!known) {
    OpBuilder::InsertionGuard guard(host);
    moveToScope(0);
    known = halide::WeightOp::create(
        host, op->getLoc(), packed, host.getStrArrayAttr(sources), axis, panels,
        transposed, words, quantized, value);
    Extents dims;
    for (int64_t size : shape)
      dims.push_back(Extent(size));
    setExtents(known, dims);
  }
  return known;
}

//===----------------------------------------------------------------------===//
// Deferred ops
//===----------------------------------------------------------------------===//

/// Expressions stay small enough to be compiled well, and to be written by
/// recursion.
static constexpr unsigned kMaxExpressionSize = 32;

bool LoweringContext::isDeferredNumber(Value value) const {
  Operation *op = value.getDefiningOp();
  if (!op || !isDeferred(op))
    return false;
  if (auto constant = dyn_cast<graph::ConstantOp>(op))
    return constant.getValue().isSplat();
  return !isWeight(value) && llvm::all_of(op->getOperands(), [&](Value x) {
    return isDeferredNumber(x);
  });
}

bool LoweringContext::shouldDefer(Operation *op) {
  unsigned size = 1;
  for (Value operand : op->getOperands())
    size += expressionSizes.lookup(operand.getDefiningOp());
  auto defer = [&] {
    expressionSizes[op] = size;
    return true;
  };
  // Of one that is quantised the values, or both.
  if (op->getNumResults() && isWeight(op->getResult(0)))
    return true;
  if (size > kMaxExpressionSize)
    return false;
  if (isLookThrough(op))
    return defer();
  // Rows of a table by an index that is no tensor, as positions are.
  if (auto lookup = dyn_cast<graph::EmbeddingOp>(op)) {
    Operation *index = lookup.getIndices().getDefiningOp();
    return isWeight(lookup.getTable()) && index && isDeferred(index) &&
           !isWeight(lookup.getIndices()) && defer();
  }
  // A number calculated from numbers.
  if (graph::isElementwise(op) &&
      getProduct(sylvite::getExtents(op->getResult(0))).isOne() &&
      llvm::all_of(op->getOperands(),
                   [&](Value operand) { return isDeferredNumber(operand); }))
    return defer();
  if (!graph::isElementwise(op) || !op->hasOneUse())
    return false;
  // The only user evaluates each element once, as a kernel of its own would.
  Operation *user = *op->user_begin();
  if (user->getBlock() != op->getBlock())
    return false;
  if (isa<graph::ReduceOp>(user))
    return defer();
  if (graph::isElementwise(user) && sylvite::getExtents(user->getResult(0)) ==
                                        sylvite::getExtents(op->getResult(0)))
    return defer();
  return false;
}

FailureOr<Value> LoweringContext::materialize(Value graphValue) {
  KernelBuilder kernel(*this, graphValue.getLoc(), "", "copy");
  ReadOperand reader(kernel);
  reader.mergeDims(graphValue, /*through=*/true);
  FailureOr<Operand> operand = reader.readThrough(graphValue);
  if (failed(operand))
    return failure();
  // An op that moves elements names the kernel, but not if more is done.
  StringRef last;
  if (reader.getElementwiseOps().empty())
    last = graphValue.getDefiningOp()->getName().stripDialect();
  else
    kernel.setClass("elementwise");
  std::string name = getExpressionName(reader, last);
  Extents dims = operand->getExtents();
  unsigned rank = std::max<size_t>(dims.size(), 1);
  kernel.setName(name + "_" + getTypeName(operand->getElementType()) + "_" +
                 Twine(dims.size()) + "d");
  Func out = kernel.func(
      "out", rank, operand->getElementType(), [&](Vars coordinates) {
        if (auto infinity = writeReturnedInfinity(kernel, graphValue))
          return *infinity;
        SmallVector<Expr> own = reversed(coordinates);
        return operand->at(Vars(own).take_back(dims.size()));
      });
  return kernel.finish(out, dims);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

Value LoweringContext::copy(Location loc, Value tensor) {
  Extents dims = getExtents(tensor);
  Extent all = getProduct(dims);
  Type element = cast<RankedTensorType>(tensor.getType()).getElementType();
  KernelBuilder kernel(*this, loc, "copy_" + getTypeName(element) + "_1d",
                       "copy");
  Buffer input = kernel.addInput(getView(tensor, all));
  Func out = kernel.func("out", 1, element,
                         [&](Vars coordinates) { return input(coordinates); });
  return getView(kernel.finish(out, all), dims);
}

/// Writes the kernel that permutes an operand of it.
static Value transposeOperand(KernelBuilder &kernel, const Operand &operand,
                              ArrayRef<int64_t> perm) {
  Extents dims;
  for (int64_t axis : perm)
    dims.push_back(operand.getExtents()[axis]);
  Type element = operand.getElementType();
  Func out = kernel.func("out", perm.size(), element, [&](Vars coordinates) {
    SmallVector<Expr> own(perm.size());
    for (auto [axis, coordinate] : llvm::zip(perm, reversed(coordinates)))
      own[axis] = coordinate;
    return operand.at(own);
  });
  kernel.setName("transpose_" + getTypeName(element) + "_" +
                 Twine(perm.size()) + "d");
  return kernel.finish(out, dims);
}

FailureOr<Value> LoweringContext::transpose(Value graphValue,
                                            ArrayRef<int64_t> perm) {
  KernelBuilder kernel(*this, graphValue.getLoc(), "", "copy");
  FailureOr<Operand> operand = kernel.read(graphValue);
  if (failed(operand))
    return failure();
  return transposeOperand(kernel, *operand, perm);
}

Value LoweringContext::transposeTensor(Location loc, Value tensor,
                                       ArrayRef<int64_t> perm) {
  KernelBuilder kernel(*this, loc, "", "copy");
  return transposeOperand(kernel, kernel.readTensor(tensor), perm);
}

bool LoweringContext::isOwned(Value tensor) const {
  Operation *producer = getBase(tensor).getDefiningOp();
  return isa_and_nonnull<halide::InvokeOp, LoopLikeOpInterface>(producer);
}

std::string sylvite::getTypeName(Type element) {
  std::string name;
  llvm::raw_string_ostream(name) << element;
  return name;
}
