//===- Phases.h - The phases by name ----------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The phases of Phases.def as values that a program can count, name and find.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PHASES_H
#define SYLVITE_PIPELINES_PHASES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace sylvite {

/// In the order of the flow.
enum class Phase {
#define SYLVITE_PHASE(Id, name, summary, ir) Id,
#include "sylvite/Phases.def"
};

struct PhaseInfo {
  Phase phase;
  llvm::StringRef name;
  llvm::StringRef summary;
};

/// All phases, in order.
llvm::ArrayRef<PhaseInfo> getPhases();

llvm::StringRef getPhaseName(Phase phase);

/// The phase of that name, or an error that lists them.
llvm::Expected<Phase> parsePhase(llvm::StringRef name);

/// Whether the IR after a phase is for one target: a library for several has as
/// many modules from there on.
inline bool isForOneTarget(Phase phase) { return phase >= Phase::Kernels; }

/// The file that the IR after a phase is dumped to: "02-fusion.mlir", or for
/// one of several targets "03-kernels.zen4.mlir".
std::string getDumpName(Phase phase, llvm::StringRef target = "");

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PHASES_H
