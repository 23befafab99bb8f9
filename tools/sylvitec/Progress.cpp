//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The line of progress.
///
//===----------------------------------------------------------------------===//

#include "Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace sylvite;

Progress::Progress(bool enabled)
    : enabled(enabled && llvm::sys::Process::StandardErrIsDisplayed()) {}

Progress::~Progress() { clear(); }

void Progress::show(const llvm::Twine &text) {
  if (!enabled)
    return;
  // A line longer than the terminal could not be cleared.
  unsigned columns = llvm::sys::Process::StandardErrColumns();
  std::string line = text.str();
  if (columns)
    line.resize(std::min<size_t>(line.size(), columns - 1));
  llvm::errs() << "\r\033[K" << line;
  isShown = !line.empty();
}

void Progress::clear() {
  if (isShown)
    show("");
}

void Progress::enterPhase(Phase phase) {
  const PhaseInfo &info = getPhases()[unsigned(phase)];
  show("[" + llvm::Twine(unsigned(phase) + 1) + "/" +
       llvm::Twine(getPhases().size()) + "] " + info.name + ": " +
       info.summary);
}

void Progress::finishKernel(const EmittedKernel &kernel, size_t done,
                            size_t total) {
  show("[" + llvm::Twine(getPhases().size()) + "/" +
       llvm::Twine(getPhases().size()) + "] kernel " + llvm::Twine(done) +
       " of " + llvm::Twine(total) + ": " + kernel.name +
       (kernel.cacheHit ? " (cached)" : ""));
}
