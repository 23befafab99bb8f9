//===- Bufferization.h - Calls of kernels on buffers ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What one-shot bufferization has to know of halide.invoke.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_BUFFERIZATION_H
#define SYLVITE_LIB_EMIT_HOST_BUFFERIZATION_H

#include "mlir/IR/DialectRegistry.h"

namespace sylvite {

/// Adds the models of all ops that host functions are made of.
void registerHostBufferization(mlir::DialectRegistry &registry);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_BUFFERIZATION_H
