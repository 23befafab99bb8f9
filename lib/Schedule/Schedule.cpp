//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives each kernel that has none a schedule for the module's target, by the
/// policy of the kernel's class.
///
//===----------------------------------------------------------------------===//

#include "Gpu/Gpu.h"
#include "Policies.h"
#include "sylvite/Schedule/Passes.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "sylvite-schedule"

namespace sylvite {
#define GEN_PASS_DEF_SCHEDULEPASS
#include "sylvite/Schedule/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

void sylvite::scheduleKernel(halide::PipelineOp kernel, const Target &target,
                             const CostModel &costs) {
  ScheduleBuilder s(kernel, target, costs);
  Policy policy =
      target.device ? findGpuPolicy(s.getClass()) : findPolicy(s.getClass());
  Policy fallback = target.device ? scheduleGpuFallback : scheduleFallback;
  (policy ? policy : fallback)(s);
}

namespace {
struct Schedule : sylvite::impl::SchedulePassBase<Schedule> {
  void runOnOperation() override;
};
} // namespace

void Schedule::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<const Target *> target = findTarget(module);
  if (failed(target))
    return signalPassFailure();
  llvm::StringSet<> scheduled;
  for (auto schedule : module.getOps<halide::ScheduleOp>())
    if (schedule.getTarget() == (*target)->name)
      scheduled.insert(schedule.getKernel());

  for (auto pipeline :
       llvm::make_early_inc_range(module.getOps<halide::PipelineOp>()))
    if (!scheduled.contains(pipeline.getSymName()))
      scheduleKernel(pipeline, **target, CostModel());
}
