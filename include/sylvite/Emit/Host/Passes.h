//===- Passes.h - Passes of the host phase ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes that turn functions of kernel calls on tensors into a program:
/// weights get places in one block, tensors become buffers, buffers become
/// parts of one arena, and the rest becomes the LLVM dialect.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_PASSES_H
#define SYLVITE_EMIT_HOST_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace sylvite {

#define GEN_PASS_DECL
#include "sylvite/Emit/Host/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "sylvite/Emit/Host/Passes.h.inc"

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_PASSES_H
