//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What each directive does to a list of loops.
///
//===----------------------------------------------------------------------===//

#include "LoopNest.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace sylvite;

LoopNest::LoopNest(halide::FuncOp func,
                   ArrayRef<std::optional<int64_t>> extents)
    : title(("'" + func.getName() + "'").str()), isUpdate(false) {
  for (auto [name, extent] :
       llvm::zip(func.getVars().getAsRange<StringAttr>(), extents))
    loops.push_back({name.str(), extent, name.str()});
}

/// The constant length of [from, to).
static std::optional<int64_t> getLength(Value from, Value to) {
  APInt low, high;
  if (!matchPattern(from, m_ConstantInt(&low)) ||
      !matchPattern(to, m_ConstantInt(&high)))
    return std::nullopt;
  return high.getSExtValue() - low.getSExtValue();
}

/// Does the value depend on the argument?
static bool dependsOn(Value value, Value argument) {
  if (value == argument)
    return true;
  Operation *op = value.getDefiningOp();
  return op && op->getBlock() == argument.getParentBlock() &&
         llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOn(operand, argument);
         });
}

LoopNest::LoopNest(halide::UpdateOp update,
                   ArrayRef<std::optional<int64_t>> extents)
    : title(("update " + Twine(update.getIndex()) + " of '" +
             update.getFuncOp().getName() + "'")
                .str()),
      isUpdate(true) {
  Block &body = update.getBody().front();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  unsigned rank = update.getVars().size();
  for (auto [i, name] :
       llvm::enumerate(update.getRvars().getAsRange<StringAttr>())) {
    Value argument = body.getArgument(rank + i);
    bool carried = llvm::none_of(yield.getIndices(), [&](Value index) {
      return dependsOn(index, argument);
    });
    loops.push_back({name.str(),
                     getLength(update.getFrom()[i], update.getTo()[i]),
                     name.str(), /*isReduction=*/true, carried});
  }
  // A pure variable has a loop where the place follows it.
  for (auto [i, name] :
       llvm::enumerate(update.getVars().getAsRange<StringAttr>()))
    if (yield.getIndices().empty() ||
        yield.getIndices()[i] == body.getArgument(i))
      loops.push_back({name.str(), extents[i], name.str()});
}

const Loop *LoopNest::find(StringRef name) const {
  for (const Loop &loop : loops)
    if (!loop.isHidden && loop.name == name)
      return &loop;
  return nullptr;
}

std::string LoopNest::getNames() const {
  SmallVector<StringRef> names;
  for (const Loop &loop : loops)
    if (!loop.isHidden)
      names.push_back(loop.name);
  return llvm::join(names, ", ");
}

/// The product, where it is known and can be counted.
static std::optional<int64_t> multiply(std::optional<int64_t> a,
                                       std::optional<int64_t> b) {
  int64_t product;
  if (!a || !b || llvm::MulOverflow(*a, *b, product))
    return std::nullopt;
  return product;
}

