//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Checks schedules. First each directive in order, on the loops that its
/// predecessors left; then, with all loops known, the places where functions
/// are computed, and bounds.
///
//===----------------------------------------------------------------------===//

#include "LoopNest.h"
#include "sylvite/Schedule/Passes.h"
#include "sylvite/Schedule/VerifySchedule.h"
#include "sylvite/Support/Target.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "sylvite-verify-schedules"

namespace sylvite {
#define GEN_PASS_DEF_VERIFYSCHEDULESPASS
#include "sylvite/Schedule/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// "'acc', 'out'".
static std::string quote(ArrayRef<StringRef> names) {
  return names.empty() ? "none" : "'" + llvm::join(names, "', '") + "'";
}

namespace {
/// A function and what the schedule has said of it so far.
struct ScheduledFunc {
  halide::FuncOp op;
  LoopNest pure;
  SmallVector<LoopNest> updates;
  /// Bounds by the variable.
  llvm::StringMap<Operation *> bounds;
  halide::ComputeAtOp place;
};

class Verifier {
public:
  Verifier(halide::ScheduleOp schedule, halide::PipelineOp kernel);
  LogicalResult verify();

private:
  ScheduledFunc *find(Operation *op, StringRef name);
  LoopNest *findStage(Operation *op, StringRef name,
                      std::optional<uint64_t> update);
  /// Does a function use another one, directly or through others?
  bool uses(StringRef user, StringRef func) const;
  LogicalResult verifyVariable(Operation *op, StringRef func, StringRef var);
  LogicalResult verifySource(halide::PrefetchOp op);

  LogicalResult apply(Operation *op);
  LogicalResult apply(halide::SpecializeOp op);
  template <typename AtOp>
  LogicalResult verifyPlace(AtOp op);
  LogicalResult verifyNotInside(ScheduledFunc &func);
  LogicalResult verifyBounds(ScheduledFunc &func);

