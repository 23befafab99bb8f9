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

#include "sylvite/Reference/DimBindings.h"

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
  if (llvm::Error error = dims.checkProducts())
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

/// The result of an op before it is evaluated: zeros in the type's shape.
static FailureOr<Tensor> makeResult(Operation *op, const DimBindings &dims) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
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

FailureOr<std::vector<Output>>
sylvite::evaluateFunction(func::FuncOp function, const NamedTensors &inputs,
                          WeightProvider &weights) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return emitFunctionError(function)
           << "needs a body of one block to be evaluated";
  DimBindings dims;
  Frame frame(weights);
  if (failed(bindInputs(function, inputs, dims, frame)))
    return failure();

  Block &body = function.getBody().front();
  auto dying = findLastUses(body);
  for (Operation &op : body.without_terminator()) {
    if (op.getNumResults() != 1)
      return op.emitOpError("is none that the reference evaluator knows");
    FailureOr<Tensor> result = makeResult(&op, dims);
    if (failed(result) || failed(evaluateOp(&op, frame, *result)))
      return failure();
    if (llvm::Error error = wrapIntegers(*result))
      return op.emitOpError("overflows: ") << llvm::toString(std::move(error));
    frame.set(op.getResult(0), std::move(*result));
    for (Value value : dying.lookup(&op))
      frame.free(value);
  }

  std::vector<Output> outputs;
  Operation *end = body.getTerminator();
  for (auto [i, value] : llvm::enumerate(end->getOperands()))
    outputs.push_back({getOutputName(function, i), frame[value]});
  return outputs;
}
