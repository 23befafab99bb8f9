//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Walks a pipeline in order. Expressions are built where their op stands;
/// `halide.func` and `halide.update` build the expressions of their region and
/// then define a function or add a stage to it.
///
//===----------------------------------------------------------------------===//

#include "Algorithm.h"
#include "DeviceDots.h"
#include "Expressions.h"
#include "Guard.h"
#include "LetNames.h"
#include "NarrowFloats.h"
#include "Types.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "sylvite/Dialect/Halide/ReductionUse.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Expr;
using Halide::Parameter;
using Halide::Internal::Call;

/// What the buffer's type says, as constraints: bounds that begin at 0, and
/// dense strides where they are constant.
static void constrain(Parameter buffer, halide::BufferType type,
                      IntegerAttr alignment) {
  int64_t stride = 1;
  for (auto [i, extent] : llvm::enumerate(type.getShape())) {
    buffer.set_min_constraint(i, 0);
    if (!ShapedType::isDynamic(stride))
      buffer.set_stride_constraint(i, int32_t(stride));
    if (ShapedType::isDynamic(extent)) {
      stride = ShapedType::kDynamic;
      continue;
    }
    buffer.set_extent_constraint(i, int32_t(extent));
    if (!ShapedType::isDynamic(stride))
      stride *= extent;
  }
  if (alignment)
    buffer.set_host_alignment(alignment.getInt());
}

/// The function that stands for an input, as Halide's ImageParam has one: tail
/// strategies guard what is loaded through functions only.
static Halide::Func makeInputFunc(const Parameter &input) {
  std::vector<Halide::Var> vars;
  std::vector<Expr> indices;
  for (int i = 0; i < input.dimensions(); ++i) {
    vars.push_back(Halide::Var::implicit(i));
    indices.push_back(vars.back());
  }
  // Func(name) would make the name unique in the process.
  Halide::Func func{Halide::Internal::Function(input.name() + "$input")};
  func(vars) = Call::make(input, indices);
  return func;
}

namespace {
class AlgorithmBuilder {
public:
  AlgorithmBuilder(halide::PipelineOp op, const Device *device)
      : op(op), device(device) {}
  FailureOr<Algorithm> build();

private:
  void addInputs();
  LogicalResult add(Operation *op);
  LogicalResult addBody(Block &block);
  LogicalResult addFunc(halide::FuncOp func);
  LogicalResult addUpdate(halide::UpdateOp update);
  LogicalResult addOutputs(halide::OutputOp output);
  FailureOr<Expr> buildExpression(Operation *op);

  /// How memory has elements of a type.
  Halide::Type getStored(Type type) const {
    return areIntegers(type, device) ? Halide::UInt(16) : convertType(type);
  }
  /// An element that was read, and what is written for a value.
  Expr read(Expr element, Type type) const {
    return areIntegers(type, device) ? widenBits(element, type) : element;
  }
  Expr write(Value value) const {
    Expr expr = exprs.lookup(value);
    return areIntegers(value.getType(), device)
               ? roundToBits(expr, value.getType())
               : expr;
  }

  std::vector<Expr> lookup(ValueRange values) {
    std::vector<Expr> result;
    for (Value value : values)
      result.push_back(exprs.lookup(value));
    return result;
  }
  /// A definition, of one value or of several.
  void define(Halide::FuncRef place, ValueRange values) {
    std::vector<Expr> written;
    for (Value value : values)
      written.push_back(write(value));
    if (written.size() == 1)
      place = written.front();
    else
      place = Halide::Tuple(written);
  }
  Halide::Func &lookupFunc(Value func) {
    return algorithm.funcs[func.getDefiningOp<halide::FuncOp>().getName()];
  }

  halide::PipelineOp op;
  const Device *device;
  Algorithm algorithm;
  std::vector<Halide::Func> inputFuncs;
  DenseMap<Value, Expr> exprs;
  /// Conditions of the update that is being built.
  std::vector<Expr> conditions;
};
} // namespace

void AlgorithmBuilder::addInputs() {
  for (auto [i, type] : llvm::enumerate(op.getArgumentTypes())) {
    auto buffer = cast<halide::BufferType>(type);
    Parameter input(getStored(buffer.getElementType()), /*is_buffer=*/true,
                    buffer.getRank(), op.getInputName(i).str().str());
    constrain(
        input, buffer,
        op.getArgAttrOfType<IntegerAttr>(i, halide::HalideDialect::kAlign));
    algorithm.inputs.push_back(input);
    inputFuncs.push_back(makeInputFunc(input));
  }
}

FailureOr<Expr> AlgorithmBuilder::buildExpression(Operation *op) {
  if (auto load = dyn_cast<halide::LoadOp>(op)) {
    auto argument = cast<BlockArgument>(load.getBuffer());
    return read(inputFuncs[argument.getArgNumber()](lookup(load.getIndices())),
                load.getType());
  }
  if (auto call = dyn_cast<halide::CallOp>(op)) {
    // As an expression even where the function has no definition yet.
    Halide::FuncRef value =
        lookupFunc(call.getFunc())(lookup(call.getIndices()));
    auto result = cast<OpResult>(call.getFunc());
    bool isOne = result.getOwner()->getNumResults() == 1;
    return read(isOne ? Expr(value) : Expr(value[result.getResultNumber()]),
                call.getType());
  }
  if (isa<halide::UndefOp>(op))
    return read(Halide::undef(getStored(op->getResult(0).getType())),
                op->getResult(0).getType());
  if (auto extent = dyn_cast<halide::ExtentOp>(op)) {
    auto argument = cast<BlockArgument>(extent.getBuffer());
    const Parameter &buffer = algorithm.inputs[argument.getArgNumber()];
    Expr constraint = buffer.extent_constraint(extent.getDim());
    if (constraint.defined())
      return constraint;
    return Halide::Internal::Variable::make(
        Halide::Int(32),
        buffer.name() + ".extent." + std::to_string(extent.getDim()), buffer);
  }
  const ExpressionRule *rule = findExpressionRule(op);
  if (!rule)
    return op->emitOpError("cannot be said in Halide: no rule of "
                           "lib/Emit/Halide/Expressions is for it");
  std::vector<Expr> operands = lookup(op->getOperands());
  if (auto dot = dyn_cast<halide::DotOp>(op); dot && device)
    return expandDot(dot.getKind(), *device, operands[0], operands[1],
                     operands[2]);
  // Bits are those of the type.
  if (isa<arith::BitcastOp>(op))
    operands[0] = write(op->getOperand(0));
  Expr result = rule->build(op, operands);
  Type type = op->getResult(0).getType();
  return areIntegers(type, device) ? takeResult(result, type) : result;
}

