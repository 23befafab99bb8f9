//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One host function in the LLVM dialect.
///
/// Buffers are dense, so that a pointer and the extents say everything, and
/// views cost nothing: an offset at most. Calls are in KernelCalls.cpp.
///
//===----------------------------------------------------------------------===//

#include "HostTranslator.h"

#include "sylvite/Emit/Host/Roles.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;

HostTranslator::HostTranslator(ModuleOp host, const LlvmTypes &types)
    : host(host), types(types), builder(host.getLoc(), host.getContext()) {}

//===----------------------------------------------------------------------===//
// Single values
//===----------------------------------------------------------------------===//

Value HostTranslator::makeConstant(Type type, int64_t value) {
  return LLVM::ConstantOp::create(builder, type,
                                  builder.getIntegerAttr(type, value));
}

Value HostTranslator::makeOffset(Value pointer, Value bytes) {
  return LLVM::GEPOp::create(builder, types.pointer, types.i8, pointer,
                             ArrayRef<LLVM::GEPArg>{bytes});
}

Value HostTranslator::load(Type type, Value array, int64_t index) {
  Value address = LLVM::GEPOp::create(builder, types.pointer, type, array,
                                      ArrayRef<LLVM::GEPArg>{int32_t(index)});
  return LLVM::LoadOp::create(builder, type, address);
}

Value HostTranslator::multiply(ValueRange factors) {
  Value product;
  for (Value factor : factors)
    product = product ? LLVM::MulOp::create(builder, product, factor) : factor;
  return product ? product : makeConstant(types.i64, 1);
}

LLVM::LLVMFuncOp HostTranslator::declare(StringRef name, TypeRange arguments,
                                         Type result) {
  if (auto known = host.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(host.getBody());
  return LLVM::LLVMFuncOp::create(
      builder, name,
      LLVM::LLVMFunctionType::get(result, llvm::to_vector(arguments)));
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

LLVM::LLVMFuncOp HostTranslator::begin(func::FuncOp function, StringRef name,
                                       TypeRange arguments, Type result) {
  scalars.clear();
  buffers.clear();
  dims.clear();
  builder.setLoc(function.getLoc());
  builder.setInsertionPointToEnd(host.getBody());
  auto translated = LLVM::LLVMFuncOp::create(
      builder, name,
      LLVM::LLVMFunctionType::get(result, llvm::to_vector(arguments)));
  translated.setVisibility_(LLVM::Visibility::Hidden);
  builder.setInsertionPointToStart(translated.addEntryBlock(builder));
  return translated;
}

LogicalResult HostTranslator::bindExtents(BlockArgument argument,
                                          Buffer &buffer) {
  auto type = cast<MemRefType>(argument.getType());
  for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      buffer.extents.push_back(makeConstant(types.i64, extent));
      continue;
    }
    Value dim = dims.lookup(getAxisName(argument, axis));
    if (!dim)
      return emitError(argument.getLoc())
             << "axis " << axis << " of argument " << argument.getArgNumber()
             << " has no dimension";
    buffer.extents.push_back(dim);
  }
  return success();
}

LogicalResult HostTranslator::bindArguments(func::FuncOp function,
                                            LLVM::LLVMFuncOp translated) {
  // The parameters of sylvite_impl.
  userContext = translated.getArgument(0);
  Value dimArray = translated.getArgument(1);
  Value inputArray = translated.getArgument(4),
        outputArray = translated.getArgument(5);
  for (auto [index, dim] :
       llvm::enumerate(getRoleArguments(function, Role::Dim)))
    scalars[dim] = dims[getGraphName(dim)] = load(types.i64, dimArray, index);
  // Blocks of bytes, whose extent nobody asks for.
  if (BlockArgument weights = getRoleArgument(function, Role::Weights))
    buffers[weights].pointer = translated.getArgument(2);
  if (BlockArgument arena = getRoleArgument(function, Role::Arena))
    buffers[arena].pointer = translated.getArgument(3);
  auto bind = [&](Role role, Value array) -> LogicalResult {
    for (auto [index, argument] :
         llvm::enumerate(getRoleArguments(function, role))) {
      Buffer &buffer = buffers[argument];
      buffer.pointer = load(types.pointer, array, index);
      if (failed(bindExtents(argument, buffer)))
        return failure();
    }
    return success();
  };
  if (failed(bind(Role::Input, inputArray)))
    return failure();
  return bind(Role::Output, outputArray);
}

void HostTranslator::reserveBuffers(func::FuncOp function) {
  unsigned maxOperands = 1;
  maxRank = 1;
  function.walk([&](halide::InvokeOp op) {
    maxOperands = std::max(maxOperands, op->getNumOperands());
    for (Type type : op->getOperandTypes())
      maxRank = std::max<unsigned>(maxRank, cast<ShapedType>(type).getRank());
  });
  halideBuffers =
      LLVM::AllocaOp::create(builder, types.pointer, types.halideBuffer,
                             makeConstant(types.i32, maxOperands));
  halideDims =
      LLVM::AllocaOp::create(builder, types.pointer, types.halideDimension,
                             makeConstant(types.i32, maxOperands * maxRank));
}

LogicalResult HostTranslator::translate(func::FuncOp function, StringRef name) {
  Type ptr = types.pointer;
  LLVM::LLVMFuncOp translated =
      begin(function, name, {ptr, ptr, ptr, ptr, ptr, ptr}, types.i32);
  reserveBuffers(function);
  if (failed(bindArguments(function, translated)))
    return failure();
  failureBlock = nullptr;
  for (Operation &op : function.getBody().front().without_terminator())
    if (failed(translateOp(&op)))
      return failure();
  builder.setLoc(function.getLoc());
  LLVM::ReturnOp::create(builder, makeConstant(types.i32, 0));
  return success();
}

