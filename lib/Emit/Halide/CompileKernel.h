//===- CompileKernel.h - One kernel through Halide --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lowers one pipeline with its schedule and makes an object file of it, or
/// text. Does not include Halide.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_COMPILEKERNEL_H
#define SYLVITE_LIB_EMIT_HALIDE_COMPILEKERNEL_H

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Halide/EmitKernels.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// A pipeline, its schedule (or null for Halide's default) and where it runs.
struct Kernel {
  halide::PipelineOp pipeline;
  halide::ScheduleOp schedule;
  const Target *target;
};

/// Halide's version, "21.0.0".
std::string getHalideVersion();

/// Halide's target string for a kernel.
std::string getHalideTarget(const Target &target,
                            const EmitKernelsOptions &options);

/// The bytes of the kernel's object file.
mlir::FailureOr<std::string> compileToObject(const Kernel &kernel,
                                             const EmitKernelsOptions &options);

/// The kernel's loops, as Halide prints what it has lowered.
mlir::FailureOr<std::string> compileToStmt(const Kernel &kernel,
                                           const EmitKernelsOptions &options);

/// Lowers a kernel for the target's device (CheckDevice.h).
struct DeviceKernel;
mlir::FailureOr<DeviceKernel> lowerForDevice(const Kernel &kernel,
                                             const EmitKernelsOptions &options);

/// Has Halide take the kernel's algorithm and its schedule, and goes no
/// further.
mlir::LogicalResult checkKernel(const Kernel &kernel);

/// The pipelines of a module with their schedules for the target, in order.
/// Errors: an unknown target, two schedules for one kernel, and, unless the
/// options allow it, none.
mlir::FailureOr<std::vector<Kernel>>
collectKernels(mlir::ModuleOp module, const EmitKernelsOptions &options);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_COMPILEKERNEL_H
