//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a person at a terminal sees while a model is compiled: one line that
/// is written over.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITEC_PROGRESS_H
#define SYLVITE_TOOLS_SYLVITEC_PROGRESS_H

#include "sylvite/Emit/Halide/EmitKernels.h"
#include "sylvite/Pipelines/Phases.h"

namespace sylvite {

class Progress {
public:
  /// Shows nothing unless `enabled`, and the standard error stream is a
  /// terminal.
  explicit Progress(bool enabled);
  /// Clears the line.
  ~Progress();

  void enterPhase(Phase phase);
  /// Has the form of EmitKernelsOptions::progress.
  void finishKernel(const EmittedKernel &kernel, size_t done, size_t total);
  /// Makes room for other output.
  void clear();

private:
  void show(const llvm::Twine &text);

  bool enabled;
  bool isShown = false;
};

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITEC_PROGRESS_H
