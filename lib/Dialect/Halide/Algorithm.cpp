//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Syntax and rules of pipelines, functions and expressions.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace sylvite::halide;

//===----------------------------------------------------------------------===//
// pipeline, output
//===----------------------------------------------------------------------===//

ParseResult PipelineOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> inputs,
                      ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag, std::string &) {
    return builder.getFunctionType(inputs, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false,
      getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void PipelineOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(
      printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
      getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult PipelineOp::verify() {
  // PIPELINE-1
  auto isBuffer = llvm::IsaPred<BufferType>;
  if (!llvm::all_of(getArgumentTypes(), isBuffer) ||
      !llvm::all_of(getResultTypes(), isBuffer) || getResultTypes().empty())
    return emitOpError("takes and gives buffers, and gives at least one");
  // PIPELINE-2
  if (!getBody().hasOneBlock() || getBody().front().empty() ||
      !isa<OutputOp>(getBody().front().back()))
    return emitOpError("body must be one block that ends with halide.output");
  // PIPELINE-3
  llvm::StringSet<> names;
  for (FuncOp func : getBody().getOps<FuncOp>())
    if (!names.insert(func.getName()).second)
      return func.emitOpError("name \"") << func.getName() << "\" is taken";
  return success();
}

LogicalResult PipelineOp::verifyRegions() {
  // PIPELINE-4
  for (auto [i, output] : llvm::enumerate(getOutput().getOutputs())) {
    auto func = output.getDefiningOp<FuncOp>();
    bool isInPlace = bool(getResultAttr(i, HalideDialect::kInPlace));
    if (func && isInPlace != func.isUndefined())
      return emitOpError("output ")
             << i << " and its attribute " << HalideDialect::kInPlace
             << " disagree: \"" << func.getName() << "\" is "
             << (isInPlace ? "" : "not ") << "defined everywhere";
  }
  return success();
}

OutputOp PipelineOp::getOutput() {
  return cast<OutputOp>(getBody().front().back());
}

SmallString<16> PipelineOp::getInputName(unsigned i) {
  if (auto name = getArgAttrOfType<StringAttr>(i, HalideDialect::kName))
    return SmallString<16>(name.getValue());
  return SmallString<16>("arg" + std::to_string(i));
}

FuncOp PipelineOp::lookupFunc(StringRef name) {
  for (FuncOp func : getBody().getOps<FuncOp>())
    if (func.getName() == name)
      return func;
  return {};
}

LogicalResult OutputOp::verify() {
  auto pipeline = cast<PipelineOp>((*this)->getParentOp());
  ArrayRef<Type> buffers = pipeline.getResultTypes();
  // OUTPUT-1
  bool valid = buffers.size() == getOutputs().size();
  for (auto [func, buffer] : llvm::zip(getOutputs().getTypes(), buffers)) {
    auto funcType = cast<FuncType>(func);
    auto bufferType = dyn_cast<BufferType>(buffer);
    valid &= bufferType && funcType.getRank() == bufferType.getRank() &&
             funcType.getElementType() == bufferType.getElementType();
  }
  if (!valid)
    return emitOpError("functions do not fit the pipeline's output buffers");
  // OUTPUT-2
  for (Value output : getOutputs()) {
    auto func = output.getDefiningOp<FuncOp>();
    if (!func)
      return emitOpError("has an output that no halide.func defines");
    if (func.getValues().size() != 1)
      return emitOpError("has an output of several values");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// func
//===----------------------------------------------------------------------===//

/// name ::= [identifier `=`] %ssa. Without an identifier the SSA name serves.
static ParseResult parseNamedArgument(OpAsmParser &parser, StringAttr &name,
                                      OpAsmParser::Argument &argument) {
  std::string keyword;
  bool named = succeeded(parser.parseOptionalKeywordOrString(&keyword));
  if ((named && parser.parseEqual()) || parser.parseArgument(argument))
    return failure();
  if (!named)
    keyword = argument.ssaName.name.drop_front().str();
  name = parser.getBuilder().getStringAttr(keyword);
  argument.type = parser.getBuilder().getI32Type();
  return success();
}

static ParseResult
parseNamedArguments(OpAsmParser &parser, SmallVectorImpl<Attribute> &names,
                    SmallVectorImpl<OpAsmParser::Argument> &arguments) {
  return parser.parseCommaSeparatedList(
      OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
        StringAttr name;
        if (parseNamedArgument(parser, name, arguments.emplace_back()))
          return failure();
        names.push_back(name);
        return success();
      });
}

static void printNamedArguments(OpAsmPrinter &printer, ArrayAttr names,
                                ArrayRef<BlockArgument> arguments) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(names.getAsRange<StringAttr>(), arguments),
                        printer, [&](auto pair) {
                          auto [name, argument] = pair;
                          printer.printKeywordOrString(name.getValue());
                          printer << " = " << argument;
                        });
  printer << ')';
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<Attribute> vars;
  SmallVector<OpAsmParser::Argument> arguments;
  auto parseElement = [&]() -> ParseResult {
    Type element;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseType(element))
      return failure();
    auto type = parser.getChecked<FuncType>(
        loc, parser.getContext(), unsigned(arguments.size()), element);
    if (!type)
      return failure();
    result.addTypes(type);
    return success();
  };
  if (parser.parseAttribute(name, "name", result.attributes) ||
      parseNamedArguments(parser, vars, arguments) || parser.parseColon() ||
      parser.parseCommaSeparatedList(parseElement) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  result.addAttribute("vars", parser.getBuilder().getArrayAttr(vars));
  return success();
}

void FuncOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getNameAttr();
  printNamedArguments(printer, getVars(),
                      llvm::to_vector(getBody().getArguments()));
  printer << " : ";
  llvm::interleaveComma(getElementTypes(), printer);
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {"name", "vars"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

void FuncOp::build(
    OpBuilder &builder, OperationState &state, StringRef name,
    ArrayRef<StringRef> vars, TypeRange elements,
    function_ref<void(OpBuilder &, Location, ValueRange)> build) {
  OpBuilder::InsertionGuard guard(builder);
  state.addAttribute("name", builder.getStringAttr(name));
  state.addAttribute("vars", builder.getStrArrayAttr(vars));
  for (Type element : elements)
    state.addTypes(FuncType::get(builder.getContext(), vars.size(), element));
  SmallVector<Type> types(vars.size(), builder.getI32Type());
  SmallVector<Location> locs(vars.size(), state.location);
  Block *block = builder.createBlock(state.addRegion(), {}, types, locs);
  build(builder, state.location, block->getArguments());
}

void FuncOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getName());
}

static void nameArguments(Region &region, ArrayAttr vars, unsigned first,
                          OpAsmSetValueNameFn setName) {
  for (auto [i, var] : llvm::enumerate(vars.getAsRange<StringAttr>()))
    if (first + i < region.getNumArguments())
      setName(region.getArgument(first + i), var.getValue());
}

void FuncOp::getAsmBlockArgumentNames(Region &region,
                                      OpAsmSetValueNameFn setName) {
  nameArguments(region, getVars(), 0, setName);
}

/// True if the names are as many as `count` and distinct.
static bool areDistinct(ArrayAttr names, size_t count) {
  llvm::StringSet<> seen;
  return names.size() == count &&
         llvm::all_of(names.getAsRange<StringAttr>(), [&](StringAttr name) {
           return seen.insert(name.getValue()).second;
         });
}

/// True if all of a region's arguments are i32.
static bool hasIndexArguments(Region &region) {
  return llvm::all_of(region.getArgumentTypes(),
                      [](Type type) { return type.isInteger(32); });
}

LogicalResult FuncOp::verify() {
  // FUNC-3
  if (getValues().empty())
    return emitOpError("has no value");
  unsigned rank = getType().getRank();
  for (Value value : getValues())
    if (cast<FuncType>(value.getType()).getRank() != rank)
      return emitOpError("has values of different ranks");
  // FUNC-1
  if (!areDistinct(getVars(), rank) || getBody().getNumArguments() != rank ||
      !hasIndexArguments(getBody()))
    return emitOpError("needs ") << rank << " distinct variables of type i32";
  // FUNC-2
  auto yield = dyn_cast<YieldOp>(getBody().front().back());
  if (!yield || !llvm::equal(yield.getValues().getTypes(), getElementTypes()) ||
      !yield.getIndices().empty())
    return emitOpError("must yield ")
           << getElementTypes() << ", without a place";
  return success();
}

SmallVector<Type> FuncOp::getElementTypes() {
  return llvm::map_to_vector((*this)->getResultTypes(), [](Type type) {
    return cast<FuncType>(type).getElementType();
  });
}

bool FuncOp::isUndefined() {
  auto yield = cast<YieldOp>(getBody().front().back());
  return yield.getValue().getDefiningOp<UndefOp>() != nullptr;
}

SmallVector<UpdateOp> sylvite::halide::getUpdates(FuncOp func) {
  SmallVector<UpdateOp> updates;
  for (Operation &op : *func->getBlock())
    if (auto update = dyn_cast<UpdateOp>(op);
        update && update.getFunc() == func.getResult())
      updates.push_back(update);
  return updates;
}

//===----------------------------------------------------------------------===//
// update
//===----------------------------------------------------------------------===//

ParseResult UpdateOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand func;
  SmallVector<Attribute> vars, rvars;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> from, to;
  Builder &builder = parser.getBuilder();
  if (parser.parseOperand(func) || parseNamedArguments(parser, vars, arguments))
    return failure();
  // range ::= name `in` %from `to` %to
  auto parseRange = [&]() -> ParseResult {
    StringAttr name;
    if (parseNamedArgument(parser, name, arguments.emplace_back()) ||
        parser.parseKeyword("in") || parser.parseOperand(from.emplace_back()) ||
        parser.parseKeyword("to") || parser.parseOperand(to.emplace_back()))
      return failure();
    rvars.push_back(name);
    return success();
  };
  if (succeeded(parser.parseOptionalKeyword("over")) &&
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseRange))
    return failure();
  FuncType type;
  Type index = builder.getI32Type();
  if (parser.parseColonType(type) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.resolveOperand(func, type, result.operands) ||
      parser.resolveOperands(from, index, result.operands) ||
      parser.resolveOperands(to, index, result.operands) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  auto &properties = result.getOrAddProperties<Properties>();
  llvm::copy(ArrayRef<int32_t>{1, int32_t(from.size()), int32_t(to.size())},
             properties.operandSegmentSizes.begin());
  properties.setVars(builder.getArrayAttr(vars));
  properties.setRvars(builder.getArrayAttr(rvars));
  return success();
}

void UpdateOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getFunc();
  auto arguments = llvm::to_vector(getBody().getArguments());
  auto all = ArrayRef<BlockArgument>(arguments);
  printNamedArguments(printer, getVars(), all.take_front(getVars().size()));
  if (!getRvars().empty()) {
    printer << " over (";
    llvm::interleaveComma(
        llvm::zip(getRvars().getAsRange<StringAttr>(),
                  all.drop_front(getVars().size()), getFrom(), getTo()),
        printer, [&](auto range) {
          auto [name, argument, from, to] = range;
          printer.printKeywordOrString(name.getValue());
          printer << " = " << argument << " in " << from << " to " << to;
        });
    printer << ')';
  }
  printer << " : " << getFunc().getType();
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {"vars", "rvars", "operandSegmentSizes"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

void UpdateOp::build(
    OpBuilder &builder, OperationState &state, Value func,
    ArrayRef<StringRef> rvars, ValueRange from, ValueRange to,
    function_ref<void(OpBuilder &, Location, ValueRange)> build) {
  OpBuilder::InsertionGuard guard(builder);
  ArrayAttr vars = func.getDefiningOp<FuncOp>().getVars();
  state.addOperands(func);
  state.addOperands(from);
  state.addOperands(to);
  auto &properties = state.getOrAddProperties<Properties>();
  llvm::copy(ArrayRef<int32_t>{1, int32_t(from.size()), int32_t(to.size())},
             properties.operandSegmentSizes.begin());
  properties.setVars(vars);
  properties.setRvars(builder.getStrArrayAttr(rvars));
  size_t count = vars.size() + rvars.size();
  SmallVector<Type> types(count, builder.getI32Type());
  SmallVector<Location> locs(count, state.location);
  Block *block = builder.createBlock(state.addRegion(), {}, types, locs);
  build(builder, state.location, block->getArguments());
}

void UpdateOp::getAsmBlockArgumentNames(Region &region,
                                        OpAsmSetValueNameFn setName) {
  nameArguments(region, getVars(), 0, setName);
  nameArguments(region, getRvars(), getVars().size(), setName);
}

FuncOp UpdateOp::getFuncOp() { return getFunc().getDefiningOp<FuncOp>(); }

unsigned UpdateOp::getIndex() {
  SmallVector<UpdateOp> updates = getUpdates(getFuncOp());
  return llvm::find(updates, *this) - updates.begin();
}

LogicalResult UpdateOp::verify() {
  FuncOp func = getFuncOp();
  if (!func)
    return emitOpError("must follow the function it updates");
  // UPDATE-4
  if (getFunc() != func.getResult())
    return emitOpError("must name the function by its first value");
  // UPDATE-1
  SmallVector<Attribute> all(getVars().getValue());
  llvm::append_range(all, getRvars().getValue());
  if (getVars().size() != func.getType().getRank() ||
      !areDistinct(ArrayAttr::get(getContext(), all), all.size()) ||
      getBody().getNumArguments() != all.size() ||
      !hasIndexArguments(getBody()))
    return emitOpError("needs ")
           << func.getType().getRank()
           << " pure variables of type i32, and distinct names";
  // UPDATE-2
  if (getFrom().size() != getRvars().size() ||
      getTo().size() != getRvars().size())
    return emitOpError("needs a range for each reduction variable");
  // UPDATE-3
  auto yield = dyn_cast<YieldOp>(getBody().front().back());
  if (!yield ||
      !llvm::equal(yield.getValues().getTypes(), func.getElementTypes()))
    return emitOpError("must yield ") << func.getElementTypes();
  if (!yield.getIndices().empty() &&
      yield.getIndices().size() != func.getType().getRank())
    return emitOpError("yields at ")
           << yield.getIndices().size() << " coordinates, expected "
           << func.getType().getRank();
  return success();
}

LogicalResult WhereOp::verify() {
  // WHERE-1
  if (cast<UpdateOp>((*this)->getParentOp()).getRvars().empty())
    return emitOpError("restricts a domain, but the update has no reduction "
                       "variables");
  return success();
}

//===----------------------------------------------------------------------===//
// load, call, extent
//===----------------------------------------------------------------------===//

LogicalResult LoadOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                       ValueRange operands, DictionaryAttr,
                                       OpaqueProperties, RegionRange,
                                       SmallVectorImpl<Type> &types) {
  types.push_back(cast<BufferType>(operands[0].getType()).getElementType());
  return success();
}

