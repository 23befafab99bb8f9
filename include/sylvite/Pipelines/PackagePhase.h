//===- PackagePhase.h - From the host phase's module to files ---*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The last phase: kernels and host program are compiled side by side, weights
/// packed, and all of it linked and written.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PACKAGEPHASE_H
#define SYLVITE_PIPELINES_PACKAGEPHASE_H

#include "mlir/Support/Timing.h"
#include "sylvite/Emit/Halide/EmitKernels.h"
#include "sylvite/Package/Package.h"

namespace sylvite {

struct PackagePhaseOptions {
  EmitKernelsOptions kernels;
  PackageOptions package;
};

/// Distinct kernels for one target, those of them that the cache had, and the
/// calls of kernels in the host program.
struct KernelCounts {
  size_t kernels = 0, cached = 0, calls = 0;
};

/// What was made, for people.
struct PackagedModel {
  ModelInterface interface;
  std::vector<PackagedFile> files;
  /// For each of the interface's variants.
  std::vector<KernelCounts> counts;
};

/// Runs the phase on a module that the host phase left, or on one for each
/// target, weakest first, as variants of which each knows the weights of those
/// before it. On failure, which has been emitted, no file is written.
mlir::FailureOr<PackagedModel>
runPackagePhase(llvm::ArrayRef<mlir::ModuleOp> modules,
                const PackagePhaseOptions &options, mlir::TimingScope &timing);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PACKAGEPHASE_H
