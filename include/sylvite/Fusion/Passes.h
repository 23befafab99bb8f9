//===- Passes.h - Passes of the fusion phase --------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The passes of the fusion phase, as Passes.td describes them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PASSES_H
#define SYLVITE_FUSION_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite {

#define GEN_PASS_DECL
#include "sylvite/Fusion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "sylvite/Fusion/Passes.h.inc"

} // namespace sylvite

#endif // SYLVITE_FUSION_PASSES_H
