//===- HostTranslator.h - One host function in the LLVM dialect -*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Translates the body of one host function, op by op, into a function of the
/// LLVM dialect. What an op becomes is said by one small function each.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_HOSTTRANSLATOR_H
#define SYLVITE_LIB_EMIT_HOST_HOSTTRANSLATOR_H

#include "LlvmTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite {

/// Translates functions into the module `host`.
class HostTranslator {
public:
  /// With `onDevice`, places are ones of a device, of which the runtime knows.
  HostTranslator(mlir::ModuleOp host, const LlvmTypes &types, bool onDevice);

  /// Makes the function that runs the kernels; see sylvite_impl.
  mlir::LogicalResult translate(mlir::func::FuncOp function,
                                llvm::StringRef name);

  /// Makes the function that tells the arena's size; see sylvite_arena.
  mlir::LogicalResult translateArena(mlir::func::FuncOp function,
                                     llvm::StringRef name);

private:
  /// A dense buffer: where it begins, and its extents, outermost first.
  struct Buffer {
    mlir::Value pointer;
    llvm::SmallVector<mlir::Value> extents;
  };

  // What ops become.
  mlir::LogicalResult translate(mlir::arith::CmpIOp op);
  mlir::LogicalResult translate(mlir::arith::ConstantOp op);
  mlir::LogicalResult translate(mlir::arith::IndexCastOp op);
  mlir::LogicalResult translate(mlir::arith::SubIOp op);
  mlir::LogicalResult translate(mlir::arith::AddIOp op);
  mlir::LogicalResult translate(mlir::arith::MulIOp op);
  mlir::LogicalResult translate(mlir::arith::MaxUIOp op);
  mlir::LogicalResult translate(mlir::arith::MinUIOp op);
  mlir::LogicalResult translate(mlir::arith::AndIOp op);
  mlir::LogicalResult translate(mlir::func::CallOp op);
  mlir::LogicalResult translate(mlir::memref::CollapseShapeOp op);
  mlir::LogicalResult translate(mlir::memref::CopyOp op);
  mlir::LogicalResult translate(mlir::memref::DimOp op);
  mlir::LogicalResult translate(mlir::memref::ExpandShapeOp op);
  mlir::LogicalResult translate(mlir::memref::LoadOp op);
  mlir::LogicalResult translate(mlir::memref::StoreOp op);
  mlir::LogicalResult translate(mlir::memref::SubViewOp op);
  mlir::LogicalResult translate(mlir::memref::ViewOp op);
  mlir::LogicalResult translate(mlir::scf::ForOp op);
  mlir::LogicalResult translate(mlir::scf::WhileOp op);
  mlir::LogicalResult translate(halide::InvokeOp op);
  mlir::LogicalResult translateOp(mlir::Operation *op);
  /// All ops of a block but the terminator.
  mlir::LogicalResult translateOps(mlir::Block &block);

  /// Makes a function of the LLVM dialect and moves to its start.
  mlir::LLVM::LLVMFuncOp begin(mlir::func::FuncOp function,
                               llvm::StringRef name, mlir::TypeRange arguments,
                               mlir::Type result);
  /// Binds the arguments by their roles.
  mlir::LogicalResult bindArguments(mlir::func::FuncOp function,
                                    mlir::LLVM::LLVMFuncOp translated);
  mlir::LogicalResult bindExtents(mlir::BlockArgument argument, Buffer &buffer);
  /// Reserves the buffers that all calls of the function use.
  void reserveBuffers(mlir::func::FuncOp function);
  /// Fills in buffer number `index` of the reserved ones.
  mlir::FailureOr<mlir::Value> fillBuffer(mlir::Operation *op, unsigned index,
                                          mlir::Value memref);
  /// The function that fills in a buffer of this rank.
  mlir::LLVM::LLVMFuncOp getFillFunction(unsigned rank);
  /// A block that stands behind those there are, but before the failure block.
  mlir::Block *addBlock(mlir::TypeRange arguments = {});
  /// Where a dense buffer's element 0 of this row is.
  mlir::Value getElement(const Buffer &buffer, mlir::MemRefType type,
                         mlir::ValueRange indices);
  /// Notes, where somebody wants to know, that a kernel is done.
  void noteCall();
  /// Ends the function with `code` unless that is 0.
  void returnIfFailed(mlir::Value code);
  /// The declaration of a function elsewhere.
  mlir::LLVM::LLVMFuncOp declare(llvm::StringRef name,
                                 mlir::TypeRange arguments, mlir::Type result);

  mlir::Value makeConstant(mlir::Type type, int64_t value);
  mlir::Value makeOffset(mlir::Value pointer, mlir::Value bytes);
  mlir::Value load(mlir::Type type, mlir::Value array, int64_t index);
  mlir::Value multiply(mlir::ValueRange factors);

  /// Calls a function of the runtime that takes the context and returns a code,
  /// and ends the function unless that is 0.
  void callRuntime(llvm::StringRef name, mlir::ValueRange arguments);

  mlir::ModuleOp host;
  const LlvmTypes &types;
  bool onDevice;
  mlir::ImplicitLocOpBuilder builder;
  llvm::DenseMap<mlir::Value, mlir::Value> scalars;
  llvm::DenseMap<mlir::Value, Buffer> buffers;
  llvm::StringMap<mlir::Value> dims;

  // Of the function at hand.
  mlir::Value userContext, halideBuffers, halideDims;
  /// Where a number is on its way from or to a device.
  mlir::Value number;
  /// The profile that calls of kernels are noted in, or null at run time; and
  /// the number of the next call.
  mlir::Value profile;
  unsigned nextCall = 0;
  unsigned maxRank = 0;
  mlir::Block *failureBlock = nullptr;
};

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_HOSTTRANSLATOR_H
