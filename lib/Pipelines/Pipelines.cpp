//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The pipelines by phase, and by name for sylvite-opt.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace sylvite;

void sylvite::populatePhase(Phase phase, OpPassManager &passes,
                            const PipelineOptions &options) {
  switch (phase) {
#define SYLVITE_PHASE(Id, name, summary, ir)
#define SYLVITE_PIPELINE_PHASE(Id, name, summary, ir)                          \
  case Phase::Id:                                                              \
    return populate##Id##Phase(passes, options);
#include "sylvite/Phases.def"
  default:
    return;
  }
}

namespace {
/// PipelineOptions as the text in `--sylvite-phase-host=prefix=bert`.
struct TextOptions : PassPipelineOptions<TextOptions> {
  Option<std::string> prefix{
      *this, "prefix", llvm::cl::init("model"),
      llvm::cl::desc("with which all names of the library begin")};
  Option<std::string> schedules{
      *this, "schedules",
      llvm::cl::desc("a file of schedules that take the place of the "
                     "compiler's")};
  Option<std::string> precision{
      *this, "precision", llvm::cl::desc("how weights of layers are stored")};
  Option<std::string> calibrate{
      *this, "calibrate",
      llvm::cl::desc("inputs to measure the error of int8 on")};
};
} // namespace

void sylvite::registerPhasePipelines() {
#define SYLVITE_PHASE(Id, name, summary, ir)
#define SYLVITE_PIPELINE_PHASE(Id, name, summary, ir)                          \
  PassPipelineRegistration<TextOptions>(                                       \
      "sylvite-phase-" name, "The phase that " summary,                        \
      [](OpPassManager &passes, const TextOptions &options) {                  \
        populate##Id##Phase(passes, {options.prefix, options.schedules,        \
                                     options.precision, options.calibrate});   \
      });
#include "sylvite/Phases.def"
}
