//===- Launches.h - What kernels launch on a device -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the kernels of a module launch on the target's device: read from what
/// Halide has lowered, and from the assembler where there is one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HALIDE_LAUNCHES_H
#define SYLVITE_EMIT_HALIDE_LAUNCHES_H

#include "sylvite/Emit/Halide/EmitKernels.h"

#include <optional>

namespace sylvite {

/// One launch of a kernel.
struct KernelLaunch {
  /// The entry in the program.
  std::string name;
  /// Threads of a block, and the bytes that they share.
  int64_t threads = 0;
  int64_t sharedBytes = 0;
  /// Of a thread, and the bytes that it keeps in memory because registers are
  /// missing. None where there is no assembler for the device.
  std::optional<int64_t> registers, spillBytes;
  /// How many blocks there are at extents of the kernel's buffers, inputs and
  /// then outputs, outermost dimension first. None where that depends on data.
  std::function<std::optional<double>(
      llvm::ArrayRef<std::vector<int64_t>> extents)>
      countBlocks;
};

struct KernelLaunches {
  std::string kernel;
  std::vector<KernelLaunch> launches;
};

/// The launches of all kernels of a module, in order. The target has a device.
mlir::FailureOr<std::vector<KernelLaunches>>
describeLaunches(mlir::ModuleOp module, const EmitKernelsOptions &options = {});

} // namespace sylvite

#endif // SYLVITE_EMIT_HALIDE_LAUNCHES_H