LogicalResult LoadOp::verify() {
  // LOAD-1
  if (getIndices().size() != getBuffer().getType().getRank())
    return emitOpError("has ")
           << getIndices().size() << " indices for " << getBuffer().getType();
  return success();
}

LogicalResult UndefOp::verify() {
  // UNDEF-1
  for (Operation *user : (*this)->getUsers())
    if (!isa<YieldOp>(user) || !isa<FuncOp>(user->getParentOp()))
      return emitOpError("is no value to calculate with: only the pure "
                         "definition of a function yields it");
  return success();
}

LogicalResult CallOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                       ValueRange operands, DictionaryAttr,
                                       OpaqueProperties, RegionRange,
                                       SmallVectorImpl<Type> &types) {
  types.push_back(cast<FuncType>(operands[0].getType()).getElementType());
  return success();
}

LogicalResult CallOp::verify() {
  // CALL-1
  if (getIndices().size() != getFunc().getType().getRank())
    return emitOpError("has ")
           << getIndices().size() << " indices for " << getFunc().getType();
  // CALL-2
  if (!getFunc().getDefiningOp<FuncOp>())
    return emitOpError("calls what no halide.func defines");
  return success();
}

LogicalResult ExtentOp::verify() {
  // EXTENT-1
  if (getDim() >= getBuffer().getType().getRank())
    return emitOpError("dimension ")
           << int64_t(getDim()) << " is outside " << getBuffer().getType();
  return success();
}

