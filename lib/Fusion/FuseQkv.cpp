//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one linear layer of the projections of an attention.
///
/// Query, key and value are followed backward through reshapes, transposes and
/// slices to the layers they come from. Those with one input are computed
/// together: by a layer whose weight and bias are theirs, one after the other,
/// with a slice for each behind it. The first of them is the place, and
/// weights, which need nothing, move up to it. Weights that are parts of a
/// packed one are put together again.
///
//===----------------------------------------------------------------------===//

#include "JoinLayers.h"
#include "Matchers.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-fuse-qkv"

namespace sylvite {
#define GEN_PASS_DEF_FUSEQKVPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// The layer whose result, or a part of it, `value` is.
static graph::LinearOp findProjection(Value value) {
  Operation *op = value.getDefiningOp();
  while (
      isa_and_present<graph::ReshapeOp, graph::TransposeOp, graph::SliceOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return dyn_cast_if_present<graph::LinearOp>(op);
}

/// Computes the layers, which are in the order of the block, together.
static graph::LinearOp fuse(ArrayRef<graph::LinearOp> layers) {
  SmallVector<Operation *> ops(layers.begin(), layers.end());
  OpBuilder builder(layers.front());
  graph::LinearOp joined = joinLayers(builder, fuseLocs(ops), layers);
  int64_t axis = graph::getDims(joined.getResult()).size() - 1, begin = 0;
  for (graph::LinearOp layer : layers) {
    int64_t end = begin + layer.getOutFeatures();
    auto slice = graph::SliceOp::create(builder, layer.getLoc(), joined, axis,
                                        begin, end);
    layer.getResult().replaceAllUsesWith(slice);
    begin = end;
  }
  for (graph::LinearOp layer : layers)
    layer.erase();
  return joined;
}

/// Fuses what projects one input for the attention.
static void fuseProjections(graph::AttentionOp attention) {
  static constexpr StringLiteral kNames[] = {"query", "key", "value"};
  llvm::MapVector<Value, llvm::SetVector<graph::LinearOp>> byInput;
  llvm::MapVector<Operation *, std::string> names;
  DenseMap<Operation *, unsigned> counts;
  std::optional<MissedFusion> missed;
  auto miss = [&](MissedFusion why) {
    if (!missed)
      missed = std::move(why);
  };
  std::array<Value, 3> operands = {attention.getQuery(), attention.getKey(),
                                   attention.getValue()};
  for (auto [name, operand] : llvm::zip_equal(kNames, operands)) {
    graph::LinearOp layer = findProjection(operand);
    if (!layer) {
      miss({("the " + name + " is no result of a linear layer").str(),
            operand.getDefiningOp(), ""});
      continue;
    }
    byInput[layer.getInput()].insert(layer);
    ++counts[layer];
    std::string &text = names[layer];
    text += (text.empty() ? "" : ", ") + name.str();
  }
  bool joins = false;
  for (auto &[input, found] : byInput) {
    // A layer of which two or three are parts has nothing left to join.
    if (found.size() < 2) {
      joins |= counts[found.front()] > 1;
      continue;
    }
    SmallVector<graph::LinearOp> layers(found.begin(), found.end());
    joins = true;
    if (std::optional<MissedFusion> why = checkJoin(layers)) {
      remarkMissed(attention, "qkv", *why);
      continue;
    }
    llvm::sort(layers, [](graph::LinearOp a, graph::LinearOp b) {
      return a->isBeforeInBlock(b);
    });
    std::string text;
    for (graph::LinearOp layer : layers)
      text += (text.empty() ? "" : ", ") + names[layer];
    remarkFused(fuse(layers), "qkv", text);
  }
  // An attention of tensors that no layer makes has nothing to be fused.
  if (joins || byInput.empty())
    return;
  if (byInput.size() > 1)
    miss({"the projections have different inputs",
          findProjection(attention.getKey()), ""});
  if (missed)
    remarkMissed(attention, "qkv", *missed);
}

namespace {
struct FuseQkvPass : public sylvite::impl::FuseQkvPassBase<FuseQkvPass> {
  void runOnOperation() override;
};
} // namespace

void FuseQkvPass::runOnOperation() {
  SmallVector<graph::AttentionOp> candidates;
  getOperation().walk([&](graph::AttentionOp op) { candidates.push_back(op); });
  for (graph::AttentionOp op : candidates)
    fuseProjections(op);
}
