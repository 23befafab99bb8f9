//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises layer norm: roots of a variance (NormFormula.h tells how).
///
//===----------------------------------------------------------------------===//

#include "NormFormula.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-layer-norm"

namespace sylvite {
#define GEN_PASS_DEF_RAISELAYERNORMPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct RaiseLayerNormPass
    : public sylvite::impl::RaiseLayerNormPassBase<RaiseLayerNormPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseLayerNormPass::runOnOperation() {
  raiseNorms(getOperation(), graph::NormKind::Layer);
}
