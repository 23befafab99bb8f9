//===- Guard.h - Halide's errors as diagnostics -----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The one boundary that Halide's exceptions do not cross. MLIR is built
/// without exceptions: one that reached it would end the process.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_GUARD_H
#define SYLVITE_LIB_EMIT_HALIDE_GUARD_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/Support/LLVM.h"

namespace sylvite::emit {

/// Runs `body`, which calls Halide. What Halide throws becomes an error at
/// `loc`, what it warns of a warning there.
mlir::LogicalResult callHalide(mlir::Location loc,
                               llvm::function_ref<void()> body);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_GUARD_H
