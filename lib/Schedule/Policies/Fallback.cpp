//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The policy that is right for every algorithm, and good for those with one
/// function:
///
/// - Functions with updates are computed whole before their consumers; the
///   others become part of them.
/// - Vectors go along the first variable. In an update, that loop goes inside
///   the reduction's; where the update's place does not follow the first
///   variable, nothing is vectorized.
/// - All other pure variables become one loop, of whose steps some make a task.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

static SmallVector<StringRef> getNames(ArrayAttr names) {
  return llvm::map_to_vector(names.getAsRange<StringAttr>(),
                             [](StringAttr name) { return name.getValue(); });
}

void sylvite::scheduleRows(ScheduleBuilder &s, halide::FuncOp func,
                           int64_t extent) {
  SmallVector<StringRef> vars = getVars(func);
  if (vars.empty())
    return;
  StageBuilder stage = s.func(func.getName());
  bool isStatic = !ShapedType::isDynamic(extent);
  int64_t lanes = s.getLanes(func.getType().getElementType());
  int64_t elements = s.getCosts().taskElements;
  if (vars.size() == 1) {
    // One row: vectors, of which many make a task.
    if (isStatic && extent <= elements) {
      lanes = std::min(lanes, int64_t(llvm::bit_floor(uint64_t(extent))));
      if (lanes > 1)
        stage.vectorize(vars[0], lanes, Tail::GuardWithIf);
      return;
    }
    // Vectors first: the last task then ends with the last vector, where a
    // split into elements would have it test all that a task may have.
    stage.vectorize(vars[0], lanes, Tail::GuardWithIf)
        .split(vars[0], "task", vars[0], elements / lanes, Tail::GuardWithIf)
        .parallel("task");
    return;
  }
  if (isStatic) {
    lanes = std::min(lanes, int64_t(llvm::bit_floor(uint64_t(extent))));
    elements = s.getCosts().getTaskRows(extent);
  } else {
    // As if rows were those of a short sequence.
    elements = s.getCosts().getTaskRows(128);
  }
  if (lanes > 1)
    stage.vectorize(vars[0], lanes,
                    isStatic && extent % lanes == 0 ? Tail::RoundUp
                                                    : Tail::GuardWithIf);
  StringRef rows = fuseLoops(stage, ArrayRef(vars).drop_front());
  stage.parallel(rows, elements > 1 ? elements : 0,
                 elements > 1 ? Tail::GuardWithIf : Tail::Auto);
}

/// Schedules an update whose function is computed whole.
static void scheduleUpdateOf(ScheduleBuilder &s, halide::UpdateOp update) {
  halide::FuncOp func = update.getFuncOp();
  StageBuilder stage = s.update(func.getName(), update.getIndex());
  auto yield = cast<halide::YieldOp>(update.getBody().front().getTerminator());
  // Pure variables are loops where the place follows them.
  SmallVector<StringRef> pure;
  bool first = false;
  for (auto [i, name] : llvm::enumerate(getNames(update.getVars()))) {
    bool follows = yield.getIndices().empty() ||
                   yield.getIndices()[i] == update.getBody().getArgument(i);
    if (follows)
      pure.push_back(name);
    if (i == 0)
      first = follows;
  }
  SmallVector<StringRef> reduction = getNames(update.getRvars());
  if (first) {
    if (!reduction.empty()) {
      SmallVector<StringRef> order{pure.front()};
      llvm::append_range(order, reduction);
      stage.reorder(order);
    }
    stage.vectorize(pure.front(), s.getLanes(func.getType().getElementType()),
                    Tail::GuardWithIf);
    pure.erase(pure.begin());
  }
  if (!pure.empty())
    stage.parallel(fuseLoops(stage, pure));
  // Halide warns of an update without any directive.
  if (!first && pure.empty() && !reduction.empty())
    stage.partition(reduction.front(), halide::Partition::Auto);
}

void sylvite::scheduleFallback(ScheduleBuilder &s) {
  halide::PipelineOp pipeline = s.getPipeline();
  for (auto func : pipeline.getBody().getOps<halide::FuncOp>()) {
    auto outputs = pipeline.getOutput().getOutputs();
    auto output = llvm::find(outputs, func.getResult());
    SmallVector<halide::UpdateOp> updates = halide::getUpdates(func);
    int64_t extent = ShapedType::kDynamic;
    if (output != outputs.end())
      extent = s.getOutputShape(output - outputs.begin()).front();
    else if (updates.empty())
      continue;
    else
      s.func(func.getName()).computeRoot();
    scheduleRows(s, func, extent);
    for (halide::UpdateOp update : updates)
      scheduleUpdateOf(s, update);
  }
}
