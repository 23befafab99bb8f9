//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises root-mean-square norm (NormFormula.h tells how). The root of a
/// variance is left to layer norm.
///
//===----------------------------------------------------------------------===//

#include "NormFormula.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-rms-norm"

namespace sylvite {
#define GEN_PASS_DEF_RAISERMSNORMPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct RaiseRmsNormPass
    : public sylvite::impl::RaiseRmsNormPassBase<RaiseRmsNormPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseRmsNormPass::runOnOperation() {
  raiseNorms(getOperation(), graph::NormKind::Rms);
}
