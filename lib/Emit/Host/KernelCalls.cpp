//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls of kernels in host functions. A kernel is a function that takes the
/// context and its buffers and returns a code, whoever made it; on a device its
/// buffers are there, and it need not have ended when it returns.
///
/// A call fills in one halide_buffer_t per operand. All calls of a function use
/// the same ones on the stack, since a kernel keeps nothing of them. A code
/// that is not 0 ends the function.
///
//===----------------------------------------------------------------------===//

#include "HostTranslator.h"

using namespace mlir;
using namespace sylvite;

/// halide_type_t in one word: code, bits, lanes. None for a type that Halide
/// has not.
static std::optional<int32_t> getHalideType(Type type) {
  enum { Int, UInt, Float, BFloat = 4 };
  int32_t bits = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
  auto make = [&](int32_t code) { return code | bits << 8 | 1 << 16; };
  if (type.isBF16())
    return make(BFloat);
  if (type.isF16() || type.isF32() || type.isF64())
    return make(Float);
  if (!type.isInteger())
    return std::nullopt;
  // Halide has no signed type of one bit.
  return make(type.isUnsignedInteger() || bits == 1 ? UInt : Int);
}

LLVM::LLVMFuncOp HostTranslator::getFillFunction(unsigned rank) {
  std::string name = "sylvite_fill_buffer_" + std::to_string(rank);
  if (auto known = host.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(host.getBody());
  // The buffer, its dimensions, the data, the type, the extents outermost
  // first.
  SmallVector<Type> arguments = {types.pointer, types.pointer, types.pointer,
                                 types.i32};
  arguments.append(rank, types.i64);
  auto fill = LLVM::LLVMFuncOp::create(
      builder, name,
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(host.getContext()),
                                  arguments));
  fill.setLinkage(LLVM::Linkage::Internal);
  builder.setInsertionPointToStart(fill.addEntryBlock(builder));
  auto store = [&](Value value, Value pointer, Type type, int32_t element,
                   int32_t field) {
    Value address = LLVM::GEPOp::create(builder, types.pointer, type, pointer,
                                        ArrayRef<LLVM::GEPArg>{element, field});
    LLVM::StoreOp::create(builder, value, address);
  };
  Value buffer = fill.getArgument(0), dimensions = fill.getArgument(1);
  Value null = LLVM::ZeroOp::create(builder, types.pointer);
  Value none = makeConstant(types.i64, 0);
  Value fields[] = {none,
                    null,
                    fill.getArgument(2),
                    none,
                    fill.getArgument(3),
                    makeConstant(types.i32, rank),
                    dimensions,
                    null};
  for (auto [field, value] : llvm::enumerate(fields))
    store(value, buffer, types.halideBuffer, 0, field);
  // Halide's dimensions are innermost first; strides are in elements.
  Value zero = makeConstant(types.i32, 0), stride = makeConstant(types.i32, 1);
  for (unsigned i = 0; i < rank; ++i) {
    Value extent = LLVM::TruncOp::create(builder, types.i32,
                                         fill.getArgument(4 + rank - 1 - i));
    Value dimension[] = {zero, extent, stride, zero};
    for (auto [field, value] : llvm::enumerate(dimension))
      store(value, dimensions, types.halideDimension, i, field);
    stride = LLVM::MulOp::create(builder, stride, extent);
  }
  LLVM::ReturnOp::create(builder, ValueRange());
  return fill;
}

FailureOr<Value> HostTranslator::fillBuffer(Operation *op, unsigned index,
                                            Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  std::optional<int32_t> element = getHalideType(type.getElementType());
  if (!element)
    return op->emitOpError("passes elements of type ")
           << type.getElementType() << ", which kernels do not have";
  Buffer data = buffers.lookup(memref);
  auto pick = [&](Value array, Type elements, unsigned number) -> Value {
    return LLVM::GEPOp::create(builder, types.pointer, elements, array,
                               ArrayRef<LLVM::GEPArg>{int32_t(number)});
  };
  Value buffer = pick(halideBuffers, types.halideBuffer, index);
  SmallVector<Value> arguments = {
      buffer, pick(halideDims, types.halideDimension, index * maxRank),
      data.pointer, makeConstant(types.i32, *element)};
  arguments.append(data.extents);
  LLVM::CallOp::create(builder, getFillFunction(type.getRank()), arguments);
  return buffer;
}