LogicalResult HostTranslator::translateArena(func::FuncOp function,
                                             StringRef name) {
  LLVM::LLVMFuncOp translated = begin(function, name, types.pointer, types.i64);
  for (auto [index, dim] : llvm::enumerate(function.getArguments()))
    scalars[dim] = load(types.i64, translated.getArgument(0), index);
  Block &body = function.getBody().front();
  for (Operation &op : body.without_terminator())
    if (failed(translateOp(&op)))
      return failure();
  LLVM::ReturnOp::create(builder,
                         scalars.lookup(body.getTerminator()->getOperand(0)));
  return success();
}

LogicalResult HostTranslator::translateOp(Operation *op) {
  builder.setLoc(op->getLoc());
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::AddIOp, arith::AndIOp, arith::ConstantOp, arith::MaxUIOp,
            arith::MulIOp, func::CallOp, halide::InvokeOp,
            memref::CollapseShapeOp, memref::CopyOp, memref::DimOp,
            memref::ExpandShapeOp, memref::ViewOp>(
          [&](auto known) { return translate(known); })
      .Default([](Operation *unknown) {
        return unknown->emitOpError("is no part of a planned host function");
      });
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

LogicalResult HostTranslator::translate(arith::ConstantOp op) {
  auto value = dyn_cast<IntegerAttr>(op.getValue());
  if (!value || !op.getType().isIndex())
    return op.emitOpError("is no number of a host function");
  scalars[op] = makeConstant(types.i64, value.getInt());
  return success();
}

LogicalResult HostTranslator::translate(arith::AddIOp op) {
  scalars[op] = LLVM::AddOp::create(builder, scalars.lookup(op.getLhs()),
                                    scalars.lookup(op.getRhs()));
  return success();
}

LogicalResult HostTranslator::translate(arith::MulIOp op) {
  scalars[op] = LLVM::MulOp::create(builder, scalars.lookup(op.getLhs()),
                                    scalars.lookup(op.getRhs()));
  return success();
}

LogicalResult HostTranslator::translate(arith::MaxUIOp op) {
  scalars[op] = LLVM::UMaxOp::create(builder, scalars.lookup(op.getLhs()),
                                     scalars.lookup(op.getRhs()));
  return success();
}

LogicalResult HostTranslator::translate(arith::AndIOp op) {
  scalars[op] = LLVM::AndOp::create(builder, scalars.lookup(op.getLhs()),
                                    scalars.lookup(op.getRhs()));
  return success();
}

LogicalResult HostTranslator::translate(func::CallOp op) {
  SmallVector<Value> operands;
  for (Value operand : op.getOperands())
    operands.push_back(scalars.lookup(operand));
  SmallVector<Type> arguments(operands.size(), types.i64);
  LLVM::LLVMFuncOp callee = declare(op.getCallee(), arguments, types.i64);
  scalars[op.getResult(0)] =
      LLVM::CallOp::create(builder, callee, operands).getResult();
  return success();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

LogicalResult HostTranslator::translate(memref::ViewOp op) {
  Buffer buffer;
  buffer.pointer = makeOffset(buffers.lookup(op.getSource()).pointer,
                              scalars.lookup(op.getByteShift()));
  unsigned nextDynamic = 0;
  for (int64_t extent : op.getType().getShape())
    buffer.extents.push_back(ShapedType::isDynamic(extent)
                                 ? scalars.lookup(op.getSizes()[nextDynamic++])
                                 : makeConstant(types.i64, extent));
  buffers[op] = std::move(buffer);
  return success();
}

LogicalResult HostTranslator::translate(memref::CollapseShapeOp op) {
  Buffer source = buffers.lookup(op.getSrc()), buffer{source.pointer, {}};
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    SmallVector<Value> factors;
    for (int64_t axis : group)
      factors.push_back(source.extents[axis]);
    buffer.extents.push_back(multiply(factors));
  }
  buffers[op] = std::move(buffer);
  return success();
}

LogicalResult HostTranslator::translate(memref::ExpandShapeOp op) {
  Buffer buffer{buffers.lookup(op.getSrc()).pointer, {}};
  for (OpFoldResult extent : op.getMixedOutputShape()) {
    if (auto value = dyn_cast<Value>(extent))
      buffer.extents.push_back(scalars.lookup(value));
    else
      buffer.extents.push_back(makeConstant(
          types.i64, cast<IntegerAttr>(cast<Attribute>(extent)).getInt()));
  }
  buffers[op] = std::move(buffer);
  return success();
}

LogicalResult HostTranslator::translate(memref::DimOp op) {
  std::optional<int64_t> axis = op.getConstantIndex();
  if (!axis)
    return op.emitOpError("asks for an axis that is not constant");
  scalars[op] = buffers.lookup(op.getSource()).extents[*axis];
  return success();
}

LogicalResult HostTranslator::translate(memref::CopyOp op) {
  auto type = cast<MemRefType>(op.getSource().getType());
  Buffer source = buffers.lookup(op.getSource());
  SmallVector<Value> factors = source.extents;
  factors.push_back(makeConstant(
      types.i64, llvm::divideCeil(type.getElementTypeBitWidth(), 8)));
  LLVM::MemcpyOp::create(builder, buffers.lookup(op.getTarget()).pointer,
                         source.pointer, multiply(factors),
                         /*isVolatile=*/false);
  return success();
}
