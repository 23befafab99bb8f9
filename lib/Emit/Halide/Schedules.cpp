//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One function per directive, all of them in the list at the end. Functions
/// and loops are looked up first, by name, so that a wrong name gets a message
/// that shows the right ones; the rest is checked by Halide.
///
//===----------------------------------------------------------------------===//

#include "Schedules.h"
#include "Guard.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Func;
using Halide::Stage;
using Halide::VarOrRVar;

static Halide::TailStrategy convert(halide::TailStrategy tail) {
  switch (tail) {
  case halide::TailStrategy::Auto:
    return Halide::TailStrategy::Auto;
  case halide::TailStrategy::RoundUp:
    return Halide::TailStrategy::RoundUp;
  case halide::TailStrategy::GuardWithIf:
    return Halide::TailStrategy::GuardWithIf;
  case halide::TailStrategy::ShiftInwards:
    return Halide::TailStrategy::ShiftInwards;
  case halide::TailStrategy::Predicate:
    return Halide::TailStrategy::Predicate;
  case halide::TailStrategy::PredicateLoads:
    return Halide::TailStrategy::PredicateLoads;
  case halide::TailStrategy::PredicateStores:
    return Halide::TailStrategy::PredicateStores;
  }
  llvm_unreachable("all strategies are handled");
}

static Halide::MemoryType convert(halide::MemoryType memory) {
  switch (memory) {
  case halide::MemoryType::Auto:
    return Halide::MemoryType::Auto;
  case halide::MemoryType::Heap:
    return Halide::MemoryType::Heap;
  case halide::MemoryType::Stack:
    return Halide::MemoryType::Stack;
  case halide::MemoryType::Register:
    return Halide::MemoryType::Register;
  case halide::MemoryType::GPUShared:
    return Halide::MemoryType::GPUShared;
  }
  llvm_unreachable("all kinds of memory are handled");
}

static Halide::Partition convert(halide::Partition policy) {
  switch (policy) {
  case halide::Partition::Auto:
    return Halide::Partition::Auto;
  case halide::Partition::Never:
    return Halide::Partition::Never;
  case halide::Partition::Always:
    return Halide::Partition::Always;
  }
  llvm_unreachable("all policies are handled");
}

/// A loop's name as the user gave it: Halide keeps where it came from in front.
static StringRef getLoopName(const Halide::Internal::Dim &dim) {
  StringRef name = dim.var;
  return name.substr(name.rfind('.') + 1);
}

namespace {
/// Applies directives to the functions of an algorithm.
class Scheduler {
public:
  Scheduler(Algorithm &algorithm) : algorithm(algorithm) {}
  LogicalResult apply(Operation &op);

private:
  // What a directive is about. A failure has been reported.
  FailureOr<Func> findFunc(Operation *op, StringRef name);
  FailureOr<Stage> findStage(Operation *op, StringRef func,
                             std::optional<uint64_t> update);
  FailureOr<VarOrRVar> findLoop(Operation *op, const Stage &stage,
                                StringRef name);
  FailureOr<std::vector<VarOrRVar>> findLoops(Operation *op, const Stage &stage,
                                              ArrayAttr names);

  // Directives.
  LogicalResult apply(halide::SplitOp op);
  LogicalResult apply(halide::FuseOp op);
  LogicalResult apply(halide::ReorderOp op);
  LogicalResult apply(halide::VectorizeOp op);
  LogicalResult apply(halide::UnrollOp op);
  LogicalResult apply(halide::ParallelOp op);
  LogicalResult apply(halide::AtomicOp op);
  LogicalResult apply(halide::PartitionOp op);
  LogicalResult apply(halide::PrefetchOp op);
  LogicalResult apply(halide::SpecializeOp op);
  LogicalResult apply(halide::GpuBlocksOp op);
  LogicalResult apply(halide::GpuThreadsOp op);
  LogicalResult apply(halide::GpuLanesOp op);
  LogicalResult apply(halide::GpuSingleThreadOp op);
  LogicalResult apply(halide::ComputeAtOp op);
  LogicalResult apply(halide::StoreAtOp op);
  LogicalResult apply(halide::HoistStorageOp op);
  LogicalResult apply(halide::ComputeRootOp op);
  LogicalResult apply(halide::StoreInOp op);
  LogicalResult apply(halide::BoundExtentOp op);
  LogicalResult apply(halide::AlignStorageOp op);
  LogicalResult apply(halide::AlignBoundsOp op);
  LogicalResult apply(halide::BoundStorageOp op);
  LogicalResult apply(halide::BoundOp op);
  LogicalResult apply(halide::ReorderStorageOp op);

