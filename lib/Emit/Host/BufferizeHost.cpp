//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns the tensors of host functions into buffers.
///
/// First the signature: arguments are put in the order of their roles, inputs
/// and outputs as memrefs, from which the body gets its tensors and into which
/// results are written. Then upstream's one-shot bufferization decides what may
/// be written in place. It gives every result a buffer and copies it into the
/// caller's at the end; last, such a copy is taken away by computing into the
/// caller's buffer from the start.
///
//===----------------------------------------------------------------------===//

#include "Bufferization.h"
#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Emit/Host/Roles.h"

#include "sylvite/Dialect/Halide/HalideDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

#define DEBUG_TYPE "sylvite-bufferize-host"

namespace sylvite {
#define GEN_PASS_DEF_BUFFERIZEHOSTPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {

struct BufferizeHostPass
    : public sylvite::impl::BufferizeHostPassBase<BufferizeHostPass> {
  void getDependentDialects(DialectRegistry &registry) const override {
    Base::getDependentDialects(registry);
    registerHostBufferization(registry);
  }
  void runOnOperation() override;

private:
  LogicalResult bufferize(func::FuncOp function);
};

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

/// Gives one function the signature of a program.
class SignatureRewriter {
public:
  explicit SignatureRewriter(func::FuncOp function)
      : function(function), body(function.getBody().front()),
        builder(OpBuilder::atBlockBegin(&body)) {}

  LogicalResult run();

private:
  /// Finds the dimensions that inputs name, in the order of appearance.
  void collectDims();
  /// Fails for a dynamic axis without a name that is bound.
  LogicalResult checkDims(Type type, ArrayAttr dims, StringRef what);
  /// Adds an argument behind the others; `attributes` and its role.
  BlockArgument addArgument(Role role, Type type, DictionaryAttr attributes);
  void replaceInput(BlockArgument tensor, DictionaryAttr attributes);

  func::FuncOp function;
  Block &body;
  OpBuilder builder;
  /// The dimensions, and their arguments once there are any.
  llvm::MapVector<StringAttr, BlockArgument> dims;
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
    if (!dims.contains(name))
      return function.emitError()
             << "no input binds the dimension " << name << " of " << what;
  }
  return success();
}

void SignatureRewriter::collectDims() {
  for (BlockArgument argument : function.getArguments()) {
    unsigned number = argument.getArgNumber();
    auto tensor = dyn_cast<RankedTensorType>(argument.getType());
    auto names = function.getArgAttrOfType<ArrayAttr>(number, kDimsAttr);
    if (!tensor || !names)
      continue;
    for (auto [extent, name] :
         llvm::zip(tensor.getShape(), names.getAsRange<StringAttr>()))
      if (ShapedType::isDynamic(extent) && !name.empty())
        dims.try_emplace(name, BlockArgument());
  }
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

void SignatureRewriter::replaceInput(BlockArgument tensor,
                                     DictionaryAttr attributes) {
  auto names = attributes.getAs<ArrayAttr>(kDimsAttr);
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
  BlockArgument buffer =
      addArgument(Role::Input, getBufferType(tensor.getType()), attributes);
  Value read = bufferization::ToTensorOp::create(
      builder, function.getLoc(), tensor.getType(), buffer, /*restrict=*/true);
  tensor.replaceAllUsesWith(read);
}

LogicalResult SignatureRewriter::run() {
  auto returnOp = dyn_cast<func::ReturnOp>(body.getTerminator());
  if (!function.getBody().hasOneBlock() || !returnOp)
    return function.emitError("a host function is one block of kernel calls");
  for (Operation &op : body)
    if (op.getNumRegions())
      return op.emitError("control flow has no place in a host function");
  collectDims();
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
      replaceInput(
          body.getArgument(number),
          DictionaryAttr::get(
              function.getContext(),
              mlir::function_interface_impl::getArgAttrs(function, number)));
  builder.setInsertionPoint(returnOp);
  for (auto [index, result] : llvm::enumerate(returnOp.getOperands())) {
    BlockArgument buffer = addArgument(
        Role::Output, getBufferType(result.getType()),
        DictionaryAttr::get(
            function.getContext(),
            mlir::function_interface_impl::getResultAttrs(function, index)));
    bufferization::MaterializeInDestinationOp::create(
        builder, returnOp.getLoc(), /*result=*/Type(), result, buffer,
        /*restrict=*/true, /*writable=*/true);
  }
  returnOp.getOperandsMutable().clear();
  body.eraseArguments(0, numOld);
  function.removeResAttrsAttr();
  function.setFunctionType(builder.getFunctionType(types, {}));
  function.setArgAttrsAttr(builder.getArrayAttr(attributes));
  return success();
}

//===----------------------------------------------------------------------===//
// Results in the caller's buffers
//===----------------------------------------------------------------------===//

/// Does a kernel want more alignment of this operand than any caller's buffer
/// of its element type has?
static bool wantsAlignment(OpOperand &use) {
  auto invoke = dyn_cast<halide::InvokeOp>(use.getOwner());
  if (!invoke)
    return false;
  auto kernel = SymbolTable::lookupNearestSymbolFrom<halide::PipelineOp>(
      invoke, invoke.getKernelAttr());
  unsigned number = use.getOperandNumber(), inputs = invoke.getInputs().size();
  StringRef align = halide::HalideDialect::kAlign;
  auto wanted =
      number < inputs
          ? kernel.getArgAttrOfType<IntegerAttr>(number, align)
          : kernel.getResultAttrOfType<IntegerAttr>(number - inputs, align);
  auto type = cast<MemRefType>(use.get().getType());
  return wanted && wanted.getInt() * 8 > type.getElementTypeBitWidth();
}

/// The same for a buffer and all views of it.
static bool isAligned(Value buffer) {
  for (OpOperand &use : buffer.getUses()) {
    if (wantsAlignment(use))
      return true;
    if (isa<ViewLikeOpInterface>(use.getOwner()) &&
        llvm::any_of(use.getOwner()->getResults(), isAligned))
      return true;
  }
  return false;
}

/// Makes the value of type `type` of which `reshape` makes `buffer`'s, or null
/// where that is not known.
static Value invertReshape(OpBuilder &builder, Operation *reshape,
                           Value buffer) {
  Location loc = reshape->getLoc();
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(reshape))
    return memref::CollapseShapeOp::create(builder, loc, expand.getSrcType(),
                                           buffer,
                                           expand.getReassociationIndices());
  auto collapse = dyn_cast<memref::CollapseShapeOp>(reshape);
  if (!collapse)
    return {};
  // Extents that were merged are known where the buffer was made.
  auto alloc = collapse.getSrc().getDefiningOp<memref::AllocOp>();
  if (!alloc)
    return {};
  return memref::ExpandShapeOp::create(
      builder, loc, collapse.getSrcType(), buffer,
      collapse.getReassociationIndices(), alloc.getMixedSizes());
}

