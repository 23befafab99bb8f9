//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The files that a run is going to write, checked before anything is done.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITEC_OUTPUTS_H
#define SYLVITE_TOOLS_SYLVITEC_OUTPUTS_H

#include "Options.h"

#include "mlir/IR/BuiltinOps.h"

namespace sylvite {

/// Fails where a file could not be written at the end, where two would be the
/// same one, and where one would take the place of the model.
llvm::Error checkOutputs(const Options &options);

/// Fails where a file would take the place of weights that `module` reads.
llvm::Error checkWeightsAreKept(const Options &options, mlir::ModuleOp module);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITEC_OUTPUTS_H
