//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is said at the end of a compilation.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITEC_SUMMARY_H
#define SYLVITE_TOOLS_SYLVITEC_SUMMARY_H

#include "sylvite/Pipelines/FusionReport.h"
#include "sylvite/Pipelines/PackagePhase.h"

namespace sylvite {

struct Summary {
  const PackagedModel &model;
  /// Whether the target is what this machine has.
  bool isNative;
  /// Whether the fusion phase ran, and its counts.
  bool isFused;
  std::vector<FusionCount> fusions;
  double seconds;
};

/// Prints target, fusions, kernels, memory, files and time.
void printSummary(const Summary &summary, llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITEC_SUMMARY_H
