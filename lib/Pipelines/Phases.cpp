//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The phases of Phases.def by name.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Phases.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace sylvite;

static constexpr PhaseInfo kPhases[] = {
#define SYLVITE_PHASE(Id, name, summary, ir) {Phase::Id, name, summary},
#include "sylvite/Phases.def"
};

llvm::ArrayRef<PhaseInfo> sylvite::getPhases() { return kPhases; }

llvm::StringRef sylvite::getPhaseName(Phase phase) {
  return kPhases[unsigned(phase)].name;
}

llvm::Expected<Phase> sylvite::parsePhase(llvm::StringRef name) {
  for (const PhaseInfo &info : kPhases)
    if (info.name == name)
      return info.phase;
  auto names =
      llvm::map_range(kPhases, [](const PhaseInfo &info) { return info.name; });
  return llvm::createStringError("unknown phase '" + name.str() +
                                 "': expected " + llvm::join(names, ", "));
}

std::string sylvite::getDumpName(Phase phase, llvm::StringRef target) {
  // From 01 on, so that a folder lists them in order.
  return llvm::formatv("{0:D2}-{1}{2}{3}.mlir", unsigned(phase) + 1,
                       getPhaseName(phase), target.empty() ? "" : ".", target);
}
