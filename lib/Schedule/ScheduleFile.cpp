//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Printing schedules and reading them back.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Schedule/ScheduleFile.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Schedule/VerifySchedule.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace sylvite;

void sylvite::printSchedules(ModuleOp module, raw_ostream &os) {
  bool first = true;
  for (auto schedule : module.getOps<halide::ScheduleOp>()) {
    if (!first)
      os << '\n';
    first = false;
    schedule.print(os);
    os << '\n';
  }
}

/// Checks one schedule of a file against the module.
static LogicalResult verifyFor(halide::ScheduleOp schedule, ModuleOp module,
                               SymbolTable &symbols) {
  auto kernel = symbols.lookup<halide::PipelineOp>(schedule.getKernel());
  if (!kernel)
    return schedule.emitError("no kernel @")
           << schedule.getKernel() << " in the module";
  auto target = module->getAttrOfType<StringAttr>(kTargetAttr);
  if (target && target.getValue() != schedule.getTarget())
    return schedule.emitError("is for ")
           << schedule.getTargetAttr() << ", but the module is compiled for "
           << target;
  return verifySchedule(schedule, kernel);
}

LogicalResult sylvite::applyScheduleFile(ModuleOp module, StringRef path,
                                         ArrayRef<std::string> others) {
  OwningOpRef<ModuleOp> file =
      parseSourceFile<ModuleOp>(path, ParserConfig(module.getContext()));
  if (!file)
    return failure();

  // All of the file is checked before anything is replaced.
  SymbolTable symbols(module);
  llvm::StringMap<halide::ScheduleOp> seen;
  SmallVector<halide::ScheduleOp> schedules;
  bool valid = true;
  for (Operation &op : *file->getBody()) {
    auto schedule = dyn_cast<halide::ScheduleOp>(op);
    if (!schedule) {
      op.emitError("a schedules file holds halide.schedule ops only");
      valid = false;
      continue;
    }
    if (llvm::is_contained(others, schedule.getTarget()))
      continue;
    auto [first, inserted] = seen.try_emplace(schedule.getKernel(), schedule);
    if (!inserted) {
      schedule.emitError("a second schedule of @")
              .append(schedule.getKernel())
              .attachNote(first->second.getLoc())
          << "the first one";
      valid = false;
      continue;
    }
    valid &= succeeded(verifyFor(schedule, module, symbols));
    schedules.push_back(schedule);
  }
  if (!valid)
    return failure();

  for (auto schedule :
       llvm::make_early_inc_range(module.getOps<halide::ScheduleOp>())) {
    halide::ScheduleOp replacement = seen.lookup(schedule.getKernel());
    if (replacement && replacement.getTarget() == schedule.getTarget())
      schedule.erase();
  }
  for (halide::ScheduleOp schedule : schedules) {
    auto kernel = symbols.lookup<halide::PipelineOp>(schedule.getKernel());
    schedule->moveAfter(kernel);
  }
  return success();
}
