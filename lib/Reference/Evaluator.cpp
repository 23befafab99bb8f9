//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates a function: checks and binds its inputs, runs its ops in order,
/// and frees each value behind its last use.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/Evaluator.h"
#include "OpEvaluators.h"
#include "Recurrent.h"
#include "TimeAxis.h"

#include "sylvite/Reference/DimBindings.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;
using graph::GraphDialect;

std::string sylvite::getInputName(func::FuncOp function, unsigned argument) {
  if (auto name =
          function.getArgAttrOfType<StringAttr>(argument, GraphDialect::kName))
    return name.str();
  return "arg" + std::to_string(argument);
}

std::string sylvite::getOutputName(func::FuncOp function, unsigned result) {
  if (auto name =
          function.getResultAttrOfType<StringAttr>(result, GraphDialect::kName))
    return name.str();
  return "result" + std::to_string(result);
}

InFlightDiagnostic sylvite::emitFunctionError(func::FuncOp function) {
  return function.emitError() << '@' << function.getName() << ": ";
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// The type of an argument or result; emits an error if it is no tensor.
static RankedTensorType getTensorType(func::FuncOp function, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    emitFunctionError(function)
        << "takes or returns " << type
        << "; the reference evaluator knows tensors alone";
  return tensor;
}

/// Emits an error if an input that was given belongs to no argument.
static LogicalResult checkNames(func::FuncOp function,
                                const NamedTensors &inputs) {
  SmallVector<std::string> names;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    names.push_back(getInputName(function, i));
  // In the order of the names, so that the message does not depend on hashes.
  SmallVector<StringRef> given = llvm::to_vector(inputs.keys());
  llvm::sort(given);
  for (StringRef name : given)
    if (!llvm::is_contained(names, name))
      return emitFunctionError(function)
             << "has no input '" << name << "'; its inputs are "
             << llvm::join(names, ", ");
  return success();
}

/// An input that was left out: its default, once all names are bound.
static FailureOr<Tensor> makeDefault(func::FuncOp function, unsigned argument,
                                     RankedTensorType type,
                                     const DimBindings &dims) {
  std::string name = getInputName(function, argument);
  Attribute value = function.getArgAttr(argument, GraphDialect::kDefault);
  if (!value)
    return emitFunctionError(function) << "needs the input '" << name << "'";
  llvm::Expected<SmallVector<int64_t>> shape = dims.resolve(type);
  if (!shape)
    return emitFunctionError(function)
           << "input '" << name << "' was left out, but "
           << llvm::toString(shape.takeError());
  auto number = dyn_cast<FloatAttr>(value);
  return Tensor(*shape, type.getElementType(),
                number ? number.getValueAsDouble()
                       : double(cast<IntegerAttr>(value).getInt()));
}

/// Emits an error unless the values can be those of the argument: integers
/// within `graph.range`.
static LogicalResult checkValues(func::FuncOp function, unsigned argument,
                                 const Tensor &input) {
  if (!input.isInteger())
    return success();
  auto range =
      function.getArgAttrOfType<ArrayAttr>(argument, GraphDialect::kRange);
  for (auto [i, value] : llvm::enumerate(input.data)) {
    auto fail = [&](const Twine &reason) {
      return emitFunctionError(function)
             << "input '" << getInputName(function, argument) << "' holds "
             << toString(value) << " at " << toString(getIndex(input.shape, i))
             << ", " << reason;
    };
    if (value != std::trunc(value) || std::fabs(value) > 0x1p53)
      return fail("expected an integer within +-2^53");
    if (!range)
      continue;
    int64_t lo = cast<IntegerAttr>(range[0]).getInt();
    int64_t hi = cast<IntegerAttr>(range[1]).getInt();
    if (value < lo || value >= hi)
      return fail("outside its range [" + Twine(lo) + ", " + Twine(hi) + ")");
  }
  return success();
}

/// Emits an error if a bound extent exceeds `graph.dim_max`.
static LogicalResult checkMaxima(func::FuncOp function,
                                 const DimBindings &dims) {
  auto maxima = function->getAttrOfType<DictionaryAttr>(GraphDialect::kDimMax);
  if (!maxima)
    return success();
  for (NamedAttribute entry : maxima) {
    int64_t limit = cast<IntegerAttr>(entry.getValue()).getInt();
    std::optional<int64_t> extent = dims.lookup(entry.getName());
    if (extent && *extent > limit)
      return emitFunctionError(function)
             << "dimension '" << entry.getName().getValue() << "' is "
             << *extent << ", more than its maximum " << limit;
  }
  return success();
}

/// Binds the named dimensions to the extents of the inputs and puts the inputs,
/// given or default, into the frame.
static LogicalResult bindInputs(func::FuncOp function,
                                const NamedTensors &inputs, DimBindings &dims,
                                Frame &frame) {
  if (failed(checkNames(function, inputs)))
    return failure();
  for (BlockArgument argument : function.getArguments()) {
    auto type = getTensorType(function, argument.getType());
    std::string name = getInputName(function, argument.getArgNumber());
    auto given = inputs.find(name);
    if (!type)
      return failure();
    if (given == inputs.end())
      continue;
    Tensor input = given->second;
    if (input.isInteger() != isa<IntegerType>(type.getElementType()))
      return emitFunctionError(function)
             << "input '" << name << "' is " << input.dtype << ", expected "
             << type.getElementType();
    input.dtype = type.getElementType();
    if (llvm::Error error =
            dims.bind(type, input.shape, "input '" + name + "'"))
      return emitFunctionError(function) << llvm::toString(std::move(error));
    if (failed(checkValues(function, argument.getArgNumber(), input)))
      return failure();
    frame.set(argument, std::move(input));
  }
  if (llvm::Error error = dims.checkComposed())
    return emitFunctionError(function) << llvm::toString(std::move(error));

  for (BlockArgument argument : function.getArguments()) {
    std::string name = getInputName(function, argument.getArgNumber());
    if (inputs.contains(name))
      continue;
    FailureOr<Tensor> input =
        makeDefault(function, argument.getArgNumber(),
                    cast<RankedTensorType>(argument.getType()), dims);
    if (failed(input) ||
        failed(checkValues(function, argument.getArgNumber(), *input)))
      return failure();
    frame.set(argument, std::move(*input));
  }
  return checkMaxima(function, dims);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// For each op of the block the values that nothing behind it uses.
static llvm::DenseMap<Operation *, SmallVector<Value>>
findLastUses(Block &block) {
  llvm::DenseMap<Operation *, SmallVector<Value>> dying;
  auto note = [&](Value value, Operation *last) {
    // A use may lie in the region of an op of the block.
    for (Operation *user : value.getUsers()) {
      Operation *op = block.findAncestorOpInBlock(*user);
      if (!last || last->isBeforeInBlock(op))
        last = op;
    }
    if (last)
      dying[last].push_back(value);
  };
  for (BlockArgument argument : block.getArguments())
    note(argument, nullptr);
  for (Operation &op : block)
    for (Value result : op.getResults())
      note(result, &op);
  return dying;
}

/// A result of an op before it is evaluated: zeros in the type's shape.
static FailureOr<Tensor> makeResult(Value result, const DimBindings &dims) {
  Operation *op = result.getDefiningOp();
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type)
    return op->emitOpError("does not give a tensor; the reference evaluator "
                           "knows tensors alone");
  llvm::Expected<SmallVector<int64_t>> shape = dims.resolve(type);
  if (!shape)
    return op->emitOpError("cannot be evaluated: ")
           << llvm::toString(shape.takeError());
  if (!sylvite::getNumElements(*shape))
    return op->emitOpError("gives ")
           << toString(*shape) << ", too large for memory";
  return Tensor(*shape, type.getElementType());
}

/// The same for all results of an op.
static FailureOr<SmallVector<Tensor>> makeResults(Operation *op,
                                                  const DimBindings &dims) {
  SmallVector<Tensor> results;
  for (Value value : op->getResults()) {
    FailureOr<Tensor> result = makeResult(value, dims);
    if (failed(result))
      return failure();
    results.push_back(std::move(*result));
  }
  return results;
}

namespace {
/// Evaluates the blocks of one function: its body, and those of its loops.
class BlockEvaluator {
public:
  BlockEvaluator(const DimBindings &dims, Frame &frame, unsigned depth,
                 const OpObserver &observer)
      : dims(dims), frame(frame), depth(depth), observer(observer) {}

  /// Evaluates the ops of a block, whose arguments are in the frame. What its
  /// last op takes is in the frame afterwards.
  LogicalResult evaluate(Block &block);

private:
  using LastUses = llvm::DenseMap<Operation *, SmallVector<Value>>;

  LogicalResult evaluateOps(Block &block, const LastUses &dying);
  LogicalResult evaluateSingle(Operation *op);
  LogicalResult bindRows(graph::PackRowsOp op);
  LogicalResult evaluateScan(graph::ScanOp op);
  LogicalResult evaluateCall(func::CallOp op);
  LogicalResult evaluateLayer(Operation *op);

  /// Those of the function, and the rows that are packed in it.
  DimBindings dims;
  Frame &frame;
  /// Calls around this one.
  unsigned depth;
  const OpObserver &observer;
};
} // namespace

/// Calls in calls; more than that are taken for an endless recursion.
static constexpr unsigned kMaxDepth = 64;

LogicalResult BlockEvaluator::evaluate(Block &block) {
  return evaluateOps(block, findLastUses(block));
}

LogicalResult BlockEvaluator::evaluateOps(Block &block, const LastUses &dying) {
  for (Operation &op : block.without_terminator()) {
    LogicalResult result =
        llvm::TypeSwitch<Operation *, LogicalResult>(&op)
            .Case([&](graph::ScanOp scan) { return evaluateScan(scan); })
            .Case([&](func::CallOp call) { return evaluateCall(call); })
            .Case<graph::RnnOp, graph::GruOp, graph::LstmOp>(
                [&](Operation *layer) { return evaluateLayer(layer); })
            .Default([&](Operation *single) { return evaluateSingle(single); });
    if (failed(result))
      return failure();
    auto last = dying.find(&op);
    if (last != dying.end())
      for (Value value : last->second)
        frame.free(value);
  }
  return success();
}

/// How many rows there are is known when their lengths are.
LogicalResult BlockEvaluator::bindRows(graph::PackRowsOp op) {
  int64_t sequence = frame[op.getInput()].shape[1];
  size_t rows = listRows(frame[op.getLengths()], sequence).size();
  if (llvm::Error error =
          dims.bind(op.getRows(), std::max<size_t>(rows, 1), "packing"))
    return op->emitOpError(llvm::toString(std::move(error)));
  return success();
}

LogicalResult BlockEvaluator::evaluateSingle(Operation *op) {
  if (auto pack = dyn_cast<graph::PackRowsOp>(op);
      pack && failed(bindRows(pack)))
    return failure();
  FailureOr<SmallVector<Tensor>> results = makeResults(op, dims);
  if (failed(results))
    return failure();
  if (auto extent = dyn_cast<graph::ExtentOp>(op)) {
    std::optional<int64_t> number = dims.lookup(extent.getDim());
    if (!number)
      return op->emitOpError("cannot be evaluated: nothing binds dimension '")
             << extent.getDim() << "'";
    results->front().data.front() = *number;
  } else if (failed(evaluateOp(op, frame, *results))) {
    return failure();
  }
  for (auto [value, result] : llvm::zip_equal(op->getResults(), *results)) {
    if (llvm::Error error = wrapIntegers(result))
      return op->emitOpError("overflows: ") << llvm::toString(std::move(error));
    frame.set(value, std::move(result));
  }
  if (observer)
    observer(op, [&](Value value) -> const Tensor & { return frame[value]; });
  return success();
}

LogicalResult BlockEvaluator::evaluateScan(graph::ScanOp op) {
  Block &body = op.getBody().front();
  graph::Dim extent = op.getTimeExtent();
  std::optional<int64_t> steps =
      extent.isStatic() ? extent.size : dims.lookup(extent.name.getValue());
  if (!steps)
    return op.emitOpError("cannot be evaluated: nothing binds dimension '")
           << extent.name.getValue() << "'";
  SmallVector<Tensor> carried, stacked;
  for (Value init : op.getInits())
    carried.push_back(frame[init]);
  for (Value output : op.getStacked()) {
    FailureOr<Tensor> tensor = makeResult(output, dims);
    if (failed(tensor))
      return failure();
    stacked.push_back(std::move(*tensor));
  }
  LastUses dying = findLastUses(body);
  graph::NextOp next = op.getNext();
  for (int64_t step = 0; step < *steps; ++step) {
    int64_t place = op.getReverse() ? *steps - 1 - step : step;
    Type i64 = IntegerType::get(op.getContext(), 64);
    frame.set(op.getStep(), Tensor({}, i64, step));
    for (auto [argument, value] : llvm::zip(op.getCarried(), carried))
      frame.set(argument, std::move(value));
    for (auto [argument, sequence] :
         llvm::zip(op.getElements(), op.getSequences()))
      frame.set(argument, getElement(frame[sequence], op.getAxis(), place));
    if (failed(evaluateOps(body, dying)))
      return failure();
    for (auto [value, result] : llvm::zip(carried, next.getCarry()))
      value = frame[result];
    for (auto [tensor, result] : llvm::zip(stacked, next.getEmit()))
      setElement(tensor, op.getAxis(), place, frame[result]);
    if (next.getStop() && frame[next.getStop()].data[0])
      break;
  }
  for (auto [result, value] : llvm::zip(op.getResults(), carried))
    frame.set(result, std::move(value));
  for (auto [result, value] : llvm::zip(op.getStacked(), stacked))
    frame.set(result, std::move(value));
  return success();
}

LogicalResult BlockEvaluator::evaluateCall(func::CallOp op) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  if (!callee || callee.isExternal() || !callee.getBody().hasOneBlock())
    return op.emitOpError("calls '")
           << op.getCallee() << "', which has no body of one block";
  if (depth == kMaxDepth)
    return op.emitOpError("is the ") << kMaxDepth << "th call inside of calls: "
                                     << "functions must not call themselves";
  // Types are equal, so that names are bound to the same extents there.
  Block &body = callee.getBody().front();
  Frame inner(frame.weights);
  for (auto [argument, operand] :
       llvm::zip(body.getArguments(), op.getOperands()))
    inner.set(argument, frame[operand]);
  if (failed(BlockEvaluator(dims, inner, depth + 1, observer).evaluate(body)))
    return failure();
  for (auto [result, value] :
       llvm::zip(op.getResults(), body.getTerminator()->getOperands()))
    frame.set(result, inner[value]);
  return success();
}