  /// A directive that makes one loop, or a part of it, run in another way.
  template <typename LoopOp>
  LogicalResult applyToLoop(LoopOp op, Stage &(Stage::*mark)(const VarOrRVar &),
                            bool inner);
  /// A directive about several loops.
  template <typename LoopsOp>
  LogicalResult applyToLoops(
      LoopsOp op,
      llvm::function_ref<void(Stage &, const std::vector<VarOrRVar> &)> apply);
  /// One that makes each of them run on the device.
  template <typename LoopsOp>
  LogicalResult applyToGpuLoops(LoopsOp op,
                                void (*mark)(Stage &, const VarOrRVar &));
  /// A directive that places a function at a consumer's loop.
  template <typename AtOp>
  LogicalResult applyAt(AtOp op, Func &(Func::*place)(Halide::LoopLevel));

  Algorithm &algorithm;
  /// What the directives inside of a `halide.specialize` are about.
  std::optional<Stage> special;
};
} // namespace

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

FailureOr<Func> Scheduler::findFunc(Operation *op, StringRef name) {
  auto found = algorithm.funcs.find(name);
  if (found != algorithm.funcs.end())
    return found->second;
  SmallVector<StringRef> known(algorithm.funcs.keys());
  llvm::sort(known);
  return op->emitOpError("names no function of the pipeline: \"")
         << name << "\"; it has " << llvm::join(known, ", ");
}

FailureOr<Stage> Scheduler::findStage(Operation *op, StringRef name,
                                      std::optional<uint64_t> update) {
  if (special)
    return *special;
  FailureOr<Func> func = findFunc(op, name);
  if (failed(func))
    return failure();
  Halide::Internal::Function function = func->function();
  if (!update)
    return Stage(function, function.definition(), 0);
  if (*update >= function.updates().size())
    return op->emitOpError("names update ")
           << *update << " of \"" << name << "\", which has "
           << function.updates().size();
  return Stage(function, function.update(*update), *update + 1);
}

FailureOr<VarOrRVar> Scheduler::findLoop(Operation *op, const Stage &stage,
                                         StringRef name) {
  SmallVector<StringRef> known;
  for (const Halide::Internal::Dim &dim : stage.get_schedule().dims()) {
    if (getLoopName(dim) == name)
      return VarOrRVar(name.str(), dim.is_rvar());
    if (!getLoopName(dim).starts_with("__"))
      known.push_back(getLoopName(dim));
  }
  return op->emitOpError("names no loop of ")
         << stage.name() << ": '" << name << "'; its loops are "
         << llvm::join(known, ", ");
}

FailureOr<std::vector<VarOrRVar>>
Scheduler::findLoops(Operation *op, const Stage &stage, ArrayAttr names) {
  std::vector<VarOrRVar> loops;
  for (auto name : names.getAsRange<StringAttr>()) {
    FailureOr<VarOrRVar> loop = findLoop(op, stage, name);
    if (failed(loop))
      return failure();
    loops.push_back(*loop);
  }
  return loops;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

LogicalResult Scheduler::apply(halide::SplitOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> loop = findLoop(op, *stage, op.getVar());
  if (failed(loop))
    return failure();
  return callHalide(op.getLoc(), [&] {
    stage->split(*loop, VarOrRVar(op.getOuter().str(), loop->is_rvar),
                 VarOrRVar(op.getInner().str(), loop->is_rvar),
                 int32_t(op.getFactor()), convert(op.getTail()));
  });
}

LogicalResult Scheduler::apply(halide::FuseOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> inner = findLoop(op, *stage, op.getInner());
  FailureOr<VarOrRVar> outer = findLoop(op, *stage, op.getOuter());
  if (failed(inner) || failed(outer))
    return failure();
  bool isRVar = inner->is_rvar || outer->is_rvar;
  return callHalide(op.getLoc(), [&] {
    stage->fuse(*inner, *outer, VarOrRVar(op.getFused().str(), isRVar));
  });
}

template <typename LoopsOp>
LogicalResult Scheduler::applyToLoops(
    LoopsOp op,
    llvm::function_ref<void(Stage &, const std::vector<VarOrRVar> &)> apply) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<std::vector<VarOrRVar>> loops = findLoops(op, *stage, op.getVars());
  if (failed(loops))
    return failure();
  return callHalide(op.getLoc(), [&] { apply(*stage, *loops); });
}

