//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arguments are put in the order of their roles, inputs and outputs as
/// memrefs, from which the body gets its tensors and into which results are
/// written.
///
//===----------------------------------------------------------------------===//

#include "HostSignature.h"

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Host/Roles.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace sylvite;

namespace {

/// Gives one function the signature of a program.
class SignatureRewriter {
public:
  explicit SignatureRewriter(func::FuncOp function)
      : function(function), body(function.getBody().front()),
        builder(OpBuilder::atBlockBegin(&body)) {}

  LogicalResult run();

private:
  /// Finds the dimensions that inputs name, then those that only results do,
  /// in the order of appearance.
  void collectDims();
  void collectDims(Type type, ArrayAttr names);
  /// Fails for an op with a region that is no loop, and for `halide.dim` of a
  /// dimension that nothing names.
  LogicalResult checkBody();
  /// Finds the arguments that results are written into.
  LogicalResult collectInPlace();
  /// Fails for a dynamic axis without a name that is bound.
  LogicalResult checkDims(Type type, ArrayAttr dims, StringRef what);
  /// Adds an argument behind the others; `attributes` and its role.
  BlockArgument addArgument(Role role, Type type, DictionaryAttr attributes);
  /// Gives an input a buffer; its users read that.
  void replaceInput(unsigned number);
  /// Writes a result into its buffer, at the end of the body.
  void replaceResult(unsigned number, Value result);

  func::FuncOp function;
  Block &body;
  OpBuilder builder;
  /// The dimensions, and their arguments once there are any.
  llvm::MapVector<StringAttr, BlockArgument> dims;
  /// Inputs that results are written into, by the numbers of both; their
  /// buffers, once there are any.
  llvm::DenseMap<unsigned, unsigned> resultOfInput, inputOfResult;
  llvm::DenseMap<unsigned, Value> inputBuffers;
  SmallVector<Type> types;
  SmallVector<Attribute> attributes;
};

} // namespace

LogicalResult SignatureRewriter::checkDims(Type type, ArrayAttr names,
                                           StringRef what) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return function.emitError()
           << what << " is no ranked tensor, but of type " << type;
  for (auto [axis, extent] : llvm::enumerate(tensor.getShape())) {
    if (!ShapedType::isDynamic(extent))
      continue;
    auto name = names && axis < names.size() ? dyn_cast<StringAttr>(names[axis])
                                             : StringAttr();
    if (!name || name.empty())
      return function.emitError()
             << "axis " << axis << " of " << what
             << " is dynamic and has no name in " << kDimsAttr;
  }
  return success();
}

void SignatureRewriter::collectDims(Type type, ArrayAttr names) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !names)
    return;
  for (auto [extent, name] :
       llvm::zip(tensor.getShape(), names.getAsRange<StringAttr>()))
    if (ShapedType::isDynamic(extent) && !name.empty())
      dims.try_emplace(name, BlockArgument());
}

void SignatureRewriter::collectDims() {
  for (auto [number, type] : llvm::enumerate(function.getArgumentTypes()))
    collectDims(type, function.getArgAttrOfType<ArrayAttr>(number, kDimsAttr));
  for (auto [number, type] : llvm::enumerate(function.getResultTypes()))
    collectDims(type,
                function.getResultAttrOfType<ArrayAttr>(number, kDimsAttr));
}