void HostTranslator::returnIfFailed(Value code) {
  Region *region = builder.getBlock()->getParent();
  if (!failureBlock) {
    OpBuilder::InsertionGuard guard(builder);
    failureBlock =
        builder.createBlock(region, region->end(), types.i32, builder.getLoc());
    LLVM::ReturnOp::create(builder, failureBlock->getArgument(0));
  }
  Block *next = addBlock();
  Value isFailure = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, code,
                                         makeConstant(types.i32, 0));
  LLVM::CondBrOp::create(builder, isFailure, failureBlock, ValueRange(code),
                         next, ValueRange());
  builder.setInsertionPointToStart(next);
}

void HostTranslator::callRuntime(StringRef name, ValueRange arguments) {
  SmallVector<Value> all = {userContext};
  llvm::append_range(all, arguments);
  LLVM::LLVMFuncOp callee =
      declare(name, llvm::to_vector(ValueRange(all).getTypes()), types.i32);
  returnIfFailed(LLVM::CallOp::create(builder, callee, all).getResult());
}

void HostTranslator::noteCall() {
  Value number = makeConstant(types.i32, nextCall++);
  if (onDevice) {
    LLVM::LLVMFuncOp note =
        declare("sylvite_note_device_kernel", {types.pointer, types.i32},
                LLVM::LLVMVoidType::get(host.getContext()));
    LLVM::CallOp::create(builder, note, ValueRange{userContext, number});
    return;
  }
  LLVM::LLVMFuncOp note =
      declare("sylvite_note_kernel", {types.pointer, types.i32},
              LLVM::LLVMVoidType::get(host.getContext()));
  Block *noting = addBlock(), *next = addBlock();
  Value null = LLVM::ZeroOp::create(builder, types.pointer);
  Value isWanted =
      LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, profile, null);
  LLVM::CondBrOp::create(builder, isWanted, noting, ValueRange(), next,
                         ValueRange());
  builder.setInsertionPointToStart(noting);
  LLVM::CallOp::create(builder, note, ValueRange{profile, number});
  LLVM::BrOp::create(builder, ValueRange(), next);
  builder.setInsertionPointToStart(next);
}

/// Fails where a kernel wants its operand aligned and it is a caller's.
static LogicalResult checkAlignment(halide::InvokeOp op) {
  // Views of the weights and of the arena begin at multiples of 64 bytes.
  constexpr int64_t ownAlignment = 64;
  auto kernel = SymbolTable::lookupNearestSymbolFrom<halide::PipelineOp>(
      op, op.getKernelAttr());
  if (!kernel)
    return success();
  StringRef align = halide::HalideDialect::kAlign;
  unsigned inputs = op.getInputs().size();
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    auto wanted =
        index < inputs
            ? kernel.getArgAttrOfType<IntegerAttr>(index, align)
            : kernel.getResultAttrOfType<IntegerAttr>(index - inputs, align);
    if (!wanted)
      continue;
    Value root = operand;
    bool isView = false, isRow = false;
    while (Operation *view = root.getDefiningOp()) {
      isView |= isa<memref::ViewOp>(view);
      isRow |= isa<memref::SubViewOp>(view);
      root = view->getOperand(0);
    }
    int64_t given =
        isView && !isRow
            ? ownAlignment
            : cast<MemRefType>(operand.getType()).getElementTypeBitWidth() / 8;
    if (wanted.getInt() > given)
      return op.emitOpError("passes operand ")
             << index << ", aligned to " << given << " bytes, where "
             << op.getKernelAttr() << " wants " << wanted.getInt();
  }
  return success();
}

LogicalResult HostTranslator::translate(halide::InvokeOp op) {
  if (failed(checkAlignment(op)))
    return failure();
  SmallVector<Value> arguments = {userContext};
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    FailureOr<Value> buffer = fillBuffer(op, index, operand);
    if (failed(buffer))
      return failure();
    arguments.push_back(*buffer);
  }
  SmallVector<Type> argumentTypes(arguments.size(), types.pointer);
  LLVM::LLVMFuncOp kernel = declare(op.getKernel(), argumentTypes, types.i32);
  Value count = makeConstant(types.i32, op->getNumOperands()),
        inputs = makeConstant(types.i32, op.getInputs().size());
  if (onDevice)
    callRuntime("sylvite_device_bind", {halideBuffers, count, inputs});
  Value code = LLVM::CallOp::create(builder, kernel, arguments).getResult();
  if (onDevice)
    callRuntime("sylvite_device_unbind", {halideBuffers, count, inputs, code});
  else
    returnIfFailed(code);
  noteCall();
  return success();
}