/// Lets the buffer that `copy` copies into the caller's be the caller's.
static void writeDirectly(memref::CopyOp copy) {
  SmallVector<Operation *> reshapes;
  Value source = copy.getSource();
  while (isa_and_nonnull<memref::ExpandShapeOp, memref::CollapseShapeOp>(
      source.getDefiningOp())) {
    reshapes.push_back(source.getDefiningOp());
    source = source.getDefiningOp()->getOperand(0);
  }
  auto alloc = source.getDefiningOp<memref::AllocOp>();
  // Whoever made the buffer in another way may have others use it.
  if (!alloc || isAligned(source))
    return;
  OpBuilder builder(alloc);
  Value buffer = copy.getTarget();
  for (Operation *reshape : reshapes) {
    buffer = invertReshape(builder, reshape, buffer);
    if (!buffer)
      return;
  }
  if (buffer.getType() != alloc.getType())
    return;
  alloc.replaceAllUsesWith(buffer);
  alloc.erase();
  copy.erase();
}

/// Removes reshapes that undo each other, and what nobody uses.
static void cleanUp(func::FuncOp function) {
  Block &body = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
      continue;
    }
    auto inverse =
        op.getNumOperands() ? op.getOperand(0).getDefiningOp() : nullptr;
    bool undone = (isa<memref::ExpandShapeOp>(op) &&
                   isa_and_nonnull<memref::CollapseShapeOp>(inverse)) ||
                  (isa<memref::CollapseShapeOp>(op) &&
                   isa_and_nonnull<memref::ExpandShapeOp>(inverse));
    if (undone && inverse->getOperand(0).getType() == op.getResult(0).getType())
      op.getResult(0).replaceAllUsesWith(inverse->getOperand(0));
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

LogicalResult BufferizeHostPass::bufferize(func::FuncOp function) {
  if (failed(SignatureRewriter(function).run()))
    return failure();
  bufferization::OneShotBufferizationOptions options;
  bufferization::BufferizationState state;
  if (failed(bufferization::runOneShotBufferize(function, options, state)))
    return failure();
  for (auto copy : llvm::make_early_inc_range(
           function.getBody().front().getOps<memref::CopyOp>())) {
    auto target = dyn_cast<BlockArgument>(copy.getTarget());
    bool isResult =
        target && getRole(function, target.getArgNumber()) == Role::Output;
    if (isResult)
      writeDirectly(copy);
  }
  cleanUp(function);
  return success();
}

void BufferizeHostPass::runOnOperation() {
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
    if (!function.isExternal() && failed(bufferize(function)))
      return signalPassFailure();
}