LogicalResult AlgorithmBuilder::add(Operation *op) {
  if (auto func = dyn_cast<halide::FuncOp>(op))
    return addFunc(func);
  if (auto update = dyn_cast<halide::UpdateOp>(op))
    return addUpdate(update);
  if (auto output = dyn_cast<halide::OutputOp>(op))
    return addOutputs(output);
  if (auto where = dyn_cast<halide::WhereOp>(op)) {
    conditions.push_back(exprs.lookup(where.getCondition()));
    return success();
  }
  for (Type type : op->getResultTypes())
    if (!isa<halide::BufferType, halide::FuncType>(type) &&
        convertType(type).bits() == 0)
      return op->emitOpError("has a result of type ")
             << type << ", which Halide does not have";
  FailureOr<Expr> expr = failure();
  if (failed(callHalide(op->getLoc(), [&] { expr = buildExpression(op); })) ||
      failed(expr))
    return failure();
  exprs[op->getResult(0)] = *expr;
  return success();
}

LogicalResult AlgorithmBuilder::addBody(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(add(&op)))
      return failure();
  return success();
}

LogicalResult AlgorithmBuilder::addFunc(halide::FuncOp op) {
  std::vector<Halide::Var> vars;
  for (auto [name, argument] : llvm::zip(op.getVars().getAsRange<StringAttr>(),
                                         op.getBody().getArguments())) {
    vars.emplace_back(name.getValue().str());
    exprs[argument] = vars.back();
  }
  Block &body = op.getBody().front();
  if (failed(addBody(body)))
    return failure();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  return callHalide(op.getLoc(), [&] {
    Halide::Func func{Halide::Internal::Function(op.getName().str())};
    define(func(vars), yield.getValues());
    algorithm.funcs[op.getName()] = func;
  });
}

LogicalResult AlgorithmBuilder::addUpdate(halide::UpdateOp op) {
  Block &body = op.getBody().front();
  ArrayRef<BlockArgument> arguments = body.getArguments();
  std::vector<Expr> place;
  for (auto [name, argument] :
       llvm::zip(op.getVars().getAsRange<StringAttr>(), arguments)) {
    place.push_back(Halide::Var(name.getValue().str()));
    exprs[argument] = place.back();
  }

  Halide::RDom domain;
  LogicalResult made = callHalide(op.getLoc(), [&] {
    std::vector<Halide::Internal::ReductionVariable> variables;
    for (auto [name, from, to] :
         llvm::zip(op.getRvars().getAsRange<StringAttr>(), op.getFrom(),
                   op.getTo())) {
      Expr min = exprs.lookup(from);
      Expr extent = Halide::Internal::simplify(exprs.lookup(to) - min);
      variables.push_back({name.getValue().str(), min, extent});
    }
    if (!variables.empty())
      domain = Halide::RDom(Halide::Internal::ReductionDomain(variables));
  });
  if (failed(made))
    return failure();
  for (auto [i, argument] :
       llvm::enumerate(arguments.drop_front(op.getVars().size())))
    exprs[argument] = domain[i];

  conditions.clear();
  if (failed(addBody(body)))
    return failure();
  // Halide finds a domain, and its conditions, through the variables alone.
  if (!conditions.empty() && !usesReduction(op))
    return op.emitError(
        "has a condition but uses no reduction variable; Halide "
        "would run it everywhere");
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  if (!yield.getIndices().empty())
    place = lookup(yield.getIndices());
  return callHalide(op.getLoc(), [&] {
    for (const Expr &condition : conditions)
      domain.where(condition);
    define(lookupFunc(op.getFunc())(place), yield.getValues());
  });
}

LogicalResult AlgorithmBuilder::addOutputs(halide::OutputOp output) {
  return callHalide(output.getLoc(), [&] {
    std::vector<Halide::Func> outputs;
    for (auto [i, value] : llvm::enumerate(output.getOutputs())) {
      Halide::Func func = lookupFunc(value);
      constrain(func.function().output_buffers().front(),
                cast<halide::BufferType>(op.getResultTypes()[i]),
                op.getResultAttrOfType<IntegerAttr>(
                    i, halide::HalideDialect::kAlign));
      outputs.push_back(func);
    }
    algorithm.pipeline = Halide::Pipeline(outputs);
  });
}

FailureOr<Algorithm> AlgorithmBuilder::build() {
  if (failed(callHalide(op.getLoc(), [&] { addInputs(); })))
    return failure();
  for (Operation &op : op.getBody().front())
    if (failed(add(&op)))
      return failure();
  return std::move(algorithm);
}

FailureOr<Algorithm> emit::buildAlgorithm(halide::PipelineOp pipeline,
                                          const Device *device) {
  nameThreads();
  return AlgorithmBuilder(pipeline, device).build();
}
