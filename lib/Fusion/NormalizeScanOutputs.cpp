//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes work out of loops over time that only makes their outputs.
///
/// From what a step emits the pass goes up to ops that nothing else reads and
/// that can be done for all steps at once. If there is a product among them
/// they move behind the loop, which emits what they read in their place.
///
//===----------------------------------------------------------------------===//

#include "AllSteps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-normalize-scan-outputs"

namespace sylvite {
#define GEN_PASS_DEF_NORMALIZESCANOUTPUTSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
class OutputNormalizer {
public:
  explicit OutputNormalizer(graph::ScanOp scan) : scan(scan) {}

  void run();

private:
  void choose();
  /// Writes the loop anew: what it emits are values that stay.
  void rewrite();

  graph::ScanOp scan;
  /// What moves behind the loop, users first.
  llvm::SetVector<Operation *> chosen;
};

struct NormalizeScanOutputsPass
    : public sylvite::impl::NormalizeScanOutputsPassBase<
          NormalizeScanOutputsPass> {
  void runOnOperation() override;
};
} // namespace

/// Values of the body differ between steps.
static bool isInLoop(Value value, graph::ScanOp scan) {
  return scan.getBody().isAncestor(value.getParentRegion());
}

void OutputNormalizer::choose() {
  auto isRow = [&](Value value) { return isInLoop(value, scan); };
  graph::NextOp next = scan.getNext();
  Block &body = scan.getBody().front();
  llvm::SmallPtrSet<Operation *, 8> carries;
  for (Value value : next.getCarry())
    if (Operation *op = value.getDefiningOp())
      carries.insert(op);
  for (Operation &op : llvm::reverse(body.without_terminator())) {
    bool isLast = !op.use_empty() && !carries.contains(&op) &&
                  llvm::all_of(op.getUsers(), [&](Operation *user) {
                    return user == next || chosen.contains(user);
                  });
    if (isLast && canDoAllSteps(&op, isRow))
      chosen.insert(&op);
  }
  // What no product needs stays: it would read and write memory for nothing.
  llvm::SmallPtrSet<Operation *, 8> needed;
  for (Operation *op : llvm::reverse(chosen)) {
    bool follows = llvm::any_of(op->getOperands(), [&](Value operand) {
      return needed.contains(operand.getDefiningOp());
    });
    if (isProduct(op) || follows)
      needed.insert(op);
  }
  chosen.remove_if([&](Operation *op) { return !needed.contains(op); });
}

void OutputNormalizer::rewrite() {
  graph::NextOp next = scan.getNext();
  unsigned numCarried = scan.getInits().size();
  SmallVector<Operation *> order = llvm::to_vector(llvm::reverse(chosen));
  // The values that stay and are read behind the loop, and old outputs.
  llvm::SetVector<Value> emitted;
  for (Value value : next.getEmit())
    if (!chosen.contains(value.getDefiningOp()))
      emitted.insert(value);
  IRMapping all;
  for (auto [element, sequence] :
       llvm::zip(scan.getElements(), scan.getSequences()))
    all.map(element, sequence);
  for (Operation *op : order)
    for (Value operand : op->getOperands())
      if (isInLoop(operand, scan) && !all.contains(operand) &&
          !chosen.contains(operand.getDefiningOp()))
        emitted.insert(operand);

  graph::Dim steps = scan.getTimeExtent();
  SmallVector<Type> types(scan.getInits().getTypes());
  for (Value value : emitted) {
    SmallVector<graph::Dim> dims = graph::getDims(value);
    dims.insert(dims.begin(), steps);
    types.push_back(graph::getTensorType(dims, getElementTypeOrSelf(value)));
  }
  SmallVector<Value> oldEmits(next.getEmit());
  next.getEmitMutable().assign(emitted.getArrayRef());
  OpBuilder builder(scan);
  auto loop = graph::ScanOp::create(
      builder, scan.getLoc(), types, scan.getInits(), scan.getSequences(),
      /*axis=*/0, scan.getReverse(), scan.getStepsAttr());
  loop.getBody().takeBody(scan.getBody());
  llvm::DenseMap<Value, Value> outputs;
  for (auto [value, stacked] : llvm::zip(emitted, loop.getStacked())) {
    outputs[value] = stacked;
    // What is the same in all steps is read as it is.
    if (isInLoop(value, loop))
      all.map(value, stacked);
  }
  for (Operation *op : order)
    outputs[op->getResult(0)] = doAllSteps(builder, op, steps, all);

  SmallVector<Value> results(loop.getResults().take_front(numCarried));
  for (Value value : oldEmits)
    results.push_back(outputs.at(value));
  scan.replaceAllUsesWith(results);
  scan.erase();
  for (Operation *op : chosen)
    op->erase();
}

void OutputNormalizer::run() {
  // Outputs of steps that never come are zero, whatever would be made of them.
  if (scan.getNext().getStop() || scan.getAxis() != 0)
    return;
  choose();
  if (!chosen.empty())
    rewrite();
}

void NormalizeScanOutputsPass::runOnOperation() {
  SmallVector<graph::ScanOp> scans;
  getOperation().walk([&](graph::ScanOp scan) { scans.push_back(scan); });
  for (graph::ScanOp scan : scans)
    OutputNormalizer(scan).run();
}
