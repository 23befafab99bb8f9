//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the leading dimensions of scores may be.
///
//===----------------------------------------------------------------------===//

#include "HeadSplits.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// No more ops are looked at.
static constexpr unsigned kMaxOps = 64;

Value sylvite::getRepeated(Value value) {
  if (auto broadcast = value.getDefiningOp<graph::BroadcastToOp>())
    return broadcast.getInput();
  auto concat = value.getDefiningOp<graph::ConcatOp>();
  if (concat && llvm::all_equal(concat.getInputs()) &&
      graph::getDims(concat.getInputs().front())[concat.getAxis()].isOne())
    return concat.getInputs().front();
  return {};
}

/// The ops from the product back to queries, keys and values.
static llvm::SetVector<Operation *> collectOps(Operation *product) {
  llvm::SetVector<Operation *> near;
  near.insert(product);
  for (unsigned i = 0; i < near.size() && i < kMaxOps; ++i)
    for (Value operand : near[i]->getOperands())
      if (Operation *op = operand.getDefiningOp();
          isa_and_present<graph::ReshapeOp, graph::TransposeOp, graph::AddOp,
                          graph::SubOp, graph::MulOp, graph::DivOp,
                          graph::SelectOp, graph::SoftmaxOp, graph::MaximumOp,
                          graph::MinimumOp, graph::TanhOp, graph::CastOp,
                          graph::L2NormalizeOp, graph::MatmulOp,
                          graph::BroadcastToOp, graph::ConcatOp>(op))
        near.insert(op);
  return near;
}

/// Batch and heads in the dimensions of a reshape whose product is `merged`.
static void collectSplits(Operation *reshape, Dim merged,
                          llvm::SmallVectorImpl<HeadSplit> &splits) {
  for (Value value : {reshape->getOperand(0), Value(reshape->getResult(0))}) {
    SmallVector<Dim> dims = graph::getDims(value);
    for (unsigned i = 0; i + 1 < dims.size(); ++i) {
      HeadSplit split{dims[i], dims[i + 1], Dim(1)};
      if (dims.size() >= 4 && dims[i + 1].isStatic() &&
          graph::haveSameElementCount({dims[i], dims[i + 1]}, {merged}) &&
          !llvm::is_contained(splits, split))
        splits.push_back(split);
    }
  }
}

/// How often a dimension of extent 1 is repeated by `op`, in a product among
/// the leading dimensions.
static void collectRepeats(Operation *op, llvm::SetVector<int64_t> &counts) {
  auto compare = [&](Value from, Value to, unsigned numIgnored) {
    SmallVector<Dim> result = graph::getDims(to), own = graph::getDims(from);
    while (own.size() < result.size())
      own.insert(own.begin(), Dim(1));
    for (unsigned i = 0; i + numIgnored < result.size(); ++i)
      if (own[i].isOne() && result[i].isStatic() && !result[i].isOne())
        counts.insert(result[i].size);
  };
  if (isa<graph::MatmulOp>(op)) {
    for (Value operand : op->getOperands())
      compare(operand, op->getResult(0), /*numIgnored=*/2);
  } else if (isa<graph::BroadcastToOp, graph::ConcatOp>(op)) {
    if (Value repeated = getRepeated(op->getResult(0)))
      compare(repeated, op->getResult(0), 0);
  }
}

SmallVector<HeadSplit> sylvite::getHeadSplits(OpOperand &weightedSum) {
  SmallVector<Dim> dims = graph::getDims(weightedSum.get());
  llvm::SetVector<Operation *> near = collectOps(weightedSum.getOwner());
  SmallVector<HeadSplit> plain, splits;
  switch (dims.size()) {
  case 2:
    return {{Dim(1), Dim(1), Dim(1)}};
  case 3:
    for (Operation *op : near)
      if (isa<graph::ReshapeOp>(op))
        collectSplits(op, dims[0], plain);
    for (Operation *user : weightedSum.getOwner()->getUsers())
      if (isa<graph::ReshapeOp>(user))
        collectSplits(user, dims[0], plain);
    plain.push_back({dims[0], Dim(1), Dim(1)});
    if (dims[0].isStatic())
      plain.push_back({Dim(1), dims[0], Dim(1)});
    break;
  case 4:
    plain.push_back({dims[0], dims[1], Dim(1)});
    break;
  case 5:
    return {{dims[0], dims[1], dims[2]}};
  default:
    return {};
  }

  llvm::SetVector<int64_t> counts;
  for (Operation *op : near)
    collectRepeats(op, counts);
  for (const HeadSplit &split : plain)
    for (int64_t count : counts)
      if (split.heads.isStatic() && split.heads.size % count == 0)
        splits.push_back({split.batch, Dim(split.heads.size / count), count});
  splits.append(plain);
  return splits;
}
