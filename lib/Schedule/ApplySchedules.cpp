//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// applyScheduleFile as a pass, so that the schedule phase is a pipeline.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "sylvite/Schedule/ScheduleFile.h"

#define DEBUG_TYPE "sylvite-apply-schedules"

namespace sylvite {
#define GEN_PASS_DEF_APPLYSCHEDULESPASS
#include "sylvite/Schedule/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct ApplySchedules : sylvite::impl::ApplySchedulesPassBase<ApplySchedules> {
  using ApplySchedulesPassBase::ApplySchedulesPassBase;
  void runOnOperation() override;
};
} // namespace

void ApplySchedules::runOnOperation() {
  if (failed(applyScheduleFile(getOperation(), file, others)))
    signalPassFailure();
}