LogicalResult SignatureRewriter::checkBody() {
  WalkResult walk = body.walk([&](Operation *op) -> WalkResult {
    if (op->getNumRegions() && !isa<scf::ForOp, scf::WhileOp>(op))
      return op->emitError("control flow other than loops has no place in a "
                           "host function");
    auto dim = dyn_cast<halide::DimOp>(op);
    if (dim && !dims.contains(dim.getNameAttr()))
      return dim.emitError("no input and no result of the function has a "
                           "dimension ")
             << dim.getNameAttr();
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

LogicalResult SignatureRewriter::collectInPlace() {
  for (auto [number, type] : llvm::enumerate(function.getResultTypes())) {
    auto place =
        function.getResultAttrOfType<IntegerAttr>(number, kInPlaceResultAttr);
    if (!place)
      continue;
    // The graph dialect has verified that there is such an argument.
    unsigned input = place.getInt();
    auto [other, isNew] = resultOfInput.try_emplace(input, number);
    if (!isNew)
      return function.emitError()
             << "results " << other->second << " and " << number
             << " are both in place of argument " << input;
    inputOfResult[number] = input;
  }
  return success();
}

BlockArgument SignatureRewriter::addArgument(Role role, Type type,
                                             DictionaryAttr given) {
  NamedAttrList list(given);
  list.set(kRoleAttr, builder.getStringAttr(getRoleName(role)));
  types.push_back(type);
  attributes.push_back(list.getDictionary(builder.getContext()));
  return body.addArgument(type, function.getLoc());
}

static MemRefType getBufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

void SignatureRewriter::replaceInput(unsigned number) {
  BlockArgument tensor = body.getArgument(number);
  NamedAttrList attributes(
      mlir::function_interface_impl::getArgAttrs(function, number));
  auto names =
      dyn_cast_if_present<ArrayAttr>(Attribute(attributes.get(kDimsAttr)));
  for (Operation *user : llvm::make_early_inc_range(tensor.getUsers())) {
    auto dim = dyn_cast<tensor::DimOp>(user);
    std::optional<int64_t> axis;
    if (dim)
      axis = dim.getConstantIndex();
    if (!axis || !cast<RankedTensorType>(tensor.getType()).isDynamicDim(*axis))
      continue;
    dim.replaceAllUsesWith(Value(dims[cast<StringAttr>(names[*axis])]));
    dim.erase();
  }
  auto result = resultOfInput.find(number);
  bool isInPlace = result != resultOfInput.end();
  if (isInPlace)
    attributes.set(kInPlaceAttr,
                   function.getResultAttr(result->second, kNameAttr));
  BlockArgument buffer =
      addArgument(Role::Input, getBufferType(tensor.getType()),
                  attributes.getDictionary(function.getContext()));
  inputBuffers[number] = buffer;
  Value read = bufferization::ToTensorOp::create(
      builder, function.getLoc(), tensor.getType(), buffer, /*restrict=*/true,
      /*writable=*/isInPlace);
  tensor.replaceAllUsesWith(read);
}

void SignatureRewriter::replaceResult(unsigned number, Value result) {
  auto input = inputOfResult.find(number);
  Value buffer;
  if (input != inputOfResult.end())
    buffer = inputBuffers[input->second];
  else
    buffer = addArgument(
        Role::Output, getBufferType(result.getType()),
        DictionaryAttr::get(
            function.getContext(),
            mlir::function_interface_impl::getResultAttrs(function, number)));
  bufferization::MaterializeInDestinationOp::create(
      builder, body.getTerminator()->getLoc(), /*result=*/Type(), result,
      buffer, /*restrict=*/true, /*writable=*/true);
}

LogicalResult SignatureRewriter::run() {
  auto returnOp = dyn_cast<func::ReturnOp>(body.getTerminator());
  if (!function.getBody().hasOneBlock() || !returnOp)
    return function.emitError("a host function is one block of kernel calls");
  collectDims();
  if (failed(checkBody()) || failed(collectInPlace()))
    return failure();
  for (BlockArgument argument : function.getArguments())
    if (getRole(function, argument.getArgNumber()) != Role::Weights &&
        failed(checkDims(argument.getType(),
                         function.getArgAttrOfType<ArrayAttr>(
                             argument.getArgNumber(), kDimsAttr),
                         ("argument " + Twine(argument.getArgNumber())).str())))
      return failure();
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(checkDims(
            type, function.getResultAttrOfType<ArrayAttr>(index, kDimsAttr),
            ("result " + Twine(index)).str())))
      return failure();

  // New arguments behind the old ones, which then go.
  unsigned numOld = body.getNumArguments();
  for (auto &[name, argument] : dims)
    argument = addArgument(
        Role::Dim, builder.getIndexType(),
        builder.getDictionaryAttr(builder.getNamedAttr(kNameAttr, name)));
  for (unsigned number = 0; number < numOld; ++number) {
    if (getRole(function, number) != Role::Weights)
      continue;
    BlockArgument old = body.getArgument(number);
    old.replaceAllUsesWith(addArgument(Role::Weights, old.getType(),
                                       builder.getDictionaryAttr({})));
  }
  for (unsigned number = 0; number < numOld; ++number)
    if (getRole(function, number) != Role::Weights)
      replaceInput(number);
  body.walk([&](halide::DimOp dim) {
    dim.replaceAllUsesWith(Value(dims[dim.getNameAttr()]));
    dim.erase();
  });
  builder.setInsertionPoint(returnOp);
  // Outputs first: they may read what results in place overwrite.
  for (bool isInPlace : {false, true})
    for (auto [number, result] : llvm::enumerate(returnOp.getOperands()))
      if (inputOfResult.contains(number) == isInPlace)
        replaceResult(number, result);
  returnOp.getOperandsMutable().clear();
  body.eraseArguments(0, numOld);
  function.removeResAttrsAttr();
  function.setFunctionType(builder.getFunctionType(types, {}));
  function.setArgAttrsAttr(builder.getArrayAttr(attributes));
  return success();
}

LogicalResult sylvite::rewriteSignature(func::FuncOp function) {
  return SignatureRewriter(function).run();
}