LogicalResult Scheduler::apply(halide::ReorderOp op) {
  return applyToLoops(op, [](Stage &stage, const std::vector<VarOrRVar> &v) {
    stage.reorder(v);
  });
}

/// With a factor, Halide's own calls would number the loop they make; a split
/// gives it a name. The inner part gets the kind of loop, or the outer one.
template <typename LoopOp>
LogicalResult Scheduler::applyToLoop(LoopOp op,
                                     Stage &(Stage::*mark)(const VarOrRVar &),
                                     bool inner) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> loop = findLoop(op, *stage, op.getVar());
  if (failed(loop))
    return failure();
  return callHalide(op.getLoc(), [&] {
    VarOrRVar marked = *loop;
    if (op.getFactor()) {
      VarOrRVar part((op.getVar() + "_" + op->getName().stripDialect()).str(),
                     loop->is_rvar);
      stage->split(*loop, *loop, part, int32_t(*op.getFactor()),
                   convert(op.getTail()));
      if (inner)
        marked = part;
    }
    ((*stage).*mark)(marked);
  });
}

LogicalResult Scheduler::apply(halide::VectorizeOp op) {
  return applyToLoop(op, &Stage::vectorize, /*inner=*/true);
}
LogicalResult Scheduler::apply(halide::UnrollOp op) {
  return applyToLoop(op, &Stage::unroll, /*inner=*/true);
}
LogicalResult Scheduler::apply(halide::ParallelOp op) {
  return applyToLoop(op, &Stage::parallel, /*inner=*/false);
}

/// One call a loop: which dimension of the grid it is, its place tells.
template <typename LoopsOp>
LogicalResult Scheduler::applyToGpuLoops(LoopsOp op,
                                         void (*mark)(Stage &,
                                                      const VarOrRVar &)) {
  return applyToLoops(op,
                      [&](Stage &stage, const std::vector<VarOrRVar> &loops) {
                        for (const VarOrRVar &loop : loops)
                          mark(stage, loop);
                      });
}

LogicalResult Scheduler::apply(halide::GpuBlocksOp op) {
  return applyToGpuLoops(
      op, [](Stage &stage, const VarOrRVar &v) { stage.gpu_blocks(v); });
}
LogicalResult Scheduler::apply(halide::GpuThreadsOp op) {
  return applyToGpuLoops(
      op, [](Stage &stage, const VarOrRVar &v) { stage.gpu_threads(v); });
}
LogicalResult Scheduler::apply(halide::GpuLanesOp op) {
  return applyToGpuLoops(
      op, [](Stage &stage, const VarOrRVar &v) { stage.gpu_lanes(v); });
}

LogicalResult Scheduler::apply(halide::GpuSingleThreadOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  return callHalide(op.getLoc(), [&] { stage->gpu_single_thread(); });
}

LogicalResult Scheduler::apply(halide::AtomicOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  return callHalide(op.getLoc(), [&] { stage->atomic(); });
}

LogicalResult Scheduler::apply(halide::PartitionOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> loop = findLoop(op, *stage, op.getVar());
  if (failed(loop))
    return failure();
  return callHalide(op.getLoc(),
                    [&] { stage->partition(*loop, convert(op.getPolicy())); });
}

LogicalResult Scheduler::apply(halide::PrefetchOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> at = findLoop(op, *stage, op.getAt());
  FailureOr<VarOrRVar> from = findLoop(op, *stage, op.getFrom());
  if (failed(at) || failed(from))
    return failure();
  int32_t offset = op.getOffset();
  for (const Halide::Parameter &input : algorithm.inputs)
    if (input.name() == op.getSource())
      return callHalide(op.getLoc(),
                        [&] { stage->prefetch(input, *at, *from, offset); });
  FailureOr<Func> source = findFunc(op, op.getSource());
  if (failed(source))
    return failure();
  return callHalide(op.getLoc(),
                    [&] { stage->prefetch(*source, *at, *from, offset); });
}

LogicalResult Scheduler::apply(halide::SpecializeOp op) {
  FailureOr<Stage> stage = findStage(op, op.getFunc(), op.getUpdate());
  if (failed(stage))
    return failure();
  std::vector<Func> outputs = algorithm.pipeline.outputs();
  if (op.getOutput() >= outputs.size() ||
      int64_t(op.getDim()) >= outputs[op.getOutput()].dimensions())
    return op.emitOpError("names no dimension of an output");
  LogicalResult result = callHalide(op.getLoc(), [&] {
    Halide::Expr extent =
        outputs[op.getOutput()].output_buffer().dim(int(op.getDim())).extent();
    special = stage->specialize(extent <= int32_t(op.getMost()));
  });
  if (failed(result))
    return failure();
  for (Operation &directive : op.getBody().front())
    if (failed(apply(directive)))
      return failure();
  special.reset();
  return success();
}