/// Bits of the right word.
static unsigned getWidthOfRhs(DotKind kind) {
  return kind == DotKind::S16S8 ? 16 : 32;
}

ParseResult DotOp::parse(OpAsmParser &parser, OperationState &result) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  OpAsmParser::UnresolvedOperand sum, lhs, rhs;
  Type type;
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<DotKind> kind = symbolizeDotKind(keyword);
  if (!kind)
    return parser.emitError(loc, "expected u8s8, bf16 or s16s8");
  Builder &builder = parser.getBuilder();
  result.getOrAddProperties<Properties>().setKind(
      DotKindAttr::get(builder.getContext(), *kind));
  Type right = builder.getIntegerType(getWidthOfRhs(*kind));
  if (parser.parseOperand(sum) || parser.parseComma() ||
      parser.parseOperand(lhs) || parser.parseComma() ||
      parser.parseOperand(rhs) ||
      parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonType(type) ||
      parser.resolveOperand(sum, type, result.operands) ||
      parser.resolveOperand(lhs, builder.getI32Type(), result.operands) ||
      parser.resolveOperand(rhs, right, result.operands))
    return failure();
  result.addTypes(type);
  return success();
}

void DotOp::print(OpAsmPrinter &printer) {
  printer << ' ' << stringifyDotKind(getKind()) << ' ' << getAccumulator()
          << ", " << getLhs() << ", " << getRhs();
  printer.printOptionalAttrDict((*this)->getAttrs(), {"kind"});
  printer << " : " << getResult().getType();
}

LogicalResult DotOp::verify() {
  // DOT-1
  Type sum = getAccumulator().getType();
  bool isFloat = getKind() == DotKind::BF16;
  if (isFloat ? !sum.isF32() : !sum.isInteger(32))
    return emitOpError("adds ")
           << stringifyDotKind(getKind()) << " products to an "
           << (isFloat ? "f32" : "i32") << ", not to " << sum;
  // DOT-2
  if (!getRhs().getType().isInteger(getWidthOfRhs(getKind())))
    return emitOpError("takes an i")
           << getWidthOfRhs(getKind()) << " as the right word of "
           << stringifyDotKind(getKind()) << ", not " << getRhs().getType();
  return success();
}
