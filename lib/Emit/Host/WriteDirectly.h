//===- WriteDirectly.h - Kernels write where copies would go ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The last step of bufferization takes away copies of what kernels could have
/// written to the right place.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_WRITEDIRECTLY_H
#define SYLVITE_LIB_EMIT_HOST_WRITEDIRECTLY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sylvite {

/// Lets kernels write into the caller's buffers, and into the rows of what a
/// loop stacks, where bufferization left a copy.
void writeDirectly(mlir::func::FuncOp function);

/// Removes copies of a buffer to itself, reshapes that undo each other, and
/// what nobody uses.
void cleanUpBuffers(mlir::func::FuncOp function);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_WRITEDIRECTLY_H