  halide::ScheduleOp schedule;
  halide::PipelineOp kernel;
  llvm::MapVector<StringRef, ScheduledFunc> funcs;
  /// Functions that a function calls.
  llvm::StringMap<llvm::SetVector<StringRef>> callees;
};
} // namespace

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

/// Extents that are known of a function's variables: of outputs, from their
/// buffers; of others, from the schedule's bounds.
static SmallVector<std::optional<int64_t>>
getExtents(halide::ScheduleOp schedule, halide::PipelineOp kernel,
           halide::FuncOp func) {
  SmallVector<std::optional<int64_t>> extents(func.getVars().size());
  auto outputs = kernel.getOutput().getOutputs();
  auto output = llvm::find(outputs, func.getResult());
  if (output != outputs.end()) {
    auto type = cast<halide::BufferType>(
        kernel.getResultTypes()[output - outputs.begin()]);
    for (auto [extent, size] : llvm::zip(extents, type.getShape()))
      if (!ShapedType::isDynamic(size))
        extent = size;
  }
  auto names = func.getVars().getAsRange<StringAttr>();
  for (Operation &op : schedule.getBody().front()) {
    StringRef var;
    int64_t size = 0;
    if (auto bound = dyn_cast<halide::BoundExtentOp>(op))
      var = bound.getVar(), size = bound.getValue();
    else if (auto bound = dyn_cast<halide::BoundOp>(op))
      var = bound.getVar(), size = bound.getExtent();
    if (!size || cast<halide::Directive>(op).getFunc() != func.getName())
      continue;
    for (auto [name, extent] : llvm::zip(names, extents))
      if (name.getValue() == var)
        extent = size;
  }
  return extents;
}

Verifier::Verifier(halide::ScheduleOp schedule, halide::PipelineOp kernel)
    : schedule(schedule), kernel(kernel) {
  for (auto func : kernel.getBody().getOps<halide::FuncOp>()) {
    auto extents = getExtents(schedule, kernel, func);
    ScheduledFunc entry{func, LoopNest(func, extents), {}, {}, {}};
    auto addCallees = [&](Region &region) {
      region.walk([&](halide::CallOp call) {
        auto callee = call.getFunc().getDefiningOp<halide::FuncOp>();
        if (callee != func)
          callees[func.getName()].insert(callee.getName());
      });
    };
    addCallees(func.getBody());
    for (halide::UpdateOp update : halide::getUpdates(func)) {
      entry.updates.emplace_back(update, extents);
      addCallees(update.getBody());
    }
    funcs.insert({func.getName(), std::move(entry)});
  }
}

bool Verifier::uses(StringRef user, StringRef func) const {
  llvm::SetVector<StringRef> reached;
  reached.insert(user);
  for (unsigned i = 0; i != reached.size(); ++i) {
    auto direct = callees.find(reached[i]);
    if (direct == callees.end())
      continue;
    if (direct->second.contains(func))
      return true;
    reached.insert_range(direct->second);
  }
  return false;
}

ScheduledFunc *Verifier::find(Operation *op, StringRef name) {
  auto found = funcs.find(name);
  if (found != funcs.end())
    return &found->second;
  SmallVector<StringRef> names;
  for (auto &entry : funcs)
    names.push_back(entry.first);
  op->emitError("no function '") << name << "' in @" << kernel.getSymName()
                                 << "; its functions are " << quote(names);
  return nullptr;
}

LoopNest *Verifier::findStage(Operation *op, StringRef name,
                              std::optional<uint64_t> update) {
  ScheduledFunc *func = find(op, name);
  if (!func)
    return nullptr;
  if (!update)
    return &func->pure;
  if (*update < func->updates.size())
    return &func->updates[*update];
  op->emitError("no update ")
      << *update << " of '" << name << "', which has " << func->updates.size();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Directives in order
//===----------------------------------------------------------------------===//

LogicalResult Verifier::verifyVariable(Operation *op, StringRef name,
                                       StringRef var) {
  ScheduledFunc *func = find(op, name);
  if (!func)
    return failure();
  SmallVector<StringRef> names;
  for (auto known : func->op.getVars().getAsRange<StringAttr>())
    names.push_back(known.getValue());
  if (llvm::is_contained(names, var))
    return success();
  return op->emitError("no variable '")
         << var << "' of '" << name << "'; its variables are "
         << llvm::join(names, ", ");
}

LogicalResult Verifier::verifySource(halide::PrefetchOp op) {
  SmallVector<std::string> inputs;
  for (unsigned i = 0; i != kernel.getNumArguments(); ++i)
    inputs.push_back(kernel.getInputName(i).str().str());
  if (funcs.contains(op.getSource()) ||
      llvm::is_contained(inputs, op.getSource()))
    return success();
  return op.emitError("no buffer or function '")
         << op.getSource() << "' in @" << kernel.getSymName()
         << "; its buffers are " << llvm::join(inputs, ", ");
}

/// The loops of the stage are as before behind it.
LogicalResult Verifier::apply(halide::SpecializeOp op) {
  LoopNest *stage = findStage(op, op.getFunc(), op.getUpdate());
  if (!stage)
    return failure();
  TypeRange outputs = kernel.getResultTypes();
  if (op.getOutput() >= outputs.size())
    return op.emitError("no output ")
           << op.getOutput() << " of @" << kernel.getSymName() << ", which has "
           << outputs.size();
  auto type = cast<halide::BufferType>(outputs[op.getOutput()]);
  if (op.getDim() >= type.getShape().size())
    return op.emitError("no dimension ")
           << op.getDim() << " of the output, which is " << type;
  LoopNest saved = *stage;
  for (Operation &directive : op.getBody().front())
    if (failed(apply(&directive)))
      return failure();
  *stage = std::move(saved);
  return success();
}

LogicalResult Verifier::apply(Operation *op) {
  using namespace halide;
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<SplitOp, FuseOp, ReorderOp, VectorizeOp, UnrollOp, ParallelOp,
            AtomicOp, PartitionOp, GpuBlocksOp, GpuThreadsOp, GpuLanesOp,
            GpuSingleThreadOp>([&](auto op) -> LogicalResult {
        LoopNest *stage = findStage(op, op.getFunc(), op.getUpdate());
        return stage ? stage->apply(op) : failure();
      })
      .Case([&](PrefetchOp op) -> LogicalResult {
        LoopNest *stage = findStage(op, op.getFunc(), op.getUpdate());
        return stage && succeeded(verifySource(op)) ? stage->apply(op)
                                                    : failure();
      })
      .Case([&](SpecializeOp op) { return apply(op); })
      .Case([&](ComputeAtOp op) -> LogicalResult {
        ScheduledFunc *func = find(op, op.getFunc());
        if (!func || !find(op, op.getConsumer()))
          return failure();
        func->place = op;
        return success();
      })
      .Case<StoreAtOp, HoistStorageOp>([&](auto op) -> LogicalResult {
        return success(find(op, op.getFunc()) && find(op, op.getConsumer()));
      })
      .Case([&](ComputeRootOp op) -> LogicalResult {
        ScheduledFunc *func = find(op, op.getFunc());
        if (!func)
          return failure();
        func->place = {};
        return success();
      })
      .Case([&](BoundExtentOp op) -> LogicalResult {
        if (failed(verifyVariable(op, op.getFunc(), op.getVar())))
          return failure();
        find(op, op.getFunc())->bounds[op.getVar()] = op;
        return success();
      })
      .Case<BoundOp, AlignStorageOp, AlignBoundsOp, BoundStorageOp>(
          [&](auto op) -> LogicalResult {
            return verifyVariable(op, op.getFunc(), op.getVar());
          })
      .Case([&](ReorderStorageOp op) -> LogicalResult {
        for (auto var : op.getVars().getAsRange<StringAttr>())
          if (failed(verifyVariable(op, op.getFunc(), var.getValue())))
            return failure();
        return success();
      })
      .Default([&](Operation *op) -> LogicalResult {
        return success(find(op, cast<Directive>(op).getFunc()));
      });
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// A directive that names a loop of a consumer, with all loops known.
template <typename AtOp>
LogicalResult Verifier::verifyPlace(AtOp op) {
  ScheduledFunc *consumer = find(op, op.getConsumer());
  if (!uses(op.getConsumer(), op.getFunc()))
    return op.emitError("'")
           << op.getConsumer() << "' does not use '" << op.getFunc() << "'";
  if (op.getUpdate()) {
    LoopNest *stage = findStage(op, op.getConsumer(), op.getUpdate());
    if (!stage)
      return failure();
    if (stage->find(op.getVar()))
      return success();
    return op.emitError("no loop '")
           << op.getVar() << "' in " << stage->getTitle() << "; its loops are "
           << stage->getNames();
  }
  // Without an update, any stage may have the loop.
  if (consumer->pure.find(op.getVar()) ||
      llvm::any_of(consumer->updates, [&](const LoopNest &stage) {
        return stage.find(op.getVar());
      }))
    return success();
  return op.emitError("no loop '")
         << op.getVar() << "' in " << consumer->pure.getTitle()
         << "; its loops are " << consumer->pure.getNames();
}

LogicalResult Verifier::verifyNotInside(ScheduledFunc &func) {
  halide::ComputeAtOp place = func.place;
  llvm::StringSet<> around;
  while (place) {
    if (place.getConsumer() == func.op.getName())
      return func.place.emitError("'")
             << func.op.getName() << "' would be computed inside of itself";
    if (!around.insert(place.getConsumer()).second)
      return success();
    place = funcs.find(place.getConsumer())->second.place;
  }
  return success();
}

/// Where the consumer calls the function at one of its own variables, the loops
/// inside of the place have to stay within the bound. (What is called in other
/// ways is left to the compilation of the kernel, which proves it or refuses.)
LogicalResult Verifier::verifyBounds(ScheduledFunc &func) {
  if (!func.place || func.bounds.empty())
    return success();
  ScheduledFunc &consumer = funcs.find(func.place.getConsumer())->second;
  auto verifyCalls = [&](Region &region, ArrayAttr vars,
                         const LoopNest &loops) -> LogicalResult {
    WalkResult walk = region.walk([&](halide::CallOp call) -> WalkResult {
      if (call.getFunc().getDefiningOp() != func.op)
        return WalkResult::advance();
      for (auto [index, name] : llvm::zip(
               call.getIndices(), func.op.getVars().getAsRange<StringAttr>())) {
        auto bound = dyn_cast_or_null<halide::BoundExtentOp>(
            func.bounds.lookup(name.getValue()));
        auto argument = dyn_cast<BlockArgument>(index);
        if (!bound || !argument || argument.getArgNumber() >= vars.size())
          continue;
        StringRef var = cast<StringAttr>(vars[argument.getArgNumber()]);
        std::optional<int64_t> needed =
            loops.getExtentInside(func.place.getVar(), var);
        if (needed && *needed > int64_t(bound.getValue()))
          return bound.emitError("a bound of ")
                 << bound.getValue() << " on '" << name.getValue()
                 << "' does not cover the " << *needed << " steps in " << var
                 << " that " << loops.getTitle() << " makes inside of '"
                 << func.place.getVar() << "'";
      }
      return WalkResult::advance();
    });
    return failure(walk.wasInterrupted());
  };
  if (failed(verifyCalls(consumer.op.getBody(), consumer.op.getVars(),
                         consumer.pure)))
    return failure();
  for (auto [update, loops] :
       llvm::zip(halide::getUpdates(consumer.op), consumer.updates))
    if (failed(verifyCalls(update.getBody(), update.getVars(), loops)))
      return failure();
  return success();
}

/// Loops of a device need one.
static LogicalResult verifyDevice(halide::ScheduleOp schedule) {
  llvm::Expected<const Target &> target = getTarget(schedule.getTarget());
  if (!target)
    return llvm::consumeError(target.takeError()), success();
  if (target->device)
    return success();
  WalkResult walk = schedule.walk([&](Operation *op) -> WalkResult {
    if (isa<halide::GpuBlocksOp, halide::GpuThreadsOp, halide::GpuLanesOp,
            halide::GpuSingleThreadOp>(op))
      return op->emitError("is for targets with a device, and ")
             << schedule.getTarget() << " has none";
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

LogicalResult Verifier::verify() {
  if (failed(verifyDevice(schedule)))
    return failure();
  for (Operation &op : schedule.getBody().front())
    if (failed(apply(&op)))
      return failure();
  for (Operation &op : schedule.getBody().front()) {
    LogicalResult valid = llvm::TypeSwitch<Operation *, LogicalResult>(&op)
                              .Case<halide::ComputeAtOp, halide::StoreAtOp,
                                    halide::HoistStorageOp>(
                                  [&](auto op) { return verifyPlace(op); })
                              .Default(success());
    if (failed(valid))
      return failure();
  }
  for (auto &entry : funcs)
    if (failed(verifyNotInside(entry.second)) ||
        failed(verifyBounds(entry.second)))
      return failure();
  return success();
}

LogicalResult sylvite::verifySchedule(halide::ScheduleOp schedule,
                                      halide::PipelineOp kernel) {
  return Verifier(schedule, kernel).verify();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct VerifySchedules
    : sylvite::impl::VerifySchedulesPassBase<VerifySchedules> {
  void runOnOperation() override;
};
} // namespace

void VerifySchedules::runOnOperation() {
  ModuleOp module = getOperation();
  SymbolTable symbols(module);
  bool valid = true;
  llvm::StringMap<halide::ScheduleOp> seen;
  for (auto schedule : module.getOps<halide::ScheduleOp>()) {
    llvm::Expected<const Target &> target = getTarget(schedule.getTarget());
    auto kernel = symbols.lookup<halide::PipelineOp>(schedule.getKernel());
    if (!target) {
      schedule.emitError(llvm::toString(target.takeError()));
      valid = false;
    }
    if (!kernel) {
      schedule.emitError("no kernel @") << schedule.getKernel();
      valid = false;
      continue;
    }
    std::string key =
        (schedule.getKernel() + " for " + schedule.getTarget()).str();
    auto [first, inserted] = seen.try_emplace(key, schedule);
    if (!inserted) {
      schedule.emitError("a second schedule of @" + key)
              .attachNote(first->second.getLoc())
          << "the first one";
      valid = false;
    }
    valid &= succeeded(verifySchedule(schedule, kernel));
  }
  if (!valid)
    signalPassFailure();
}
