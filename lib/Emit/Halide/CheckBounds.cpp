//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads the checks that Halide puts into a kernel.
///
/// - Explicit bounds: what holds is proven while lowering and leaves no check
///   behind, so that a check is a refusal.
/// - Accesses of an output: its check is evaluated for extents from 1 up to
///   more than any factor, or for the one that the type fixes. A tail strategy
///   that rounds up or shifts inwards fails it for some.
///
//===----------------------------------------------------------------------===//

#include "CheckBounds.h"

#include <map>
#include <set>

using namespace mlir;
using namespace sylvite;
using namespace Halide::Internal;
using Halide::Expr;

/// Extents that are tried where the type fixes none.
static constexpr int kLargestExtent = 260;

namespace {
/// An output's check in one dimension, in terms of its extent.
struct Access {
  std::string output;
  int dim;
  Expr condition;
};

/// Collects the checks, with the values that their conditions name.
class Checks : public IRVisitor {
public:
  /// Functions and their variables whose bounds are not proven.
  std::set<std::pair<std::string, std::string>> bounds;
  std::vector<Access> accesses;

private:
  using IRVisitor::visit;
  void visit(const LetStmt *let) override {
    // Extents, minima and strides of buffers stay names.
    if (!let->value.as<Call>())
      values[let->name] = let->value;
    IRVisitor::visit(let);
  }
  void visit(const AssertStmt *assertion) override;

  std::map<std::string, Expr> values;
};
} // namespace

void Checks::visit(const AssertStmt *assertion) {
  Expr message = assertion->message;
  while (auto *let = message.as<Let>())
    message = let->body;
  auto *error = message.as<Call>();
  if (!error)
    return;
  if (error->name == "halide_error_explicit_bounds_too_small") {
    bounds.insert({error->args[1].as<StringImm>()->value,
                   error->args[0].as<StringImm>()->value});
    return;
  }
  if (error->name != "halide_error_access_out_of_bounds")
    return;
  StringRef buffer = error->args[0].as<StringImm>()->value;
  auto dim = as_const_int(error->args[1]);
  if (!buffer.consume_front("Output buffer ") || !dim)
    return;
  Expr condition = assertion->condition;
  // Values may name values that stand before them.
  for (Expr before; !before.same_as(condition);) {
    before = condition;
    condition = substitute(values, condition);
  }
  accesses.push_back({buffer.str(), int(*dim), condition});
}

/// The smallest extent with which the access leaves the buffer, or nothing.
static std::optional<int> findBadExtent(const Access &access, int64_t fixed) {
  std::string suffix = "." + std::to_string(access.dim);
  Expr atZero =
      substitute(access.output + ".min" + suffix, Expr(0), access.condition);
  bool isFixed = !ShapedType::isDynamic(fixed);
  int first = isFixed ? fixed : 1, last = isFixed ? fixed : kLargestExtent;
  for (int extent = first; extent <= last; ++extent)
    if (is_const_zero(simplify(substitute(access.output + ".extent" + suffix,
                                          Expr(extent), atZero))))
      return extent;
  return std::nullopt;
}

/// The tail strategy of a directive that splits a loop, or nothing.
static std::optional<halide::TailStrategy> getTail(Operation &op) {
  if (auto split = dyn_cast<halide::SplitOp>(op))
    return split.getTail();
  auto ofLoop = [](auto loop) -> std::optional<halide::TailStrategy> {
    if (loop.getFactor())
      return loop.getTail();
    return std::nullopt;
  };
  if (auto loop = dyn_cast<halide::VectorizeOp>(op))
    return ofLoop(loop);
  if (auto loop = dyn_cast<halide::UnrollOp>(op))
    return ofLoop(loop);
  if (auto loop = dyn_cast<halide::ParallelOp>(op))
    return ofLoop(loop);
  return std::nullopt;
}

/// True if a directive may compute more of a function than is needed of it.
static bool mayComputeMore(Operation &op) {
  if (isa<halide::AlignBoundsOp>(op))
    return true;
  std::optional<halide::TailStrategy> tail = getTail(op);
  return tail && *tail != halide::TailStrategy::GuardWithIf &&
         *tail != halide::TailStrategy::Predicate &&
         *tail != halide::TailStrategy::PredicateStores;
}

