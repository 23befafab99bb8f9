//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The policy for devices that is right for every algorithm, and good for those
/// with one function: functions with updates are computed whole before their
/// consumers, the others become part of them. Each stage is a launch with one
/// thread for each element; a reduction's loops are inside of it.
///
//===----------------------------------------------------------------------===//

#include "../Policies/Rows.h"
#include "Gpu.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

/// Threads of a block where they have nothing in common: two or four times what
/// any device runs at once.
static constexpr int64_t kBlockThreads = 64;

SmallVector<StringRef> sylvite::getUpdateVars(halide::UpdateOp update) {
  Block &body = update.getBody().front();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  SmallVector<StringRef> vars;
  for (auto [i, name] :
       llvm::enumerate(update.getVars().getAsRange<StringAttr>()))
    if (yield.getIndices().empty() ||
        yield.getIndices()[i] == body.getArgument(i))
      vars.push_back(name.getValue());
  return vars;
}

void sylvite::launchLoops(StageBuilder stage, ArrayRef<StringRef> loops,
                          ArrayRef<StringRef> reduction) {
  if (loops.empty()) {
    stage.gpuSingleThread();
    return;
  }
  if (!reduction.empty()) {
    SmallVector<StringRef> order(reduction);
    llvm::append_range(order, loops);
    stage.reorder(order);
  }
  StringRef all = fuseLoops(stage, loops, "element");
  stage.split(all, "block", "thread", kBlockThreads, Tail::GuardWithIf);
  stage.gpuBlocks({"block"}).gpuThreads({"thread"});
}

/// One update of a function that is computed whole.
static void launchUpdate(ScheduleBuilder &s, halide::UpdateOp update) {
  StageBuilder stage =
      s.update(update.getFuncOp().getName(), update.getIndex());
  SmallVector<StringRef> reduction;
  for (auto name : update.getRvars().getAsRange<StringAttr>())
    reduction.push_back(name.getValue());
  launchLoops(stage, getUpdateVars(update), reduction);
}

void sylvite::launchFunc(ScheduleBuilder &s, halide::FuncOp func,
                         bool isOutput) {
  if (!isOutput)
    s.func(func.getName()).computeRoot();
  if (!func.isUndefined())
    launchLoops(s.func(func.getName()), getVars(func));
  for (halide::UpdateOp update : halide::getUpdates(func))
    launchUpdate(s, update);
}

void sylvite::scheduleGpuFallback(ScheduleBuilder &s) {
  halide::PipelineOp pipeline = s.getPipeline();
  for (auto func : pipeline.getBody().getOps<halide::FuncOp>()) {
    bool isOutput =
        llvm::is_contained(pipeline.getOutput().getOutputs(), func.getResult());
    if (isOutput || !halide::getUpdates(func).empty())
      launchFunc(s, func, isOutput);
  }
}
