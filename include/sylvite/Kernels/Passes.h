//===- Passes.h - Passes of the kernels phase -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes of the kernels phase, as Passes.td describes them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_PASSES_H
#define SYLVITE_KERNELS_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite {

#define GEN_PASS_DECL
#include "sylvite/Kernels/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "sylvite/Kernels/Passes.h.inc"

} // namespace sylvite

#endif // SYLVITE_KERNELS_PASSES_H