//===----------------------------------------------------------------------===//
// Where functions are computed and stored
//===----------------------------------------------------------------------===//

template <typename AtOp>
LogicalResult Scheduler::applyAt(AtOp op,
                                 Func &(Func::*place)(Halide::LoopLevel)) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  FailureOr<Func> consumer = findFunc(op, op.getConsumer());
  if (failed(func) || failed(consumer))
    return failure();
  FailureOr<Stage> stage = findStage(op, op.getConsumer(), op.getUpdate());
  if (failed(stage))
    return failure();
  FailureOr<VarOrRVar> loop = findLoop(op, *stage, op.getVar());
  if (failed(loop))
    return failure();
  // Halide finds the stage by the loop: where functions are computed, it takes
  // no loop level that names a stage.
  return callHalide(op.getLoc(), [&] {
    ((*func).*place)(Halide::LoopLevel(*consumer, *loop));
  });
}

LogicalResult Scheduler::apply(halide::ComputeAtOp op) {
  return applyAt(op, &Func::compute_at);
}
LogicalResult Scheduler::apply(halide::StoreAtOp op) {
  return applyAt(op, &Func::store_at);
}
LogicalResult Scheduler::apply(halide::HoistStorageOp op) {
  return applyAt(op, &Func::hoist_storage);
}

LogicalResult Scheduler::apply(halide::ComputeRootOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] { func->compute_root(); });
}

LogicalResult Scheduler::apply(halide::StoreInOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(),
                    [&] { func->store_in(convert(op.getMemory())); });
}

//===----------------------------------------------------------------------===//
// Bounds and layout
//===----------------------------------------------------------------------===//

LogicalResult Scheduler::apply(halide::BoundExtentOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] {
    func->bound_extent(Halide::Var(op.getVar().str()), int32_t(op.getValue()));
  });
}

LogicalResult Scheduler::apply(halide::AlignStorageOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] {
    func->align_storage(Halide::Var(op.getVar().str()), int32_t(op.getValue()));
  });
}

LogicalResult Scheduler::apply(halide::AlignBoundsOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] {
    func->align_bounds(Halide::Var(op.getVar().str()), int32_t(op.getValue()));
  });
}

LogicalResult Scheduler::apply(halide::BoundStorageOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] {
    func->bound_storage(Halide::Var(op.getVar().str()), int32_t(op.getValue()));
  });
}

LogicalResult Scheduler::apply(halide::BoundOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  return callHalide(op.getLoc(), [&] {
    func->bound(Halide::Var(op.getVar().str()), int32_t(op.getMin()),
                int32_t(op.getExtent()));
  });
}

LogicalResult Scheduler::apply(halide::ReorderStorageOp op) {
  FailureOr<Func> func = findFunc(op, op.getFunc());
  if (failed(func))
    return failure();
  std::vector<Halide::Var> vars;
  for (auto name : op.getVars().getAsRange<StringAttr>())
    vars.emplace_back(name.str());
  return callHalide(op.getLoc(), [&] { func->reorder_storage(vars); });
}

//===----------------------------------------------------------------------===//
// The list
//===----------------------------------------------------------------------===//

LogicalResult Scheduler::apply(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<halide::SplitOp, halide::FuseOp, halide::ReorderOp,
            halide::VectorizeOp, halide::UnrollOp, halide::ParallelOp,
            halide::AtomicOp, halide::PartitionOp, halide::PrefetchOp,
            halide::ComputeAtOp, halide::StoreAtOp, halide::HoistStorageOp,
            halide::ComputeRootOp, halide::StoreInOp, halide::BoundExtentOp,
            halide::AlignStorageOp, halide::AlignBoundsOp,
            halide::BoundStorageOp, halide::BoundOp, halide::ReorderStorageOp,
            halide::SpecializeOp, halide::GpuBlocksOp, halide::GpuThreadsOp,
            halide::GpuLanesOp, halide::GpuSingleThreadOp>(
          [&](auto op) { return apply(op); })
      .Default([](Operation *op) {
        return op->emitOpError("is a directive that emission does not know");
      });
}

LogicalResult emit::applySchedule(halide::ScheduleOp schedule,
                                  Algorithm &algorithm) {
  Scheduler scheduler(algorithm);
  for (Operation &directive : schedule.getBody().front())
    if (failed(scheduler.apply(directive)))
      return failure();
  return success();
}
