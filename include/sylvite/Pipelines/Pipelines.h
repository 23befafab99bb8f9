//===- Pipelines.h - The passes of each phase -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The phases that are pipelines of passes. Each runs on a module with the
/// attribute `sylvite.target`, and lib/Pipelines has a file for each that reads
/// as a list.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PIPELINES_H
#define SYLVITE_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "sylvite/Pipelines/Phases.h"
#include "sylvite/Pipelines/TraceOps.h"
#include "sylvite/Precision/Precision.h"

#include <string>
#include <vector>

namespace sylvite {

/// What the pipelines can be told.
struct PipelineOptions {
  /// With which all names of the library begin; a C identifier.
  std::string prefix = "model";
  /// A file of schedules that take the place of the compiler's; empty for none.
  std::string schedules;
  /// How weights of layers are stored; empty for as the model has them.
  std::string precision;
  /// Inputs to measure the error of quantised layers on, and the largest error;
  /// see sylvite-lower-precision.
  std::string calibrate;
  double precisionLimit = kPrecisionLimit;
  /// Gets what was decided of each layer; null where nobody asks.
  PrecisionReport *precisionReport = nullptr;
  /// Looks at ops before kernels are formed; empty where nothing is wanted.
  OpTracer trace;
  /// What else the library is compiled for, each from a module of its own.
  std::vector<std::string> otherTargets;
};

// populateFusionPhase() and so on: adds the passes of one phase.
#define SYLVITE_PHASE(Id, name, summary, ir)
#define SYLVITE_PIPELINE_PHASE(Id, name, summary, ir)                          \
  void populate##Id##Phase(mlir::OpPassManager &passes,                        \
                           const PipelineOptions &options);
#include "sylvite/Phases.def"

/// Adds the passes of a phase; none for one that is no pipeline.
void populatePhase(Phase phase, mlir::OpPassManager &passes,
                   const PipelineOptions &options);

/// Makes each of the pipelines known by its name, "sylvite-phase-fusion".
void registerPhasePipelines();

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PIPELINES_H
