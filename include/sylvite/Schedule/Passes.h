//===- Passes.h - Passes of the schedule phase ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes of the schedule phase, as Passes.td describes them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_PASSES_H
#define SYLVITE_SCHEDULE_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite {

#define GEN_PASS_DECL
#include "sylvite/Schedule/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "sylvite/Schedule/Passes.h.inc"

struct CostModel;
struct Target;

/// Puts a schedule for the target behind the kernel, with these numbers.
void scheduleKernel(halide::PipelineOp kernel, const Target &target,
                    const CostModel &costs);

} // namespace sylvite

#endif // SYLVITE_SCHEDULE_PASSES_H