LogicalResult BlockEvaluator::evaluateLayer(Operation *op) {
  FailureOr<SmallVector<Tensor>> results = makeResults(op, dims);
  if (failed(results))
    return failure();
  evaluateRecurrent(*graph::RecurrentLayer::get(op), frame, *results);
  for (auto [value, result] : llvm::zip(op->getResults(), *results))
    frame.set(value, std::move(result));
  return success();
}

FailureOr<std::vector<Output>>
sylvite::evaluateFunction(func::FuncOp function, const NamedTensors &inputs,
                          WeightProvider &weights, const DimExtents &extents,
                          const OpObserver &observer) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return emitFunctionError(function)
           << "needs a body of one block to be evaluated";
  DimBindings dims;
  Frame frame(weights);
  for (const auto &[name, extent] : extents)
    if (llvm::Error error = dims.bind(name, extent, "the caller"))
      return emitFunctionError(function) << llvm::toString(std::move(error));
  if (failed(bindInputs(function, inputs, dims, frame)))
    return failure();

  Block &body = function.getBody().front();
  if (failed(BlockEvaluator(dims, frame, 0, observer).evaluate(body)))
    return failure();
  std::vector<Output> outputs;
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands()))
    outputs.push_back({getOutputName(function, i), frame[value]});
  return outputs;
}