static bool isOutput(halide::PipelineOp pipeline, StringRef func) {
  return llvm::any_of(pipeline.getOutput().getOutputs(), [&](Value output) {
    return output.getDefiningOp<halide::FuncOp>().getName() == func;
  });
}

bool emit::mayBreakBounds(halide::PipelineOp pipeline,
                          halide::ScheduleOp schedule) {
  return llvm::any_of(schedule.getBody().front(), [&](Operation &op) {
    return isa<halide::BoundOp, halide::BoundExtentOp>(op) ||
           (mayComputeMore(op) &&
            isOutput(pipeline, cast<halide::Directive>(op).getFunc()));
  });
}

/// Where the schedule says to compute more of the output: its one directive, or
/// the schedule.
static Location findCause(halide::ScheduleOp schedule, StringRef output) {
  SmallVector<Operation *> causes;
  for (Operation &op : schedule.getBody().front())
    if (cast<halide::Directive>(op).getFunc() == output && mayComputeMore(op))
      causes.push_back(&op);
  return causes.size() == 1 ? causes.front()->getLoc() : schedule.getLoc();
}

static LogicalResult checkAccess(const Access &access,
                                 halide::PipelineOp pipeline,
                                 halide::ScheduleOp schedule) {
  for (auto [i, value] : llvm::enumerate(pipeline.getOutput().getOutputs())) {
    auto func = value.getDefiningOp<halide::FuncOp>();
    if (func.getName() != access.output)
      continue;
    auto type = cast<halide::BufferType>(pipeline.getResultTypes()[i]);
    std::optional<int> extent =
        findBadExtent(access, type.getShape()[access.dim]);
    if (extent)
      return emitError(findCause(schedule, access.output))
             << "the kernel would write outside of output \"" << access.output
             << "\" where its extent in "
             << cast<StringAttr>(func.getVars()[access.dim]).getValue()
             << " is " << *extent
             << ": guard the tail of its loop, as by tail(guard_with_if)";
  }
  return success();
}

static LogicalResult reportBounds(const Checks &checks,
                                  halide::ScheduleOp schedule) {
  for (Operation &op : schedule.getBody().front()) {
    StringRef func = cast<halide::Directive>(op).getFunc(), var;
    if (auto bound = dyn_cast<halide::BoundExtentOp>(op))
      var = bound.getVar();
    else if (auto bound = dyn_cast<halide::BoundOp>(op))
      var = bound.getVar();
    if (checks.bounds.count({func.str(), var.str()}))
      return op.emitOpError("is not known to cover what consumers need of \"")
             << func << "\" in " << var;
  }
  if (checks.bounds.empty())
    return success();
  return schedule.emitError("the bounds of \"")
         << checks.bounds.begin()->first << "\" in "
         << checks.bounds.begin()->second
         << " are not known to cover what consumers need";
}

namespace {
/// Takes the checks out of kernels, after it has noted the kernels.
class TakeChecks : public IRMutator {
public:
  TakeChecks(std::vector<Stmt> &loops) : loops(loops) {}

private:
  using IRMutator::visit;
  Stmt visit(const For *loop) override {
    bool outermost = !isInside && is_gpu(loop->for_type);
    if (!outermost)
      return IRMutator::visit(loop);
    loops.push_back(loop);
    isInside = true;
    Stmt without = IRMutator::visit(loop);
    isInside = false;
    return without;
  }
  Stmt visit(const AssertStmt *assertion) override {
    return isInside ? Evaluate::make(0) : Stmt(assertion);
  }

  std::vector<Stmt> &loops;
  bool isInside = false;
};
} // namespace

void emit::DeviceChecks::watch(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new TakeChecks(loops));
}

LogicalResult emit::checkBounds(halide::PipelineOp pipeline,
                                halide::ScheduleOp schedule,
                                const Halide::Module &lowered,
                                const DeviceChecks &device) {
  Checks checks;
  for (const LoweredFunc &func : lowered.functions())
    func.body.accept(&checks);
  for (const Stmt &loop : device.getLoops())
    loop.accept(&checks);
  if (failed(reportBounds(checks, schedule)))
    return failure();
  for (const Access &access : checks.accesses)
    if (failed(checkAccess(access, pipeline, schedule)))
      return failure();
  return success();
}
