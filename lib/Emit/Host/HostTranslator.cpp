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

HostTranslator::HostTranslator(ModuleOp host, const LlvmTypes &types,
                               bool onDevice)
    : host(host), types(types), onDevice(onDevice),
      builder(host.getLoc(), host.getContext()) {}

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
  if (onDevice)
    number = LLVM::AllocaOp::create(builder, types.pointer, types.i64,
                                    makeConstant(types.i32, 1));
}

LogicalResult HostTranslator::translate(func::FuncOp function, StringRef name) {
  Type ptr = types.pointer;
  LLVM::LLVMFuncOp translated =
      begin(function, name, {ptr, ptr, ptr, ptr, ptr, ptr}, types.i32);
  reserveBuffers(function);
  if (failed(bindArguments(function, translated)))
    return failure();
  // The first member of sylvite_context.
  profile = load(types.pointer, userContext, 0);
  nextCall = 0;
  failureBlock = nullptr;
  if (failed(translateOps(function.getBody().front())))
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
  if (failed(translateOps(body)))
    return failure();
  LLVM::ReturnOp::create(builder,
                         scalars.lookup(body.getTerminator()->getOperand(0)));
  return success();
}

LogicalResult HostTranslator::translateOps(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(translateOp(&op)))
      return failure();
  return success();
}

