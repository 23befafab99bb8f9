//===- LlvmTypes.h - Structures of Halide and of the runtime ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The structures that compiled code shares with Halide's kernels and with the
/// runtime, as types of the LLVM dialect. Their fields are those of
/// HalideRuntime.h and of sylvite/Runtime/Descriptor.h, in the same order.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_LLVMTYPES_H
#define SYLVITE_LIB_EMIT_HOST_LLVMTYPES_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"

namespace sylvite {

/// The types by their names in C.
struct LlvmTypes {
  explicit LlvmTypes(mlir::MLIRContext *context);

  mlir::Type pointer, i8, i32, i64;
  mlir::LLVM::LLVMStructType halideBuffer, halideDimension;
  mlir::LLVM::LLVMStructType dim, tensor, function, descriptor;
};

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_LLVMTYPES_H
