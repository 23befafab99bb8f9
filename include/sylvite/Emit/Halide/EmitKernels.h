//===- EmitKernels.h - Kernels as object files ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From the halide dialect to object files, through Halide. Each
/// `halide.pipeline` of a module, with its `halide.schedule` for the target,
/// becomes one object that defines one function:
///
///   int KERNEL(void *user_context, halide_buffer_t *input..., *output...)
///
/// which returns 0 or one of Halide's error codes. Objects hold no runtime: the
/// program they are linked into brings Halide's, once.
///
/// Nothing here includes Halide, and none of Halide's exceptions gets out.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HALIDE_EMITKERNELS_H
#define SYLVITE_EMIT_HALIDE_EMITKERNELS_H

#include "mlir/IR/BuiltinOps.h"

#include <functional>
#include <string>
#include <vector>

namespace sylvite {

/// One kernel's object file.
struct EmittedKernel {
  /// The pipeline's symbol, which is the function's name.
  std::string name;
  /// The bytes of an ELF relocatable object.
  std::string object;
  bool cacheHit = false;
  /// How long this kernel took, in seconds.
  double seconds = 0;
  /// Bytes of machine code and of the constants beside it.
  uint64_t textBytes = 0;
};

struct EmitKernelsOptions {
  /// A name that getTarget() knows; empty for the module's `sylvite.target`.
  std::string target;
  /// Keeps Halide's checks of buffers and bounds in the kernels. They cost a
  /// tenth of a microsecond a call, and tell a wrong schedule from a right one.
  bool asserts = false;
  /// Adds KERNEL_argv(void **), for callers that know the arguments only at run
  /// time: the address of the user context, then the buffers.
  bool argvWrapper = false;
  /// Compiles a kernel without a schedule under Halide's own default (all
  /// functions computed where they are used). Without it that is an error.
  bool allowUnscheduled = false;
  /// Threads that compile; 0 for as many as the machine runs at once.
  unsigned threads = 0;
  /// Folder of the cache, made where it is missing; empty for no cache.
  std::string cacheDirectory;
  /// Told of each kernel that is ready, one at a time, in any order. May run on
  /// any thread.
  std::function<void(const EmittedKernel &kernel, size_t done, size_t total)>
      progress;
};

/// Compiles all pipelines of a module, in parallel. The result stands in the
/// order of the module, and its bytes depend on nothing but the IR, the target
/// and the options. Errors stand at the op they are about: a directive that
/// Halide refuses at the directive, an op without a rule at the op.
mlir::FailureOr<std::vector<EmittedKernel>>
emitKernels(mlir::ModuleOp module, const EmitKernelsOptions &options = {});

/// The same for several modules of one context at once.
mlir::FailureOr<std::vector<std::vector<EmittedKernel>>>
emitKernels(llvm::ArrayRef<mlir::ModuleOp> modules,
            const EmitKernelsOptions &options);

} // namespace sylvite

#endif // SYLVITE_EMIT_HALIDE_EMITKERNELS_H
