//===- Passes.h - Passes about precision ------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes about precision, as Passes.td describes them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PRECISION_PASSES_H
#define SYLVITE_PRECISION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

#define GEN_PASS_DECL
#include "sylvite/Precision/Passes.h.inc"

/// The pass, which adds what it decides to a report that outlives it.
std::unique_ptr<mlir::Pass>
createLowerPrecisionPass(LowerPrecisionPassOptions options,
                         struct PrecisionReport &report);

#define GEN_PASS_REGISTRATION
#include "sylvite/Precision/Passes.h.inc"

} // namespace sylvite

#endif // SYLVITE_PRECISION_PASSES_H
