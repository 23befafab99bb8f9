//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows the host program from its arguments on: every integer becomes a
/// number and every tensor a shape. Host programs are straight lines of few
/// kinds of ops, so that one rule for each is enough.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Measure/KernelCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;

using Shape = SmallVector<int64_t>;

int64_t CallBuffer::getNumElements() const {
  return ShapedType::getNumElements(shape);
}

namespace {
class HostWalk {
public:
  LogicalResult enter(func::FuncOp function,
                      const llvm::StringMap<int64_t> &dims);
  LogicalResult visit(Operation *op);

  std::vector<KernelCall> calls;

private:
  /// The extents of a type, those that it leaves open from `sizes`.
  Shape fill(ShapedType type, OperandRange sizes);
  Shape collapse(ArrayRef<int64_t> shape,
                 ArrayRef<ReassociationIndices> groups);
  CallBuffer makeBuffer(Value value);
  void add(halide::InvokeOp op);

  DenseMap<Value, int64_t> numbers;
  DenseMap<Value, Shape> shapes;
};
} // namespace

LogicalResult HostWalk::enter(func::FuncOp function,
                              const llvm::StringMap<int64_t> &dims) {
  auto limits =
      function->getAttrOfType<DictionaryAttr>(graph::GraphDialect::kDimMax);
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type)
      return function.emitError("has an argument that is no tensor");
    auto names = function.getArgAttrOfType<ArrayAttr>(
        argument.getArgNumber(), graph::GraphDialect::kDims);
    Shape shape(type.getShape());
    for (auto [i, extent] : llvm::enumerate(shape)) {
      if (!ShapedType::isDynamic(extent))
        continue;
      StringRef name = names ? cast<StringAttr>(names[i]).getValue() : "";
      auto found = dims.find(name);
      if (found == dims.end())
        return function.emitError("no extent is given for the dimension '")
               << name << "'";
      extent = found->second;
      auto limit = limits ? limits.getAs<IntegerAttr>(name) : IntegerAttr();
      if (limit && extent > limit.getInt())
        return function.emitError("the dimension '")
               << name << "' is at most " << limit.getInt() << ", not "
               << extent;
    }
    shapes[argument] = shape;
  }
  return success();
}

Shape HostWalk::fill(ShapedType type, OperandRange sizes) {
  Shape shape(type.getShape());
  for (int64_t &extent : shape)
    if (ShapedType::isDynamic(extent)) {
      extent = numbers.at(sizes.front());
      sizes = sizes.drop_front();
    }
  return shape;
}

Shape HostWalk::collapse(ArrayRef<int64_t> shape,
                         ArrayRef<ReassociationIndices> groups) {
  Shape result;
  for (const ReassociationIndices &group : groups) {
    result.push_back(1);
    for (int64_t dim : group)
      result.back() *= shape[dim];
  }
  return result;
}

/// Integers are what the model's inputs may be: those of its range, or else the
/// default.
CallBuffer HostWalk::makeBuffer(Value value) {
  CallBuffer buffer{getElementTypeOrSelf(value), shapes.at(value)};
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return buffer;
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  unsigned number = argument.getArgNumber();
  if (auto value = function.getArgAttrOfType<IntegerAttr>(
          number, graph::GraphDialect::kDefault)) {
    buffer.low = value.getInt();
    buffer.high = buffer.low + 1;
  }
  if (auto range = function.getArgAttrOfType<ArrayAttr>(
          number, graph::GraphDialect::kRange)) {
    buffer.low = cast<IntegerAttr>(range[0]).getInt();
    buffer.high = cast<IntegerAttr>(range[1]).getInt();
  }
  return buffer;
}

void HostWalk::add(halide::InvokeOp op) {
  KernelCall call;
  call.kernel = SymbolTable::lookupNearestSymbolFrom<halide::PipelineOp>(
      op, op.getKernelAttr());
  for (Value value : op->getOperands())
    call.buffers.push_back(makeBuffer(value));
  auto same = llvm::find_if(calls, [&](const KernelCall &other) {
    return other.kernel == call.kernel && other.buffers == call.buffers;
  });
  if (same != calls.end())
    ++same->count;
  else
    calls.push_back(std::move(call));
}

LogicalResult HostWalk::visit(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](arith::ConstantIndexOp op) {
        numbers[op] = op.value();
        return success();
      })
      .Case([&](arith::MulIOp op) {
        numbers[op] = numbers.at(op.getLhs()) * numbers.at(op.getRhs());
        return success();
      })
      .Case([&](tensor::DimOp op) {
        numbers[op] = shapes.at(op.getSource())[numbers.at(op.getIndex())];
        return success();
      })
      .Case([&](tensor::EmptyOp op) {
        shapes[op] = fill(op.getType(), op.getDynamicSizes());
        return success();
      })
      .Case([&](tensor::CollapseShapeOp op) {
        shapes[op] =
            collapse(shapes.at(op.getSrc()), op.getReassociationIndices());
        return success();
      })
      .Case([&](tensor::ExpandShapeOp op) {
        shapes[op] = fill(op.getResultType(), op.getOutputShape());
        return success();
      })
      .Case([&](halide::WeightOp op) {
        shapes[op] = Shape(op.getType().getShape());
        return success();
      })
      .Case([&](halide::InvokeOp op) {
        add(op);
        for (auto [result, output] :
             llvm::zip(op.getResults(), op.getOutputs()))
          shapes[result] = shapes.at(output);
        return success();
      })
      .Case([](func::ReturnOp) { return success(); })
      .Default([](Operation *op) {
        return op->emitError("has results whose extents are not known here");
      });
}

FailureOr<std::vector<KernelCall>>
sylvite::findKernelCalls(func::FuncOp function,
                         const llvm::StringMap<int64_t> &dims) {
  HostWalk walk;
  if (failed(walk.enter(function, dims)))
    return failure();
  for (Operation &op : function.getBody().front())
    if (failed(walk.visit(&op)))
      return failure();
  return std::move(walk.calls);
}

double sylvite::countProductFlop(const KernelCall &call) {
  auto kernelClass = call.kernel->getAttrOfType<StringAttr>(
      halide::HalideDialect::kKernelClass);
  StringRef name = kernelClass ? kernelClass.getValue() : "";
  ArrayRef<int64_t> input = call.buffers.front().shape;
  double outputs = call.buffers.back().getNumElements();
  // Every element of the output is a product of a row of the input.
  if (name == "linear" || name == "linear_norm")
    return 2 * outputs * input.back();
  // Scores and their sum, over all keys; queries, or queries, keys and values
  // in one, come first: [batch, key, features].
  if (name == "attention")
    return 4 * outputs * input[1];
  return 0;
}
