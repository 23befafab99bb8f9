//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// --reference: a graph instead of a compiled library.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_RUN_REFERENCE_H
#define SYLVITE_TOOLS_RUN_REFERENCE_H

#include "sylvite/Reference/RunReference.h"

namespace sylvite {

/// Parses the graph and evaluates a function of it. What fails is reported on
/// the standard error stream.
mlir::LogicalResult runReferenceMode(llvm::StringRef graph,
                                     const ReferenceRun &run);

} // namespace sylvite

#endif // SYLVITE_TOOLS_RUN_REFERENCE_H
