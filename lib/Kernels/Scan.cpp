//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Scans become loops of the host program.
///
/// Sequences and outputs are laid out with time first while the loop runs, so
/// that an element is a run of memory: a slice of the one, a slice that is
/// written of the other. What the loop carries stays in one place
/// (bufferization sees to it); a scan that may stop early is a loop with a
/// condition, whose outputs are zero at first.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// Lowers one scan.
class ScanLowering {
public:
  ScanLowering(graph::ScanOp op, LoweringContext &context)
      : op(op), context(context), host(context.getHostBuilder()),
        loc(op.getLoc()), numCarried(op.getInits().size()) {}

  LogicalResult run();

private:
  /// A sequence with time first.
  FailureOr<Value> getTimeFirst(Value sequence);
  /// The extents of a sequence or output with time first.
  Extents getTimeFirst(const Extents &dims);
  /// The tensor that an output is written into, a step at a time.
  Value makeStacked(Value output);
  /// A tensor of zeros.
  Value makeZeros(ArrayRef<Extent> dims, Type element);
  /// Writes the body at the step `iteration`, with the loop's carried values.
  LogicalResult lowerBody(Block *hostBody, Value iteration, ValueRange carried);
  /// What the next step takes. Each is a tensor of its own.
  LogicalResult lowerNext(ValueRange carried, Value place,
                          SmallVectorImpl<Value> &values);
  /// Binds the results of the scan to those of the loop.
  void bindResults(ValueRange results);
  /// Offsets, sizes and strides of an element of a tensor with time first.
  struct Slice {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Slice getSlice(const Extents &dims, Value place);
  Value constant(int64_t number) {
    return arith::ConstantIndexOp::create(host, loc, number);
  }

  graph::ScanOp op;
  LoweringContext &context;
  OpBuilder &host;
  Location loc;
  unsigned numCarried;
  SmallVector<Value> sequences;
  Value steps;
};
} // namespace

Extents ScanLowering::getTimeFirst(const Extents &dims) {
  Extents moved = dims;
  std::rotate(moved.begin(), moved.begin() + op.getAxis(),
              moved.begin() + op.getAxis() + 1);
  return moved;
}

/// Do dimensions of one element alone stand before the axis?
static bool isFirst(ArrayRef<Extent> dims, unsigned axis) {
  return llvm::all_of(dims.take_front(axis),
                      [](const Extent &dim) { return dim.isOne(); });
}

FailureOr<Value> ScanLowering::getTimeFirst(Value sequence) {
  Extents dims = getExtents(sequence);
  int64_t axis = op.getAxis();
  if (isFirst(dims, axis)) {
    FailureOr<Value> tensor = context.getTensor(sequence);
    if (failed(tensor))
      return failure();
    return context.getView(*tensor, getTimeFirst(dims));
  }
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
  std::rotate(perm.begin(), perm.begin() + axis, perm.begin() + axis + 1);
  return context.transpose(sequence, perm);
}

Value ScanLowering::makeZeros(ArrayRef<Extent> dims, Type element) {
  Extent all = getProduct(dims);
  KernelBuilder kernel(context, loc, "zeros_" + getTypeName(element), "copy");
  Func out = kernel.func("out", 1, element,
                         [&](Vars) { return kernel.constant(element, 0); });
  return context.getView(kernel.finish(out, all), dims);
}

Value ScanLowering::makeStacked(Value output) {
  Extents dims = getTimeFirst(getExtents(output));
  Type element = cast<RankedTensorType>(output.getType()).getElementType();
  return op.getNext().getStop() ? makeZeros(dims, element)
                                : context.makeEmpty(loc, dims, element);
}

ScanLowering::Slice ScanLowering::getSlice(const Extents &dims, Value place) {
  Slice slice;
  for (auto [axis, extent] : llvm::enumerate(dims)) {
    slice.strides.push_back(host.getIndexAttr(1));
    if (axis == 0) {
      slice.offsets.push_back(place);
      slice.sizes.push_back(host.getIndexAttr(1));
      continue;
    }
    slice.offsets.push_back(host.getIndexAttr(0));
    slice.sizes.push_back(
        extent.isStatic() ? OpFoldResult(host.getIndexAttr(extent.getNumber()))
                          : OpFoldResult(context.getHostExtent(extent)));
  }
  return slice;
}

LogicalResult ScanLowering::lowerNext(ValueRange carried, Value place,
                                      SmallVectorImpl<Value> &values) {
  graph::NextOp next = op.getNext();
  DenseSet<Value> taken;
  for (auto [value, old] : llvm::zip(next.getCarry(), carried)) {
    FailureOr<Value> tensor = context.getTensor(value);
    if (failed(tensor))
      return failure();
    Value base = context.getBase(*tensor);
    bool isOwn = context.isOwned(base) &&
                 base.getParentBlock() == host.getInsertionBlock();
    if (base != old && (!isOwn || !taken.insert(base).second))
      tensor = context.copy(loc, *tensor);
    values.push_back(*tensor);
  }
  for (auto [value, output, old] : llvm::zip(next.getEmit(), op.getStacked(),
                                             carried.drop_front(numCarried))) {
    FailureOr<Value> tensor = context.getTensor(value);
    if (failed(tensor))
      return failure();
    Slice slice = getSlice(getTimeFirst(getExtents(output)), place);
    values.push_back(tensor::InsertSliceOp::create(
        host, loc, *tensor, old, slice.offsets, slice.sizes, slice.strides));
  }
  return success();
}

