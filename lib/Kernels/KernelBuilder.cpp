//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writing one pipeline, and its call.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/KernelBuilder.h"
#include "ReadOperand.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "sylvite/Dialect/Halide/ReductionUse.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

SmallVector<Expr> sylvite::reversed(Vars coordinates) {
  return llvm::to_vector(llvm::reverse(coordinates));
}

/// The values of expressions.
static SmallVector<Value> getValues(Vars expressions) {
  return llvm::map_to_vector(expressions,
                             [](Expr expr) { return expr.getValue(); });
}

Expr Func::operator()(Vars coordinates) const { return get(0, coordinates); }

Expr Func::get(unsigned i, Vars coordinates) const {
  return Expr(*kernel,
              halide::CallOp::create(kernel->getBuilder(), kernel->getLoc(),
                                     halide::FuncOp(op).getValues()[i],
                                     getValues(coordinates)));
}

Expr Buffer::operator()(Vars coordinates) const {
  return Expr(*kernel,
              halide::LoadOp::create(kernel->getBuilder(), kernel->getLoc(),
                                     value, getValues(coordinates)));
}

Expr Operand::at(Vars coordinates) const {
  assert(coordinates.size() == getRank() && "one coordinate a dimension");
  return access(coordinates);
}

Expr Operand::atBroadcast(Vars coordinates) const {
  assert(coordinates.size() >= getRank() && "results have the greater rank");
  SmallVector<Expr> own(coordinates.take_back(getRank()));
  for (auto [coordinate, extent] : llvm::zip(own, extents))
    if (extent.isOne())
      coordinate = coordinate.getKernel().index(0);
  return access(own);
}

KernelBuilder::KernelBuilder(LoweringContext &context, Location loc,
                             const Twine &name, StringRef kernelClass)
    : context(context), loc(loc), name(name.str()), kernelClass(kernelClass),
      builder(context.getMLIRContext()) {
  pipeline = halide::PipelineOp::create(
      builder, loc, this->name, builder.getFunctionType({}, {}),
      /*arg_attrs=*/ArrayAttr(), /*res_attrs=*/ArrayAttr());
  builder.createBlock(&pipeline->getBody());
}

