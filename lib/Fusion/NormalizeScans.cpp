//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes time the first axis of loops, and takes work out of them that does not
/// depend on the state. A loop of one step becomes its body.
///
/// Going through a body in order, each value is the same in all steps, or a
/// function of the step's elements alone, or neither. What is the same moves in
/// front of the loop. Of the second kind, products with matrices are done for
/// all steps at once, with all that they are made of and what follows on them
/// alone; their rows are further sequences of the loop.
///
//===----------------------------------------------------------------------===//

#include "AllSteps.h"
#include "TimeAxis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-normalize-scans"

namespace sylvite {
#define GEN_PASS_DEF_NORMALIZESCANSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
/// What a value of the body depends on.
enum class Depends { Nothing, Elements, State };

/// Takes work out of a loop along the first axis.
class ScanNormalizer {
public:
  explicit ScanNormalizer(graph::ScanOp scan) : scan(scan) {}

  void run();

private:
  Depends classify(Value value);
  Depends classify(Operation *op);
  /// Chooses an op, and those of the body that its operands come from.
  void choose(Operation *op);
  void chooseWork();
  /// The op for all steps, in front of the loop.
  void hoist(Operation *op);
  /// Exchanges the loop for one whose sequences are what is used of its
  /// elements, and what was hoisted.
  void addSequences();

  graph::ScanOp scan;
  /// What values and ops of the body depend on, if not on the state.
  llvm::DenseMap<Value, Depends> known;
  llvm::SetVector<Operation *> chosen;
  /// Of values of the body, what they are in all steps.
  IRMapping all;
};

struct NormalizeScansPass
    : public sylvite::impl::NormalizeScansPassBase<NormalizeScansPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

/// The loop along the first axis.
static graph::ScanOp putTimeFirst(graph::ScanOp scan) {
  int64_t axis = scan.getAxis();
  if (axis == 0)
    return scan;
  OpBuilder builder(scan);
  Location loc = scan.getLoc();
  SmallVector<Value> sequences;
  for (Value sequence : scan.getSequences())
    sequences.push_back(moveToFront(builder, loc, sequence, axis));
  SmallVector<Type> types(scan.getInits().getTypes());
  for (Value output : scan.getStacked()) {
    SmallVector<graph::Dim> dims = graph::getDims(output);
    std::rotate(dims.begin(), dims.begin() + axis, dims.begin() + axis + 1);
    types.push_back(graph::getTensorType(dims, getElementTypeOrSelf(output)));
  }
  auto loop =
      graph::ScanOp::create(builder, loc, types, scan.getInits(), sequences,
                            /*axis=*/0, scan.getReverse(), scan.getStepsAttr());
  loop.getBody().takeBody(scan.getBody());
  SmallVector<Value> results(loop.getResults());
  for (Value &output :
       MutableArrayRef(results).drop_front(scan.getInits().size()))
    output = moveFromFront(builder, loc, output, axis);
  scan.replaceAllUsesWith(results);
  scan.erase();
  return loop;
}

/// Writes the body of a loop of one step in its place. False for other loops.
static bool writeOnlyStep(graph::ScanOp scan) {
  graph::NextOp next = scan.getNext();
  if (scan.getTimeExtent() != graph::Dim(1) || next.getStop())
    return false;
  OpBuilder builder(scan);
  Location loc = scan.getLoc();
  auto reshape = [&](Value value, ArrayRef<graph::Dim> dims) -> Value {
    return graph::ReshapeOp::create(
        builder, loc, graph::getTensorType(dims, getElementTypeOrSelf(value)),
        value);
  };
  Block &body = scan.getBody().front();
  SmallVector<Value> arguments = {graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(cast<ShapedType>(body.getArgument(0).getType()),
                             int64_t(0)))};
  llvm::append_range(arguments, scan.getInits());
  for (Value sequence : scan.getSequences()) {
    SmallVector<graph::Dim> dims = graph::getDims(sequence);
    dims.erase(dims.begin() + scan.getAxis());
    arguments.push_back(reshape(sequence, dims));
  }
  for (auto [argument, value] : llvm::zip(body.getArguments(), arguments))
    argument.replaceAllUsesWith(value);
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator()))
    op.moveBefore(scan);
  SmallVector<Value> results(next.getCarry());
  for (auto [row, output] : llvm::zip(next.getEmit(), scan.getStacked()))
    results.push_back(reshape(row, graph::getDims(output)));
  scan.replaceAllUsesWith(results);
  scan.erase();
  return true;
}

