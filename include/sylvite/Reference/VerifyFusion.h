//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Checks that the passes over the graph leave what it computes alone.
///
/// Around every pass that is watched, each function of graph ops is evaluated
/// before and after with the same made-up inputs (GeneratedInputs.h, which also
/// tells what is left out for graphs that mask with a finite number). Weights
/// come from the module's files; those that no file holds are made up from
/// their names. A result that has changed is an error at the function, with the
/// pass's name, and fails the pass manager.
///
/// It costs as much as evaluating every function a few times for each pass that
/// changes it, in double precision and on one core: seconds for an encoder.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_VERIFYFUSION_H
#define SYLVITE_REFERENCE_VERIFYFUSION_H

#include "mlir/Pass/PassManager.h"

#include <functional>

namespace sylvite {

/// Whether a pass rewrites graphs: it is named sylvite-fuse-..., -raise-...,
/// -decompose-... or -normalize-..., or is `canonicalize` or `cse`.
bool rewritesGraphs(const mlir::Pass &pass);

struct VerifyFusionOptions {
  /// Which passes are watched.
  std::function<bool(const mlir::Pass &)> isWatched = rewritesGraphs;
  /// Two elements are equal if they differ by at most `tolerance` times the
  /// output's largest magnitude, plus a thousandth of `tolerance`. NaN equals
  /// NaN, and an infinity itself. A unit in the last place of f32 is the least
  /// that makes sense: a model holds sqrt 2 as a rounded constant, the op that
  /// stands for its formula is exact.
  double tolerance = 1.2e-7;
};

/// Watches the passes that have been added to `manager` so far and those added
/// later; adds one more pass behind the former, which fails if a result has
/// changed in one of them. To be called once, behind the passes over graphs.
void addVerifyFusion(mlir::PassManager &manager,
                     VerifyFusionOptions options = {});

} // namespace sylvite

#endif // SYLVITE_REFERENCE_VERIFYFUSION_H