void KernelBuilder::setNumber(StringRef attribute, int64_t number) {
  (*pipeline)->setAttr(attribute, builder.getI64IntegerAttr(number));
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

Buffer KernelBuilder::addInput(Value tensor, int64_t align) {
  if (context.getExtents(tensor).empty())
    tensor = context.getView(tensor, {Extent(1)});
  Block &body = pipeline->getBody().front();
  auto found = llvm::find(inputs, tensor);
  unsigned number = found - inputs.begin();
  if (found == inputs.end()) {
    auto type = cast<RankedTensorType>(tensor.getType());
    auto shape = llvm::to_vector(llvm::reverse(type.getShape()));
    body.addArgument(halide::BufferType::get(type.getContext(), shape,
                                             type.getElementType()),
                     loc);
    inputs.push_back(tensor);
    alignments.push_back(0);
  }
  alignments[number] = std::max(alignments[number], align);
  return Buffer(*this, body.getArgument(number));
}

FailureOr<Operand> KernelBuilder::read(Value graphValue) {
  return ReadOperand(*this).read(graphValue);
}

Operand KernelBuilder::readTensor(Value tensor) {
  Extents dims = context.getExtents(tensor);
  Buffer buffer = addInput(tensor);
  auto access = [this, buffer](Vars coordinates) {
    SmallVector<Expr> indices = reversed(coordinates);
    // Rank 0 is passed as rank 1.
    if (indices.empty())
      indices.push_back(index(0));
    return buffer(indices);
  };
  return Operand(dims, buffer.getType().getElementType(), access, buffer);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Value KernelBuilder::writeAtStart(function_ref<Value()> write) {
  OpBuilder::InsertionGuard guard(builder);
  if (startEnd)
    builder.setInsertionPointAfter(startEnd);
  else
    builder.setInsertionPointToStart(&pipeline->getBody().front());
  Value value = write();
  startEnd = value.getDefiningOp();
  return value;
}

Expr KernelBuilder::constant(TypedAttr value) {
  Value &known = constants[value];
  if (!known)
    known = writeAtStart(
        [&] { return arith::ConstantOp::create(builder, loc, value); });
  return Expr(*this, known);
}

Expr KernelBuilder::constant(Type type, double number) {
  if (isa<FloatType>(type))
    return constant(builder.getFloatAttr(type, number));
  return constant(builder.getIntegerAttr(type, int64_t(number)));
}

Expr KernelBuilder::index(int64_t number) {
  return constant(builder.getI32IntegerAttr(number));
}

Expr Buffer::extent(unsigned dim) const {
  ArrayRef<int64_t> shape = getType().getShape();
  if (!ShapedType::isDynamic(shape[dim]))
    return kernel->index(shape[dim]);
  return kernel->extentOf(value, dim);
}

Expr KernelBuilder::extentOf(Value buffer, unsigned dim) {
  unsigned number = cast<BlockArgument>(buffer).getArgNumber();
  Value &known = extents[{number, dim}];
  if (!known)
    known = writeAtStart(
        [&] { return halide::ExtentOp::create(builder, loc, buffer, dim); });
  return Expr(*this, known);
}

std::optional<Expr> KernelBuilder::findExtent(const Extent &extent) {
  for (auto [number, tensor] : llvm::enumerate(inputs)) {
    const Extents &dims = context.getExtents(tensor);
    auto found = llvm::find(dims, extent);
    if (found != dims.end())
      return extentOf(pipeline->getArgument(number), dims.end() - found - 1);
  }
  return std::nullopt;
}

Expr KernelBuilder::extent(const Extent &extent) {
  if (extent.isStatic())
    return index(extent.getNumber());
  if (std::optional<Expr> whole = findExtent(extent))
    return *whole;
  // The product of its factors.
  Expr product = index(extent.getNumber());
  for (StringRef name : extent.getNames()) {
    auto attr = StringAttr::get(builder.getContext(), name);
    std::optional<Expr> factor = findExtent(graph::Dim(attr));
    if (SmallVector<Extent> terms = getTerms(name); !factor && !terms.empty()) {
      factor = this->extent(terms.front());
      for (const Extent &term : ArrayRef(terms).drop_front())
        factor = *factor + this->extent(term);
    }
    if (!factor) {
      auto [tensor, dim] = context.findDim(name);
      Buffer buffer = addInput(tensor);
      factor = buffer.extent(buffer.getType().getRank() - dim - 1);
    }
    product = product * *factor;
  }
  return product;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

ArrayRef<StringRef> KernelBuilder::getVarNames(unsigned rank) {
  static constexpr StringRef names[] = {"x",  "y",  "z",  "w",  "v4",  "v5",
                                        "v6", "v7", "v8", "v9", "v10", "v11"};
  assert(rank <= std::size(names) && "FormKernels refuses greater ranks");
  return ArrayRef(names).take_front(rank);
}

/// The block arguments of a definition as expressions.
static SmallVector<Expr> getExpressions(KernelBuilder &kernel,
                                        ValueRange arguments) {
  return llvm::map_to_vector(
      arguments, [&](Value argument) { return Expr(kernel, argument); });
}

Func KernelBuilder::func(StringRef name, ArrayRef<StringRef> vars, Type element,
                         function_ref<Expr(Vars)> body) {
  return tuple(name, vars, element,
               [&](Vars v) { return SmallVector<Expr>{body(v)}; });
}

Func KernelBuilder::tuple(StringRef name, ArrayRef<StringRef> vars,
                          TypeRange elements,
                          function_ref<SmallVector<Expr>(Vars)> body) {
  auto op = halide::FuncOp::create(
      builder, loc, name, vars, elements,
      [&](OpBuilder &, Location, ValueRange arguments) {
        SmallVector<Expr> values = body(getExpressions(*this, arguments));
        halide::YieldOp::create(builder, loc, getValues(values), ValueRange());
      });
  return Func(*this, op);
}

void KernelBuilder::update(Func func, ArrayRef<Range> ranges,
                           function_ref<Placed(Vars, Vars)> body) {
  SmallVector<StringRef> names;
  SmallVector<Value> from, to;
  for (const Range &range : ranges) {
    names.push_back(range.name);
    from.push_back(range.from.getValue());
    to.push_back(range.to.getValue());
  }
  unsigned rank = func.getOp().getType().getRank();
  auto op = halide::UpdateOp::create(
      builder, loc, func.getOp().getResult(), names, from, to,
      [&](OpBuilder &, Location, ValueRange arguments) {
        SmallVector<Expr> vars = getExpressions(*this, arguments);
        Placed placed =
            body(Vars(vars).take_front(rank), Vars(vars).drop_front(rank));
        halide::YieldOp::create(builder, loc, getValues(placed.values),
                                getValues(placed.at));
      });
  if (ranges.empty() || halide::usesReduction(op))
    return;
  // What is combined is one value all along: a condition that always holds ties
  // it to the range.
  Block &block = op.getBody().front();
  auto yield = cast<halide::YieldOp>(block.getTerminator());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(yield);
  SmallVector<Expr> place = getExpressions(
      *this, yield.getIndices().empty()
                 ? ValueRange(block.getArguments().take_front(rank))
                 : ValueRange(yield.getIndices()));
  Expr inRange = Expr(*this, block.getArgument(rank)) >= ranges.front().from;
  SmallVector<Value> values(yield.getValues());
  for (auto [i, value] : llvm::enumerate(values))
    value = select(inRange, Expr(*this, value), func.get(i, place)).getValue();
  yield.getValuesMutable().assign(values);
}

Expr KernelBuilder::undefined(Type element) {
  return Expr(*this, halide::UndefOp::create(builder, loc, element));
}

void KernelBuilder::where(Expr condition) {
  halide::WhereOp::create(builder, loc, condition.getValue());
}

//===----------------------------------------------------------------------===//
// The end
//===----------------------------------------------------------------------===//

SmallVector<Value> KernelBuilder::finish(ArrayRef<Output> outputs) {
  // The pipeline is complete but for its type, attributes and terminator.
  SmallVector<Value> functions, destinations;
  SmallVector<Type> resultTypes, destinationTypes;
  SmallVector<Attribute> results;
  for (const Output &output : outputs) {
    halide::FuncOp func = output.func.getOp();
    Extents dims = output.extents;
    if (dims.empty())
      dims.push_back(Extent(1));
    Value destination = output.into;
    if (!destination)
      destination =
          context.makeEmpty(loc, dims, func.getType().getElementType());
    assert(bool(output.into) == func.isUndefined() &&
           "what is kept is what was there");
    results.push_back(builder.getDictionaryAttr(
        output.into
            ? ArrayRef(builder.getNamedAttr(halide::HalideDialect::kInPlace,
                                            builder.getUnitAttr()))
            : ArrayRef<NamedAttribute>()));
    auto type = cast<RankedTensorType>(destination.getType());
    SmallVector<int64_t> shape(type.getShape());
    if (output.openAxis)
      shape[*output.openAxis] = ShapedType::kDynamic;
    std::reverse(shape.begin(), shape.end());
    functions.push_back(func.getResult());
    destinations.push_back(destination);
    destinationTypes.push_back(type);
    resultTypes.push_back(halide::BufferType::get(builder.getContext(), shape,
                                                  type.getElementType()));
  }
  halide::OutputOp::create(builder, loc, functions);

  Block &body = pipeline->getBody().front();
  SmallVector<Attribute> arguments;
  for (int64_t align : alignments)
    arguments.push_back(builder.getDictionaryAttr(
        align ? ArrayRef(builder.getNamedAttr(halide::HalideDialect::kAlign,
                                              builder.getI64IntegerAttr(align)))
              : ArrayRef<NamedAttribute>()));
  pipeline->setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), resultTypes));
  if (llvm::any_of(alignments, [](int64_t align) { return align != 0; }))
    pipeline->setArgAttrsAttr(builder.getArrayAttr(arguments));
  if (llvm::any_of(outputs, [](const Output &output) { return output.into; }))
    pipeline->setResAttrsAttr(builder.getArrayAttr(results));
  (*pipeline)->setAttr(halide::HalideDialect::kKernelClass,
                       builder.getStringAttr(kernelClass));
  pipeline->setSymName(name);

  FlatSymbolRefAttr symbol = context.getLibrary().add(std::move(pipeline));
  auto invoke =
      halide::InvokeOp::create(context.getHostBuilder(), loc, destinationTypes,
                               symbol, inputs, destinations);
  for (auto [result, destination] :
       llvm::zip(invoke.getResults(), destinations))
    context.setExtents(result, context.getExtents(destination));
  return SmallVector<Value>(invoke.getResults());
}

Value KernelBuilder::finish(Func func, ArrayRef<Extent> extents) {
  return finish(Output{func, Extents(extents), /*into=*/{}}).front();
}
