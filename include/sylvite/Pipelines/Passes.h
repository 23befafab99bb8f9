//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes that report, made from Passes.td.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PASSES_H
#define SYLVITE_PIPELINES_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace sylvite {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "sylvite/Pipelines/Passes.h.inc"

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PASSES_H
