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

/// What was made, for people.
struct PackagedModel {
  ModelInterface interface;
  std::vector<PackagedFile> files;
  /// Distinct kernels, those of them that the cache had, and the calls of
  /// kernels in the host program.
  size_t kernels = 0, cached = 0, calls = 0;
};

/// Runs the phase on a module that the host phase left. On failure, which has
/// been emitted, no file is written.
mlir::FailureOr<PackagedModel>
runPackagePhase(mlir::ModuleOp module, const PackagePhaseOptions &options,
                mlir::TimingScope &timing);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PACKAGEPHASE_H