LogicalResult HostTranslator::translateOp(Operation *op) {
  builder.setLoc(op->getLoc());
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::AddIOp, arith::AndIOp, arith::CmpIOp, arith::ConstantOp,
            arith::IndexCastOp, arith::MaxUIOp, arith::MinUIOp, arith::MulIOp,
            arith::SubIOp, func::CallOp, halide::InvokeOp,
            memref::CollapseShapeOp, memref::CopyOp, memref::DimOp,
            memref::ExpandShapeOp, memref::LoadOp, memref::StoreOp,
            memref::SubViewOp, memref::ViewOp, scf::ForOp, scf::WhileOp>(
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
  if (!value || !(op.getType().isIndex() || op.getType().isInteger(1)))
    return op.emitOpError("is no number of a host function");
  if (op.getType().isIndex())
    scalars[op] = makeConstant(types.i64, value.getInt());
  else
    scalars[op] = makeConstant(op.getType(), value.getValue().getZExtValue());
  return success();
}

LogicalResult HostTranslator::translate(arith::CmpIOp op) {
  // The two dialects number the predicates alike.
  auto predicate = LLVM::ICmpPredicate(op.getPredicate());
  scalars[op] =
      LLVM::ICmpOp::create(builder, predicate, scalars.lookup(op.getLhs()),
                           scalars.lookup(op.getRhs()));
  return success();
}

LogicalResult HostTranslator::translate(arith::IndexCastOp op) {
  if (!op.getType().isIndex() && !op.getType().isInteger(64))
    return op.emitOpError("is no cast between numbers of 64 bits");
  scalars[op] = scalars.lookup(op.getIn());
  return success();
}

LogicalResult HostTranslator::translate(arith::SubIOp op) {
  scalars[op] = LLVM::SubOp::create(builder, scalars.lookup(op.getLhs()),
                                    scalars.lookup(op.getRhs()));
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

LogicalResult HostTranslator::translate(arith::MinUIOp op) {
  scalars[op] = LLVM::UMinOp::create(builder, scalars.lookup(op.getLhs()),
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
  Value target = buffers.lookup(op.getTarget()).pointer;
  if (onDevice)
    callRuntime("sylvite_device_copy",
                {target, source.pointer, multiply(factors)});
  else
    LLVM::MemcpyOp::create(builder, target, source.pointer, multiply(factors),
                           /*isVolatile=*/false);
  return success();
}

Value HostTranslator::getElement(const Buffer &buffer, MemRefType type,
                                 ValueRange indices) {
  // Row by row: the index so far, times the next extent, plus the next index.
  Value index = makeConstant(types.i64, 0);
  for (auto [axis, extent] : llvm::enumerate(buffer.extents)) {
    index = LLVM::MulOp::create(builder, index, extent);
    if (axis < indices.size())
      index = LLVM::AddOp::create(builder, index, indices[axis]);
  }
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  return makeOffset(buffer.pointer,
                    multiply({index, makeConstant(types.i64, bytes)}));
}

/// The indices in the program that is being made.
static SmallVector<Value> lookupAll(const llvm::DenseMap<Value, Value> &scalars,
                                    ValueRange values) {
  return llvm::map_to_vector(
      values, [&](Value value) { return scalars.lookup(value); });
}

LogicalResult HostTranslator::translate(memref::LoadOp op) {
  Value address = getElement(buffers.lookup(op.getMemref()), op.getMemRefType(),
                             lookupAll(scalars, op.getIndices()));
  int64_t bytes = llvm::divideCeil(op.getType().getIntOrFloatBitWidth(), 8);
  if (onDevice) {
    callRuntime("sylvite_device_read",
                {number, address, makeConstant(types.i64, bytes)});
    address = number;
  }
  if (!op.getType().isInteger(1)) {
    scalars[op] = LLVM::LoadOp::create(builder, op.getType(), address);
    return success();
  }
  // A bool is a byte, which kernels write as 0 or 1.
  Value byte = LLVM::LoadOp::create(builder, types.i8, address);
  scalars[op] = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, byte,
                                     makeConstant(types.i8, 0));
  return success();
}

LogicalResult HostTranslator::translate(memref::StoreOp op) {
  if (op.getValueToStore().getType().isInteger(1))
    return op.emitOpError("stores a bool, which kernels alone do");
  Value address = getElement(buffers.lookup(op.getMemref()), op.getMemRefType(),
                             lookupAll(scalars, op.getIndices()));
  Value value = scalars.lookup(op.getValueToStore());
  if (!onDevice) {
    LLVM::StoreOp::create(builder, value, address);
    return success();
  }
  LLVM::StoreOp::create(builder, value, number);
  int64_t bytes = op.getValueToStore().getType().getIntOrFloatBitWidth() / 8;
  callRuntime("sylvite_device_write",
              {address, number, makeConstant(types.i64, bytes)});
  return success();
}

LogicalResult HostTranslator::translate(memref::SubViewOp op) {
  // Rows that lie together: a range of the first axis alone.
  Buffer source = buffers.lookup(op.getSource()), buffer;
  SmallVector<OpFoldResult> offsets = op.getMixedOffsets();
  auto get = [&](OpFoldResult number) -> Value {
    if (auto value = dyn_cast<Value>(number))
      return scalars.lookup(value);
    return makeConstant(types.i64,
                        cast<IntegerAttr>(cast<Attribute>(number)).getInt());
  };
  for (auto [axis, offset, stride] :
       llvm::enumerate(offsets, op.getMixedStrides()))
    if (!isOneInteger(stride) || (axis > 0 && !isZeroInteger(offset)))
      return op.emitOpError("is no run of rows");
  buffer.pointer =
      getElement(source, cast<MemRefType>(op.getSource().getType()),
                 offsets.empty() ? ValueRange() : get(offsets.front()));
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (auto [axis, size] : llvm::enumerate(op.getMixedSizes()))
    if (!dropped.test(axis))
      buffer.extents.push_back(get(size));
  buffers[op] = std::move(buffer);
  return success();
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

Block *HostTranslator::addBlock(TypeRange arguments) {
  OpBuilder::InsertionGuard guard(builder);
  Region *region = builder.getBlock()->getParent();
  SmallVector<Location> locations(arguments.size(), builder.getLoc());
  return builder.createBlock(
      region, failureBlock ? failureBlock->getIterator() : region->end(),
      arguments, locations);
}

/// Loops on buffers carry numbers alone.
static LogicalResult checkCarried(Operation *loop, TypeRange types) {
  for (Type type : types)
    if (!type.isIntOrIndex())
      return loop->emitOpError("carries a value of type ")
             << type << ", which is no number";
  return success();
}

LogicalResult HostTranslator::translate(scf::ForOp op) {
  if (op.getNumResults())
    return op.emitOpError("carries values, where buffers hold them");
  Block *head = addBlock(types.i64), *body = addBlock();
  LLVM::BrOp::create(builder, scalars.lookup(op.getLowerBound()), head);
  builder.setInsertionPointToStart(body);
  scalars[op.getInductionVar()] = head->getArgument(0);
  if (failed(translateOps(*op.getBody())))
    return failure();
  builder.setLoc(op.getLoc());
  Value next = LLVM::AddOp::create(builder, head->getArgument(0),
                                   scalars.lookup(op.getStep()));
  LLVM::BrOp::create(builder, next, head);
  Block *behind = addBlock();
  builder.setInsertionPointToStart(head);
  Value goesOn = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::slt,
                                      head->getArgument(0),
                                      scalars.lookup(op.getUpperBound()));
  LLVM::CondBrOp::create(builder, goesOn, body, behind);
  builder.setInsertionPointToStart(behind);
  return success();
}

LogicalResult HostTranslator::translate(scf::WhileOp op) {
  if (failed(checkCarried(op, op.getInits().getTypes())) ||
      failed(checkCarried(op, op.getResultTypes())))
    return failure();
  auto convert = [&](Type type) { return type.isIndex() ? types.i64 : type; };
  auto bind = [&](ValueRange arguments, ValueRange values) {
    for (auto [argument, value] : llvm::zip(arguments, values))
      scalars[argument] = value;
  };
  Block *head =
      addBlock(llvm::map_to_vector(op.getInits().getTypes(), convert));
  LLVM::BrOp::create(builder, lookupAll(scalars, op.getInits()), head);
  builder.setInsertionPointToStart(head);
  bind(op.getBeforeArguments(), head->getArguments());
  if (failed(translateOps(*op.getBeforeBody())))
    return failure();
  builder.setLoc(op.getLoc());
  scf::ConditionOp condition = op.getConditionOp();
  SmallVector<Value> passed = lookupAll(scalars, condition.getArgs());
  Value goesOn = scalars.lookup(condition.getCondition());
  bind(op.getAfterArguments(), passed);
  bind(op.getResults(), passed);
  Block *end = builder.getBlock(), *body = addBlock();
  builder.setInsertionPointToStart(body);
  if (failed(translateOps(*op.getAfterBody())))
    return failure();
  builder.setLoc(op.getLoc());
  LLVM::BrOp::create(builder, lookupAll(scalars, op.getYieldOp().getResults()),
                     head);
  Block *behind = addBlock();
  builder.setInsertionPointToEnd(end);
  LLVM::CondBrOp::create(builder, goesOn, body, behind);
  builder.setInsertionPointToStart(behind);
  return success();
}
