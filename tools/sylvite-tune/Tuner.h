//===- Tuner.h - Looks for faster numbers of schedules ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The search for the numbers of one kernel's schedule on this machine.
///
/// The policies know the loops; numbers such as the rows of a tile come from
/// the cost model. From the model's numbers on, one after the other is changed,
/// as long as there is time; a change stays if the kernel gets faster by it in
/// the geometric mean over the calls of interest and slower in none. A schedule
/// that Halide refuses, or that gives other results, is passed over.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_TUNE_TUNER_H
#define SYLVITE_TOOLS_SYLVITE_TUNE_TUNER_H

#include "Measurement.h"
#include "sylvite/Schedule/CostModel.h"
#include "sylvite/Support/Target.h"

namespace sylvite {

/// What became of one kernel.
struct TunedKernel {
  /// The numbers that differ from the cost model's: "norm rows 16".
  std::string changes;
  /// Seconds of all calls together, under the compiler's schedule and the best.
  double before = 0, after = 0;
  unsigned tried = 0;
};

struct TunerOptions {
  int threads = 1;
  /// For one kernel.
  double seconds = 10;
};

/// Puts the best schedule that it finds behind the kernel.
llvm::Expected<TunedKernel> tuneKernel(halide::PipelineOp kernel,
                                       llvm::ArrayRef<KernelCall> calls,
                                       const Target &target,
                                       const TunerOptions &options);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_TUNE_TUNER_H
