//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one attention of several that have one head each.
///
/// The definition of multi-head attention states it so: for each head matrices
/// of its own that project queries, keys and values, an attention, and then the
/// concatenation of what all heads give. The concatenation is the root. Where
/// the heads' attentions differ in nothing but their operands, these are
/// brought together (JoinLayers.h for projections of one input) as the features
/// of one tensor, which are then heads and features.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "HeadSums.h"
#include "JoinLayers.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-heads"

namespace sylvite {
#define GEN_PASS_DEF_FUSEHEADSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// The value behind moves of dimensions of extent 1.
static Value skipOnes(Value value) {
  while (true) {
    SmallVector<Dim> dims = graph::getDims(value);
    if (auto reshape = value.getDefiningOp<graph::ReshapeOp>();
        reshape &&
        dropOnes(graph::getDims(reshape.getInput())) == dropOnes(dims)) {
      value = reshape.getInput();
      continue;
    }
    if (auto transpose = value.getDefiningOp<graph::TransposeOp>()) {
      SmallVector<int64_t> order;
      for (auto [axis, dim] : llvm::zip_equal(transpose.getPerm(), dims))
        if (!dim.isOne())
          order.push_back(axis);
      if (llvm::is_sorted(order)) {
        value = transpose.getInput();
        continue;
      }
    }
    return value;
  }
}

/// The attention whose result `value` is.
static graph::AttentionOp findAttention(Value value) {
  Value result = skipOnes(value);
  auto attention = result.getDefiningOp<graph::AttentionOp>();
  // Its weights are another result.
  return attention && attention.getResult() == result ? attention
                                                      : graph::AttentionOp();
}

/// May heads be taken for a batch? [batch, sequence, features] with a static
/// batch is read as [heads, sequence, features], which means the same where
/// nothing tells the two apart.
static bool isBatchOfHeads(graph::AttentionOp op) {
  graph::AttentionOp::Axes axes = op.getAxes();
  SmallVector<Dim> bias;
  if (op.getBias())
    bias = graph::getDims(op.getBias());
  auto usesIndex = [&](unsigned argument) {
    return !op.getScore().empty() &&
           !op.getScore().front().getArgument(argument).use_empty();
  };
  return op.getLayout() == graph::HeadLayout::Bhsd &&
         graph::getDims(op.getQuery())[axes.batch].isOne() &&
         op.getKeyHeads() == op.getHeads() && op.getMaskOperands().empty() &&
         op.getSimilarityOperands().empty() &&
         (bias.size() < 3 || bias[bias.size() - 3].isOne()) && !usesIndex(1) &&
         !usesIndex(2);
}

/// Is it an attention with one head?
static bool isHead(graph::AttentionOp op) {
  return op.getHeads() == 1 || isBatchOfHeads(op);
}

/// The axes of one head's operands.
static graph::AttentionOp::Axes getAxes(graph::AttentionOp head) {
  graph::AttentionOp::Axes axes = head.getAxes();
  if (head.getHeads() != 1)
    std::swap(axes.batch, axes.heads);
  return axes;
}

namespace {
/// How one operand of all heads comes about.
struct Operands {
  enum class Kind { Layers, Slices, Tensor } kind;
  int64_t heads;
  SmallVector<graph::LinearOp> layers;
  /// What is sliced along `axis`, from `begin` to `end`; or the operand, which
  /// has one head.
  Value tensor;
  int64_t axis = 0, begin = 0, end = 0;