LogicalResult ScanLowering::lowerBody(Block *hostBody, Value iteration,
                                      ValueRange carried) {
  context.enterLoop(op.getBody().front(), *hostBody);
  Value place = iteration;
  if (op.getReverse())
    place = arith::SubIOp::create(
        host, loc, arith::SubIOp::create(host, loc, steps, constant(1)),
        iteration);
  if (!op.getStep().use_empty()) {
    auto type = RankedTensorType::get({}, host.getI64Type());
    Value number =
        arith::IndexCastOp::create(host, loc, host.getI64Type(), iteration);
    context.bindArgument(
        op.getStep(), tensor::FromElementsOp::create(host, loc, type, number));
  }
  for (auto [argument, value] : llvm::zip(op.getCarried(), carried))
    context.bindArgument(argument, value);
  for (auto [argument, sequence] : llvm::zip(op.getElements(), sequences)) {
    if (argument.use_empty())
      continue;
    Extents dims = context.getExtents(sequence);
    Slice slice = getSlice(dims, place);
    auto type = getTensorType(
        ArrayRef(dims).drop_front(),
        cast<RankedTensorType>(argument.getType()).getElementType());
    context.bindArgument(argument, tensor::ExtractSliceOp::create(
                                       host, loc, type, sequence, slice.offsets,
                                       slice.sizes, slice.strides));
  }
  if (failed(lowerOps(op.getBody().front(), context)))
    return failure();

  SmallVector<Value> values;
  Value stop = op.getNext().getStop();
  if (stop) {
    FailureOr<Value> tensor = context.getTensor(stop);
    if (failed(tensor))
      return failure();
    Value stops = tensor::ExtractOp::create(host, loc, *tensor, ValueRange());
    Value no = arith::ConstantOp::create(host, loc, host.getBoolAttr(false));
    values.push_back(arith::AddIOp::create(host, loc, iteration, constant(1)));
    values.push_back(
        arith::CmpIOp::create(host, loc, arith::CmpIPredicate::eq, stops, no));
  }
  if (failed(lowerNext(carried, place, values)))
    return failure();
  scf::YieldOp::create(host, loc, values);
  context.leaveLoop();
  return success();
}

void ScanLowering::bindResults(ValueRange results) {
  for (auto [result, tensor] :
       llvm::zip(op.getResults().take_front(numCarried), results)) {
    context.setExtents(tensor, getExtents(result));
    context.setResult(result, tensor);
  }
  for (auto [result, tensor] :
       llvm::zip(op.getStacked(), results.drop_front(numCarried))) {
    Extents dims = getExtents(result);
    int64_t axis = op.getAxis();
    context.setExtents(tensor, getTimeFirst(dims));
    if (isFirst(dims, axis)) {
      context.setResult(result, tensor);
      continue;
    }
    auto perm = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
    std::rotate(perm.begin(), perm.begin() + 1, perm.begin() + axis + 1);
    context.setResult(result, context.transposeTensor(loc, tensor, perm));
  }
}

LogicalResult ScanLowering::run() {
  for (Value sequence : op.getSequences()) {
    FailureOr<Value> tensor = getTimeFirst(sequence);
    if (failed(tensor))
      return failure();
    sequences.push_back(*tensor);
  }
  SmallVector<Value> inits;
  for (Value init : op.getInits()) {
    FailureOr<Value> tensor = context.getTensor(init);
    if (failed(tensor))
      return failure();
    inits.push_back(*tensor);
  }
  for (Value output : op.getStacked())
    inits.push_back(makeStacked(output));
  steps = context.getHostExtent(Extent(op.getTimeExtent()));

  if (!op.getNext().getStop()) {
    auto loop =
        scf::ForOp::create(host, loc, constant(0), steps, constant(1), inits);
    // Without carried values it has been given a terminator already.
    loop.getBody()->clear();
    if (failed(lowerBody(loop.getBody(), loop.getInductionVar(),
                         loop.getRegionIterArgs())))
      return failure();
    bindResults(loop.getResults());
    return success();
  }
  // Goes on while there are steps and none has said stop.
  Value yes = arith::ConstantOp::create(host, loc, host.getBoolAttr(true));
  inits.insert(inits.begin(), {constant(0), yes});
  SmallVector<Type> types(ValueRange(inits).getTypes());
  auto loop = scf::WhileOp::create(host, loc, types, inits);
  SmallVector<Location> locations(types.size(), loc);
  Block *before = host.createBlock(&loop.getBefore(), {}, types, locations);
  Value more = arith::CmpIOp::create(host, loc, arith::CmpIPredicate::ult,
                                     before->getArgument(0), steps);
  Value goes = arith::AndIOp::create(host, loc, more, before->getArgument(1));
  scf::ConditionOp::create(host, loc, goes, before->getArguments());
  Block *after = host.createBlock(&loop.getAfter(), {}, types, locations);
  ValueRange carried = after->getArguments();
  if (failed(lowerBody(after, after->getArgument(0), carried.drop_front(2))))
    return failure();
  bindResults(loop.getResults().drop_front(2));
  return success();
}

LogicalResult sylvite::lowerScan(graph::ScanOp op, LoweringContext &context) {
  return ScanLowering(op, context).run();
}