std::optional<int64_t> LoopNest::getExtentInside(StringRef name,
                                                 StringRef variable) const {
  std::optional<int64_t> extent = 1;
  for (const Loop &loop : loops) {
    if (!loop.isHidden && loop.name == name)
      return extent;
    // A fused loop may go along any variable.
    if (loop.variable != variable && !loop.variable.empty())
      continue;
    if (loop.variable.empty())
      return std::nullopt;
    extent = multiply(extent, loop.extent);
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// What directives require
//===----------------------------------------------------------------------===//

FailureOr<unsigned> LoopNest::require(Operation *op, StringRef name) const {
  for (auto [i, loop] : llvm::enumerate(loops))
    if (!loop.isHidden && loop.name == name)
      return i;
  return op->emitError("no loop '")
         << name << "' in " << title << "; its loops are " << getNames();
}

FailureOr<unsigned> LoopNest::requirePlain(Operation *op,
                                           StringRef name) const {
  FailureOr<unsigned> place = require(op, name);
  if (failed(place))
    return failure();
  if (!loops[*place].kind.empty())
    return op->emitError("loop '") << name << "' of " << title << " is "
                                   << loops[*place].kind << " already";
  return place;
}

LogicalResult LoopNest::requireFree(Operation *op, StringRef name,
                                    StringRef except) const {
  if (name == except || !find(name))
    return success();
  return op->emitError("a loop of ")
         << title << " is called '" << name << "' already; its loops are "
         << getNames();
}

//===----------------------------------------------------------------------===//
// Directives
//===----------------------------------------------------------------------===//

// Compiling takes time that grows faster than these: seconds at the limits,
// minutes at four times as many. What is useful is far below.
static constexpr int64_t kMostLanes = 1024;
static constexpr int64_t kMostCopies = 256;

/// Steps of `extent` by `factor`.
static std::optional<int64_t> divide(std::optional<int64_t> extent,
                                     int64_t factor) {
  if (!extent)
    return std::nullopt;
  return llvm::divideCeilSigned(*extent, factor);
}

LogicalResult LoopNest::apply(halide::SplitOp op) {
  FailureOr<unsigned> place = requirePlain(op, op.getVar());
  if (failed(place) || failed(requireFree(op, op.getOuter(), op.getVar())) ||
      failed(requireFree(op, op.getInner(), op.getVar())))
    return failure();
  if (op.getOuter() == op.getInner())
    return op->emitError("both loops are called '") << op.getOuter() << "'";
  Loop inner = loops[*place], &outer = loops[*place];
  inner.name = op.getInner().str();
  inner.extent = op.getFactor();
  outer.name = op.getOuter().str();
  outer.extent = divide(outer.extent, op.getFactor());
  loops.insert(loops.begin() + *place, inner);
  return success();
}

LogicalResult LoopNest::apply(halide::FuseOp op) {
  FailureOr<unsigned> inner = requirePlain(op, op.getInner());
  FailureOr<unsigned> outer = requirePlain(op, op.getOuter());
  if (failed(inner) || failed(outer))
    return failure();
  if (*outer != *inner + 1)
    return op->emitError("loop '")
           << op.getOuter() << "' is not right around '" << op.getInner()
           << "'; the loops of " << title << " are " << getNames();
  if (loops[*inner].isReduction != loops[*outer].isReduction)
    return op->emitError("a loop of the reduction cannot be fused with one "
                         "that is not");
  if (op.getFused() != op.getInner() &&
      failed(requireFree(op, op.getFused(), op.getOuter())))
    return failure();
  Loop &fused = loops[*inner];
  fused.name = op.getFused().str();
  fused.variable.clear();
  fused.extent = multiply(fused.extent, loops[*outer].extent);
  fused.isCarried |= loops[*outer].isCarried;
  loops.erase(loops.begin() + *outer);
  return success();
}

LogicalResult LoopNest::apply(halide::ReorderOp op) {
  SmallVector<unsigned> from;
  SmallVector<Loop> moved;
  for (auto name : op.getVars().getAsRange<StringAttr>()) {
    FailureOr<unsigned> place = require(op, name.getValue());
    if (failed(place))
      return failure();
    from.push_back(*place);
    moved.push_back(loops[*place]);
  }
  // The named loops take the places that they have together.
  llvm::sort(from);
  for (auto [place, loop] : llvm::zip(from, moved))
    loops[place] = loop;
  return success();
}

LogicalResult LoopNest::verifySize(Operation *op, StringRef kind,
                                   int64_t most) const {
  int64_t steps = 1;
  for (const Loop &loop : loops)
    if (loop.kind == kind && loop.extent)
      if (llvm::MulOverflow(steps, *loop.extent, steps) || steps > most)
        return op->emitError(title)
               << " would have more than " << most << " steps " << kind
               << ", which takes too long to compile";
  return success();
}

template <typename LoopOp>
LogicalResult LoopNest::mark(LoopOp op, StringRef kind, bool inner) {
  FailureOr<unsigned> place = requirePlain(op, op.getVar());
  if (failed(place))
    return failure();
  if (kind != "unrolled" && loops[*place].isCarried && !isAtomic)
    return op->emitError("the steps of loop '")
           << op.getVar() << "' of " << title << " write one place; to make it "
           << kind << " in spite of that, the stage has to be atomic";
  if (!op.getFactor()) {
    loops[*place].kind = kind;
    return success();
  }
  int64_t factor = *op.getFactor();
  Loop part = loops[*place];
  loops[*place].extent = divide(part.extent, factor);
  part.extent = factor;
  part.isHidden = true;
  (inner ? part : loops[*place]).kind = kind;
  loops.insert(loops.begin() + *place, part);
  return success();
}

LogicalResult LoopNest::apply(halide::VectorizeOp op) {
  return success(succeeded(mark(op, "vectorized", /*inner=*/true)) &&
                 succeeded(verifySize(op, "vectorized", kMostLanes)));
}
LogicalResult LoopNest::apply(halide::UnrollOp op) {
  return success(succeeded(mark(op, "unrolled", /*inner=*/true)) &&
                 succeeded(verifySize(op, "unrolled", kMostCopies)));
}
LogicalResult LoopNest::apply(halide::ParallelOp op) {
  return mark(op, "parallel", /*inner=*/false);
}

template <typename LoopsOp>
LogicalResult LoopNest::markAll(LoopsOp op) {
  StringRef kind = LoopsOp::getOperationName().split('.').second;
  for (auto name : op.getVars().template getAsRange<StringAttr>()) {
    FailureOr<unsigned> place = requirePlain(op, name);
    if (failed(place))
      return failure();
    if (loops[*place].isCarried && !isAtomic)
      return op->emitError("the steps of loop '")
             << name.getValue() << "' of " << title
             << " write one place; to run them on " << kind
             << " in spite of that, the stage has to be atomic";
    loops[*place].kind = kind;
  }
  return success();
}

LogicalResult LoopNest::apply(halide::GpuBlocksOp op) { return markAll(op); }
LogicalResult LoopNest::apply(halide::GpuThreadsOp op) { return markAll(op); }
LogicalResult LoopNest::apply(halide::GpuLanesOp op) { return markAll(op); }
LogicalResult LoopNest::apply(halide::GpuSingleThreadOp op) {
  return success();
}

LogicalResult LoopNest::apply(halide::AtomicOp op) {
  if (!isUpdate)
    return op->emitError(title) << " is a pure definition; only updates can be "
                                   "atomic";
  isAtomic = true;
  return success();
}

LogicalResult LoopNest::apply(halide::PartitionOp op) {
  return require(op, op.getVar());
}

LogicalResult LoopNest::apply(halide::PrefetchOp op) {
  return failure(failed(require(op, op.getAt())) ||
                 failed(require(op, op.getFrom())));
}