  bool operator==(const Operands &) const = default;
};

/// Everything that has been decided.
struct Plan {
  SmallVector<graph::AttentionOp> heads;
  Operands query, key, value;
  /// The heads' own dimension, if they have one: the first of all, before the
  /// sequence, or behind it.
  enum class Order { Features, Hbsd, Bhsd, Bshd } order = Order::Features;
};
} // namespace

//===----------------------------------------------------------------------===//
// May the heads be fused?
//===----------------------------------------------------------------------===//

/// Do the heads differ in anything but query, key and value?
static std::optional<MissedFusion> compare(ArrayRef<graph::AttentionOp> heads) {
  graph::AttentionOp first = heads.front();
  for (graph::AttentionOp head : heads) {
    auto differ = [&](StringRef what) {
      return MissedFusion{("the heads differ in their " + what).str(), head,
                          ""};
    };
    if (!isHead(head))
      return MissedFusion{"an attention has several heads", head, ""};
    if (head.getScale() != first.getScale())
      return differ("scale");
    if (head.getProductAttr() != first.getProductAttr())
      return differ("product");
    if (head.getSimilarity() != first.getSimilarity() ||
        head.getSimilarityOperands() != first.getSimilarityOperands())
      return differ("similarity");
    if (head.getMaskAttr() != first.getMaskAttr() ||
        head.getMaskOperands() != first.getMaskOperands())
      return differ("mask");
    if (bool(head.getBias()) != bool(first.getBias()) ||
        (head.getBias() &&
         head.getBias().getType() != first.getBias().getType()))
      return differ("bias");
    if (head.getQuery().getType() != first.getQuery().getType() ||
        head.getKey().getType() != first.getKey().getType() ||
        head.getValue().getType() != first.getValue().getType() ||
        head.getLayout() != first.getLayout())
      return differ("shapes");
    if (!OperationEquivalence::isRegionEquivalentTo(
            &head.getScore(), &first.getScore(),
            OperationEquivalence::IgnoreLocations))
      return differ("formula of scores");
    // There it is always 0.
    if (!head.getScore().empty() &&
        !head.getScore().front().getArgument(2).use_empty())
      return MissedFusion{"a formula of scores reads the number of the head",
                          head, ""};
    if (head->getBlock() != first->getBlock())
      return MissedFusion{"the heads are in different regions", head, ""};
    if (!head->hasOneUse())
      return MissedFusion{"a head has a second user", head, ""};
  }
  return std::nullopt;
}

/// Where one operand of all heads comes from; none, with the reason. `values`
/// has one for each head of the result.
static std::optional<Operands>
findOperands(ArrayRef<Value> values, StringRef name, MissedFusion &missed) {
  Operands found;
  found.heads = values.size();
  SmallVector<Value> bases;
  for (Value value : values)
    bases.push_back(skipOnes(value));
  if (bases.size() == 1) {
    found.kind = Operands::Kind::Tensor;
    found.tensor = bases.front();
    return found;
  }

  found.kind = Operands::Kind::Layers;
  for (Value base : bases)
    if (auto layer = base.getDefiningOp<graph::LinearOp>())
      found.layers.push_back(layer);
  if (found.layers.size() == bases.size()) {
    if (std::optional<MissedFusion> why = checkJoin(found.layers)) {
      missed = std::move(*why);
      return std::nullopt;
    }
    return found;
  }

  found.kind = Operands::Kind::Slices;
  found.layers.clear();
  for (auto [i, base] : llvm::enumerate(bases)) {
    auto slice = base.getDefiningOp<graph::SliceOp>();
    if (slice && i == 0) {
      found.tensor = slice.getInput();
      found.axis = slice.getAxis();
      found.begin = found.end = slice.getBegin();
    }
    // Of the features, or of a dimension that has the heads alone.
    int64_t last = graph::getDims(base).size() - 1;
    bool fits = slice && slice.getInput() == found.tensor &&
                int64_t(slice.getAxis()) == found.axis &&
                int64_t(slice.getBegin()) == found.end &&
                (found.axis == last ||
                 slice.getEnd() - slice.getBegin() == uint64_t(1));
    if (!fits) {
      missed = {("the " + name +
                 " of the heads are neither layers of one input nor parts of "
                 "one tensor, in order")
                    .str(),
                base.getDefiningOp(), ""};
      return std::nullopt;
    }
    found.end = slice.getEnd();
  }
  return found;
}

/// How many heads in a row read the same keys and values: the largest such
/// number that all groups have.
static size_t getGroup(ArrayRef<Value> keys, ArrayRef<Value> values) {
  auto isRepeated = [](ArrayRef<Value> heads, size_t group) {
    for (size_t i = 0; i < heads.size(); ++i)
      if (skipOnes(heads[i]) != skipOnes(heads[i - i % group]))
        return false;
    return true;
  };
  size_t group = keys.size();
  while (keys.size() % group != 0 || !isRepeated(keys, group) ||
         !isRepeated(values, group))
    --group;
  return group;
}

/// One of each group.
static SmallVector<Value> takeFirst(ArrayRef<Value> values, size_t group) {
  SmallVector<Value> first;
  for (size_t i = 0; i < values.size(); i += group)
    first.push_back(values[i]);
  return first;
}

/// How the heads stand in what is joined along the axis, of which `part` is
/// one.
static std::optional<Plan::Order> findOrder(int64_t axis, Value part,
                                            graph::AttentionOp head) {
  graph::AttentionOp::Axes axes = getAxes(head);
  SmallVector<Dim> query = graph::getDims(head.getQuery()),
                   dims = graph::getDims(part);
  ArrayRef<Dim> before = ArrayRef<Dim>(dims).take_front(axis);
  Dim batch = query[axes.batch], sequence = query[axes.sequence],
      features = graph::getDims(head.getResult())[axes.features];
  if (axis + 1 == int64_t(dims.size()) && dims.back() == features &&
      graph::haveSameElementCount(before, {batch, sequence}))
    return Plan::Order::Features;
  if (!dims[axis].isOne())
    return std::nullopt;
  if (graph::haveSameElementCount(before, {batch, sequence}))
    return Plan::Order::Bshd;
  if (graph::haveSameElementCount(before, {batch}))
    return Plan::Order::Bhsd;
  if (before.empty())
    return Plan::Order::Hbsd;
  return std::nullopt;
}

static std::optional<Plan> makePlan(graph::ConcatOp concat, Value part,
                                    ArrayRef<graph::AttentionOp> heads,
                                    MissedFusion &missed) {
  if (std::optional<MissedFusion> why = compare(heads)) {
    missed = std::move(*why);
    return std::nullopt;
  }
  std::optional<Plan::Order> order =
      findOrder(concat.getAxis(), part, heads.front());
  if (!order) {
    missed = {"the heads are not joined along features or heads", concat, ""};
    return std::nullopt;
  }
  SmallVector<Value> queries, keys, values;
  for (graph::AttentionOp head : heads) {
    queries.push_back(head.getQuery());
    keys.push_back(head.getKey());
    values.push_back(head.getValue());
  }
  size_t group = getGroup(keys, values);
  auto query = findOperands(queries, "queries", missed);
  if (!query)
    return std::nullopt;
  auto key = findOperands(takeFirst(keys, group), "keys", missed);
  if (!key)
    return std::nullopt;
  auto value = findOperands(takeFirst(values, group), "values", missed);
  if (!value)
    return std::nullopt;
  return Plan{SmallVector<graph::AttentionOp>(heads), std::move(*query),
              std::move(*key), std::move(*value), *order};
}

//===----------------------------------------------------------------------===//
// The rewrite
//===----------------------------------------------------------------------===//

/// One operand for all heads, as [batch, sequence, heads, features]. `single`
/// is that of one head.
static Value makeOperand(OpBuilder &builder, Location loc,
                         const Operands &operands, Value single,
                         graph::AttentionOp::Axes axes) {
  SmallVector<Dim> dims = graph::getDims(single);
  Dim features = dims[axes.features];
  Value all = operands.tensor;
  switch (operands.kind) {
  case Operands::Kind::Tensor:
    break;
  case Operands::Kind::Layers: {
    // What a loop's body does not have stays in front of the loop.
    OpBuilder::InsertionGuard guard(builder);
    Block *block = operands.layers.front()->getBlock();
    if (block != builder.getInsertionBlock()) {
      graph::LinearOp last = operands.layers.front();
      for (graph::LinearOp layer : operands.layers)
        if (last->isBeforeInBlock(layer))
          last = layer;
      builder.setInsertionPointAfter(last);
    }
    all = joinLayers(builder, loc, operands.layers);
    break;
  }
  case Operands::Kind::Slices: {
    SmallVector<Dim> whole = graph::getDims(all);
    int64_t last = whole.size() - 1;
    if (operands.begin != 0 || whole[operands.axis] != Dim(operands.end))
      all = graph::SliceOp::create(builder, loc, all, operands.axis,
                                   operands.begin, operands.end);
    // Heads stand in front of the features.
    if (operands.axis + 1 < last) {
      SmallVector<int64_t> perm;
      for (int64_t axis = 0; axis < last; ++axis)
        if (axis != operands.axis)
          perm.push_back(axis);
      perm.append({operands.axis, last});
      all = graph::TransposeOp::create(builder, loc, all, perm);
    }
    break;
  }
  }
  return graph::ReshapeOp::create(
      builder, loc,
      graph::getTensorType({dims[axes.batch], dims[axes.sequence],
                            Dim(operands.heads), features},
                           getElementTypeOrSelf(all)),
      all);
}

/// The bias of all heads: one for all, or those of each, [.., heads, S, T].
static Value makeBias(OpBuilder &builder, Location loc,
                      ArrayRef<graph::AttentionOp> heads) {
  SmallVector<Value> biases;
  for (graph::AttentionOp head : heads)
    biases.push_back(head.getBias());
  if (llvm::all_equal(biases))
    return biases.front();
  SmallVector<Dim> dims = graph::getDims(biases.front());
  while (dims.size() < 3)
    dims.insert(dims.begin(), Dim(1));
  for (Value &bias : biases) {
    auto type = graph::getTensorType(dims, getElementTypeOrSelf(bias));
    if (bias.getType() != type)
      bias = graph::ReshapeOp::create(builder, loc, type, bias);
  }
  return joinParts(builder, loc, biases, dims.size() - 3);
}

static graph::AttentionOp fuse(graph::ConcatOp concat, const Plan &plan) {
  OpBuilder builder(concat);
  SmallVector<Operation *> ops(plan.heads.begin(), plan.heads.end());
  Location loc = fuseLocs(ops);
  graph::AttentionOp first = plan.heads.front();
  graph::AttentionOp::Axes axes = getAxes(first);
  // What is more than one of them is made once.
  Value query = makeOperand(builder, loc, plan.query, first.getQuery(), axes),
        key = plan.key == plan.query
                  ? query
                  : makeOperand(builder, loc, plan.key, first.getKey(), axes),
        value =
            plan.value == plan.key ? key
            : plan.value == plan.query
                ? query
                : makeOperand(builder, loc, plan.value, first.getValue(), axes);
  SmallVector<Dim> dims = graph::getDims(query);
  dims.back() = graph::getDims(value).back();
  auto attention = graph::AttentionOp::create(
      builder, loc, graph::getTensorType(dims, getElementTypeOrSelf(query)),
      query, key, value, first.getSimilarityOperands(), first.getMaskOperands(),
      makeBias(builder, loc, plan.heads), first.getSimilarity(),
      first.getScale(), graph::HeadLayout::Bshd, first.getMaskAttr(),
      first.getProductAttr());
  attention.getScore().takeBody(first.getScore());

  Value result = attention.getResult();
  if (plan.order == Plan::Order::Hbsd)
    result = graph::TransposeOp::create(builder, loc, result, {2, 0, 1, 3});
  if (plan.order == Plan::Order::Bhsd)
    result = graph::TransposeOp::create(builder, loc, result, {0, 2, 1, 3});
  if (result.getType() != concat.getType())
    result = graph::ReshapeOp::create(builder, loc, concat.getType(), result);
  concat.replaceAllUsesWith(result);
  eraseDead(concat);
  return attention;
}

namespace {
struct FuseHeadsPass : public sylvite::impl::FuseHeadsPassBase<FuseHeadsPass> {
  void runOnOperation() override;
};
} // namespace

/// Is this a part of another concatenation along the same axis?
static bool isInner(graph::ConcatOp concat) {
  auto outer = dyn_cast_if_present<graph::ConcatOp>(getOnlyUser(concat));
  return outer && outer.getAxis() == concat.getAxis();
}

/// What is joined, also by inner concatenations.
static void collectInputs(graph::ConcatOp concat,
                          SmallVectorImpl<Value> &inputs) {
  for (Value input : concat.getInputs()) {
    auto inner = input.getDefiningOp<graph::ConcatOp>();
    if (inner && isInner(inner))
      collectInputs(inner, inputs);
    else
      inputs.push_back(input);
  }
}

void FuseHeadsPass::runOnOperation() {
  joinHeadSums(getOperation(), [](Value value) {
    graph::AttentionOp head = findAttention(value);
    return head && isHead(head);
  });
  SmallVector<graph::ConcatOp> candidates;
  getOperation().walk([&](graph::ConcatOp op) {
    if (!isInner(op))
      candidates.push_back(op);
  });
  for (graph::ConcatOp concat : candidates) {
    SmallVector<Value> inputs;
    collectInputs(concat, inputs);
    SmallVector<graph::AttentionOp> heads;
    Value other;
    for (Value input : inputs) {
      if (graph::AttentionOp head = findAttention(input))
        heads.push_back(head);
      else
        other = input;
    }
    // One attention and something else is no multi-head attention.
    if (heads.size() < 2)
      continue;
    MissedFusion missed;
    std::optional<Plan> plan;
    if (other)
      missed = {"some of what is joined is no attention", other.getDefiningOp(),
                ""};
    else
      plan = makePlan(concat, inputs.front(), heads, missed);
    if (!plan) {
      remarkMissed(concat, "heads", missed);
      continue;
    }
    graph::AttentionOp attention = fuse(concat, *plan);
    std::string text = std::to_string(attention.getHeads()) + " heads";
    if (attention.getKeyHeads() != attention.getHeads())
      text += " on " + std::to_string(attention.getKeyHeads()) + " of keys";
    remarkFused(attention, "heads", text);
  }
}