/// Ops that move or repeat elements are index arithmetic where they are read.
static bool isWork(Operation *op) {
  return !isa<graph::ConstantOp, graph::IotaOp, graph::TransposeOp,
              graph::ReshapeOp, graph::BroadcastToOp, graph::SliceOp>(op);
}

Depends ScanNormalizer::classify(Value value) {
  if (!scan.getBody().isAncestor(value.getParentRegion()))
    return Depends::Nothing;
  auto found = known.find(value);
  return found == known.end() ? Depends::State : found->second;
}

Depends ScanNormalizer::classify(Operation *op) {
  if (!isa<graph::GraphDialect>(op->getDialect()) || !isPure(op) ||
      op->getNumRegions() || op->getNumResults() != 1)
    return Depends::State;
  Depends most = Depends::Nothing;
  for (Value operand : op->getOperands())
    most = std::max(most, classify(operand));
  // A loop that ends early may never come to the other steps.
  auto isRow = [&](Value value) {
    return classify(value) == Depends::Elements;
  };
  if (most == Depends::Elements &&
      (scan.getNext().getStop() || !canDoAllSteps(op, isRow)))
    return Depends::State;
  return most;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

void ScanNormalizer::choose(Operation *op) {
  if (!op || op->getParentRegion() != &scan.getBody() || chosen.contains(op))
    return;
  for (Value operand : op->getOperands())
    choose(operand.getDefiningOp());
  chosen.insert(op);
}

void ScanNormalizer::chooseWork() {
  for (Value element : scan.getElements())
    known[element] = Depends::Elements;
  for (Operation &op : scan.getBody().front().without_terminator()) {
    Depends on = classify(&op);
    if (on == Depends::State)
      continue;
    known[op.getResult(0)] = on;
    // What follows a product is done where the product is.
    bool follows = llvm::any_of(op.getOperands(), [&](Value operand) {
      return classify(operand) == Depends::Elements &&
             chosen.contains(operand.getDefiningOp());
    });
    if (on == Depends::Nothing ? isWork(&op) : isProduct(&op) || follows)
      choose(&op);
  }
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

void ScanNormalizer::hoist(Operation *op) {
  if (known[op->getResult(0)] == Depends::Nothing)
    return op->moveBefore(scan);
  OpBuilder builder(scan);
  doAllSteps(builder, op, scan.getTimeExtent(), all);
}

void ScanNormalizer::addSequences() {
  Block &body = scan.getBody().front();
  SmallVector<Value> sequences;
  // What the body reads of the hoisted rows.
  for (Operation *op : chosen) {
    Value row = op->getResult(0);
    if (known[row] != Depends::Elements)
      continue;
    bool isRead = llvm::any_of(row.getUsers(), [&](Operation *user) {
      return !chosen.contains(body.findAncestorOpInBlock(*user));
    });
    if (!isRead)
      continue;
    row.replaceAllUsesWith(body.addArgument(row.getType(), op->getLoc()));
    sequences.push_back(all.lookup(row));
  }
  for (Operation *op : llvm::reverse(chosen))
    if (known[op->getResult(0)] == Depends::Elements)
      op->erase();
  if (sequences.empty())
    return;

  SmallVector<Value> kept;
  unsigned first = 1 + scan.getInits().size(), number = first;
  for (Value sequence : scan.getSequences()) {
    if (body.getArgument(number).use_empty()) {
      body.eraseArgument(number);
      continue;
    }
    kept.push_back(sequence);
    ++number;
  }
  kept.append(sequences);
  OpBuilder builder(scan);
  auto loop = graph::ScanOp::create(
      builder, scan.getLoc(), scan.getResultTypes(), scan.getInits(), kept,
      /*axis=*/0, scan.getReverse(), scan.getStepsAttr());
  loop.getBody().takeBody(scan.getBody());
  scan.replaceAllUsesWith(loop);
  scan.erase();
}

void ScanNormalizer::run() {
  chooseWork();
  for (auto [element, sequence] :
       llvm::zip(scan.getElements(), scan.getSequences()))
    all.map(element, sequence);
  for (Operation *op : chosen)
    hoist(op);
  // What has moved is no part of the body any more.
  chosen.remove_if([&](Operation *op) {
    return known[op->getResult(0)] == Depends::Nothing;
  });
  if (!chosen.empty())
    addSequences();
}

void NormalizeScansPass::runOnOperation() {
  SmallVector<graph::ScanOp> scans;
  getOperation().walk([&](graph::ScanOp scan) { scans.push_back(scan); });
  // Inner loops come first, so that what leaves them may leave the outer ones.
  for (graph::ScanOp scan : scans)
    if (!writeOnlyStep(scan))
      ScanNormalizer(putTimeFirst(scan)).run();
}
