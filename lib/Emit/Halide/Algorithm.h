//===- Algorithm.h - Pipelines as Halide objects ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide's objects of a pipeline, before any schedule.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_ALGORITHM_H
#define SYLVITE_LIB_EMIT_HALIDE_ALGORITHM_H

#include "Halide.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Support/Target.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace sylvite::emit {

/// A pipeline as Halide objects.
struct Algorithm {
  std::vector<Halide::Parameter> inputs;
  llvm::StringMap<Halide::Func> funcs;
  Halide::Pipeline pipeline;
};

/// Builds a pipeline. Names of functions, variables and buffers are those of
/// the IR and nothing is numbered, so that what Halide makes of it does not
/// depend on what the process has compiled before.
/// Floats that the device, or null for the processor, does not have are
/// integers in buffers.
mlir::FailureOr<Algorithm> buildAlgorithm(halide::PipelineOp pipeline,
                                          const Device *device);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_ALGORITHM_H
