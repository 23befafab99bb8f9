//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From a softmax forward to the product with the values, whose operands fix
/// the roles of all dimensions; then backward through everything that happens
/// to the scores, to the product of queries and keys. Roles go along, so that
/// transposes and reshapes may stand anywhere in between.
///
/// In [n, queries, keys] the leading dimension may be batch, heads or both.
/// Reshapes around show how it was merged; each possibility is matched.
///
//===----------------------------------------------------------------------===//

#include "AttentionPattern.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// No formula between product and softmax is deeper.
static constexpr unsigned kMaxDepth = 16;

/// The op that made the value, behind transposes and reshapes.
static Operation *skipMoves(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<graph::TransposeOp, graph::ReshapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return op;
}

/// A product of two calculated tensors: one with a weight is a layer's.
static bool isProductOfTensors(Operation *op) {
  auto product = dyn_cast_if_present<graph::MatmulOp>(op);
  return product && llvm::none_of(product->getOperands(), [](Value operand) {
           return isa_and_present<graph::WeightOp, graph::ConstantOp>(
               skipMoves(operand));
         });
}

/// Is `value` calculated from a product of queries and keys?
static bool reachesScores(Value value, unsigned depth = kMaxDepth) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return false;
  if (isa<graph::MatmulOp>(op))
    return isProductOfTensors(op);
  if (!isa<graph::AddOp, graph::SubOp, graph::MulOp, graph::DivOp, graph::NegOp,
           graph::SelectOp, graph::MaximumOp, graph::MinimumOp, graph::CastOp,
           graph::TransposeOp, graph::ReshapeOp, graph::TanhOp>(op))
    return false;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return reachesScores(operand, depth - 1);
  });
}

/// The product that the probabilities go into, through nothing but moves.
static OpOperand *findWeightedSum(Value probabilities) {
  while (probabilities.hasOneUse()) {
    OpOperand &use = *probabilities.use_begin();
    if (isa<graph::MatmulOp>(use.getOwner()))
      return isProductOfTensors(use.getOwner()) ? &use : nullptr;
    if (!isa<graph::TransposeOp, graph::ReshapeOp>(use.getOwner()))
      return nullptr;
    probabilities = use.getOwner()->getResult(0);
  }
  return nullptr;
}

/// Whether a product of tensors is calculated from the probabilities.
static bool reachesWeightedSum(Value value, unsigned depth = 4) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (isa<graph::MatmulOp>(user))
      return isProductOfTensors(user);
    return depth > 0 && user->getNumResults() == 1 &&
           isa<graph::TransposeOp, graph::ReshapeOp, graph::MulOp,
               graph::CastOp, graph::SelectOp, graph::AddOp>(user) &&
           reachesWeightedSum(user->getResult(0), depth - 1);
  });
}

bool sylvite::looksLikeAttention(graph::SoftmaxOp softmax) {
  return reachesWeightedSum(softmax) || reachesScores(softmax.getInput());
}

//===----------------------------------------------------------------------===//
// One way to see it
//===----------------------------------------------------------------------===//

namespace {
/// Matches with one choice of batch and heads.
struct Matcher {
  graph::SoftmaxOp softmax;
  OpOperand &weightedSum;
  Dim batch, heads;
  MissedFusion &missed;

  std::optional<AttentionPattern> match();

private:
  std::nullopt_t miss(const Twine &reason, Operation *other = nullptr,
                      StringRef suggestion = "") {
    missed = {reason.str(), other, suggestion.str()};
    return std::nullopt;
  }

  /// Batch and heads of a product's operand, and then two roles.
  std::optional<View> viewFactor(Value operand, graph::MatmulOp product,
                                 ArrayRef<RoleList> lead, Role row, Role column,
                                 bool transposed, const RoleExtents &extents);
  std::optional<View> walkScores(View view, AttentionPattern &pattern);
  std::optional<View> stepElementwise(Operation *op, const View &view,
                                      AttentionPattern &pattern);
  std::optional<View> stepSum(Operation *op, const View &view,
                              AttentionPattern &pattern);
  std::optional<View> stepSelect(graph::SelectOp op, const View &view,
                                 AttentionPattern &pattern);
};
} // namespace

std::optional<View> Matcher::viewFactor(Value operand, graph::MatmulOp product,
                                        ArrayRef<RoleList> lead, Role row,
                                        Role column, bool transposed,
                                        const RoleExtents &extents) {
  SmallVector<Dim> dims = graph::getDims(operand),
                   result = graph::getDims(product.getResult());
  if (dims.size() != result.size() ||
      ArrayRef<Dim>(dims).drop_back(2) != ArrayRef<Dim>(result).drop_back(2))
    return miss("the operands of the product differ in batch or heads", product,
                "repeat keys and values, or bring them to one rank");
  View view{operand, {}};
  view.axes.assign(lead.begin(), lead.end());
  if (transposed)
    std::swap(row, column);
  view.axes.push_back(extents.strip(row));
  view.axes.push_back(extents.strip(column));
  return view;
}

std::optional<AttentionPattern> Matcher::match() {
  auto output = cast<graph::MatmulOp>(weightedSum.getOwner());
  bool isLhs = weightedSum.getOperandNumber() == 0;
  Value weights = weightedSum.get();
  Value values = isLhs ? output.getRhs() : output.getLhs();
  bool weightsTransposed =
      (isLhs ? output.getTransposeLhs() : output.getTransposeRhs()) == isLhs;
  bool valuesTransposed =
      (isLhs ? output.getTransposeRhs() : output.getTransposeLhs()) == isLhs;

  // As the left operand, probabilities are [queries, keys] and values [keys,
  // features]; as the right one they stand the other way round.
  SmallVector<Dim> weightDims = graph::getDims(weights),
                   valueDims = graph::getDims(values);
  size_t rank = weightDims.size();
  Dim queries = weightDims[rank - (weightsTransposed ? 1 : 2)];
  Dim keys = weightDims[rank - (weightsTransposed ? 2 : 1)];
  Dim valueFeatures = valueDims[valueDims.size() - (valuesTransposed ? 2 : 1)];
  for (Dim dim : {batch, heads, queries, keys, valueFeatures})
    if (!dim.isStatic() && !dim.name)
      return miss("a dimension has no name", output,
                  "name dynamic dimensions with #graph.dims");
  if (!heads.isStatic())
    return miss("the number of heads is dynamic", output,
                "make dimension 1 of [batch, heads, queries, keys] static");

  AttentionPattern pattern{
      .scores = {},
      .output = output,
      .softmax = softmax,
      .query = {},
      .key = {},
      .value = {},
      .result = {},
      .terms = {},
      .extents = RoleExtents(batch, heads, queries, keys, Dim(1)),
      .valueExtents = RoleExtents(batch, heads, queries, keys, valueFeatures)};
  const RoleExtents &extents = pattern.extents;
  SmallVector<RoleList, 4> lead;
  if (rank == 4)
    lead = {extents.strip(Role::Batch), extents.strip(Role::Heads)};
  else if (rank == 3)
    lead = {extents.strip({Role::Batch, Role::Heads})};

  std::optional<View> weightView =
      viewFactor(weights, output, lead, Role::Query, Role::Key,
                 weightsTransposed, extents);
  std::optional<View> valueView =
      viewFactor(values, output, lead, Role::Key, Role::Features,
                 valuesTransposed, pattern.valueExtents);
  if (!weightView || !valueView)
    return std::nullopt;
  pattern.value = std::move(*valueView);
  pattern.result = View{output.getResult(), lead};
  RoleList rows = pattern.valueExtents.strip(Role::Query),
           columns = pattern.valueExtents.strip(Role::Features);
  if (!isLhs)
    std::swap(rows, columns);
  pattern.result.axes.push_back(rows);
  pattern.result.axes.push_back(columns);

  // Back to the softmax, which must be along the keys.
  View view = std::move(*weightView);
  while (view.value != softmax.getResult()) {
    std::optional<View> next = stepBack(view, extents);
    if (!next)
      return miss("a reshape behind the softmax mixes its dimensions",
                  view.value.getDefiningOp());
    view = std::move(*next);
  }
  if (view.axes[softmax.getAxis()] != extents.strip(Role::Key))
    return miss("the softmax is not along the keys", output,
                "softmax the axis that the product with the values sums over");
  view.value = softmax.getInput();

  std::optional<View> scores = walkScores(std::move(view), pattern);
  if (!scores)
    return std::nullopt;
  pattern.scores = cast<graph::MatmulOp>(scores->value.getDefiningOp());
  ArrayRef<RoleList> axes(scores->axes);
  RoleList query = extents.strip(Role::Query), key = extents.strip(Role::Key);
  bool queriesFirst =
      axes[axes.size() - 2] == query && axes[axes.size() - 1] == key;
  bool keysFirst =
      axes[axes.size() - 2] == key && axes[axes.size() - 1] == query;
  View leadOnly{Value(), SmallVector<RoleList, 4>(axes.drop_back(2))};
  if ((!queriesFirst && !keysFirst) ||
      leadOnly.getOrder() != extents.strip({Role::Batch, Role::Heads}))
    return miss("the scores are not [batch, heads, queries, keys]",
                pattern.scores);

  // A product is [rows, contracted] times [contracted, columns].
  graph::MatmulOp product = pattern.scores;
  SmallVector<Dim> lhsDims = graph::getDims(product.getLhs());
  Dim features = lhsDims[lhsDims.size() - (product.getTransposeLhs() ? 2 : 1)];
  if (!features.isStatic() && !features.name)
    return miss("a dimension has no name", product,
                "name dynamic dimensions with #graph.dims");
  pattern.extents = RoleExtents(batch, heads, queries, keys, features);
  std::optional<View> lhs =
      viewFactor(product.getLhs(), product, leadOnly.axes,
                 queriesFirst ? Role::Query : Role::Key, Role::Features,
                 product.getTransposeLhs(), pattern.extents);
  std::optional<View> rhs =
      viewFactor(product.getRhs(), product, leadOnly.axes, Role::Features,
                 queriesFirst ? Role::Key : Role::Query,
                 product.getTransposeRhs(), pattern.extents);
  if (!lhs || !rhs)
    return std::nullopt;
  pattern.query = queriesFirst ? std::move(*lhs) : std::move(*rhs);
  pattern.key = queriesFirst ? std::move(*rhs) : std::move(*lhs);
  return pattern;
}

//===----------------------------------------------------------------------===//
// What happens to the scores
//===----------------------------------------------------------------------===//

std::optional<View> Matcher::walkScores(View view, AttentionPattern &pattern) {
  // From the back: what is met later was applied earlier, and `scale` is what
  // multiplies it.
  while (true) {
    Operation *op = view.value.getDefiningOp();
    if (!op)
      return miss("the scores are no product of queries and keys");
    if (!view.value.hasOneUse()) {
      Operation *other = nullptr;
      for (Operation *user : view.value.getUsers())
        if (!other || other->isBeforeInBlock(user))
          other = user;
      return miss("the scores have a second user", other,
                  "return the scores from a function of their own");
    }
    if (isa<graph::MatmulOp>(op)) {
      if (!isProductOfTensors(op))
        return miss("the scores are a product with a weight", op);
      return view;
    }
    std::optional<View> next;
    if (isa<graph::TransposeOp, graph::ReshapeOp>(op)) {
      next = stepBack(view, pattern.extents);
      if (!next)
        return miss("a reshape of the scores mixes their dimensions", op);
    } else {
      next = stepElementwise(op, view, pattern);
    }
    if (!next)
      return std::nullopt;
    view = std::move(*next);
  }
}

std::optional<View> Matcher::stepElementwise(Operation *op, const View &view,
                                             AttentionPattern &pattern) {
  auto scaled = [&](Value scores, double factor) -> std::optional<View> {
    if (scores.getType() != view.value.getType())
      return miss("the scores are broadcast", op);
    pattern.scale *= factor;
    return View{scores, view.axes};
  };
  if (isa<graph::AddOp, graph::SubOp>(op))
    return stepSum(op, view, pattern);
  if (auto select = dyn_cast<graph::SelectOp>(op))
    return stepSelect(select, view, pattern);
  if (auto neg = dyn_cast<graph::NegOp>(op))
    return scaled(neg.getInput(), -1);
  if (auto mul = dyn_cast<graph::MulOp>(op)) {
    if (std::optional<double> factor = getNumber(mul.getRhs()))
      return scaled(mul.getLhs(), *factor);
    if (std::optional<double> factor = getNumber(mul.getLhs()))
      return scaled(mul.getRhs(), *factor);
    return miss("the scores are multiplied by a tensor", op,
                "a factor of all scores can be fused, and a mask that is added "
                "or selected");
  }
  if (auto div = dyn_cast<graph::DivOp>(op)) {
    std::optional<double> divisor = getNumber(div.getRhs());
    if (divisor && *divisor != 0)
      return scaled(div.getLhs(), 1 / *divisor);
    return miss("the scores are divided by a tensor", op);
  }
  if (auto maximum = dyn_cast<graph::MaximumOp>(op)) {
    // Keeps sums with a finite mask from becoming -inf, and no score is as low.
    std::optional<double> floor = getNumber(maximum.getRhs());
    Value scores = maximum.getLhs();
    if (!floor) {
      floor = getNumber(maximum.getLhs());
      scores = maximum.getRhs();
    }
    if (floor && *floor <= kMaskNumber)
      return scaled(scores, 1);
  }
  if (isa<graph::CastOp>(op))
    return miss("the scores change their element type", op,
                "use one element type from the queries to the result");
  return miss("'" + op->getName().getStringRef() +
                  "' on the scores is no part of an attention",
              op, "scale, add to, or mask the scores");
}

std::optional<View> Matcher::stepSum(Operation *op, const View &view,
                                     AttentionPattern &pattern) {
  bool isRhs = !reachesScores(op->getOperand(0));
  Value scores = op->getOperand(isRhs), term = op->getOperand(!isRhs);
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  // scores - term, or term - scores.
  bool isDifference = isa<graph::SubOp>(op);
  double sign = isDifference && !isRhs ? -1 : 1;
  pattern.terms.push_back(
      {viewOperand(term, view), false, false, sign * pattern.scale});
  if (isDifference && isRhs)
    pattern.scale = -pattern.scale;
  return View{scores, view.axes};
}

std::optional<View> Matcher::stepSelect(graph::SelectOp op, const View &view,
                                        AttentionPattern &pattern) {
  bool hides = getNumber(op.getOnTrue()).has_value();
  Value scores = hides ? op.getOnFalse() : op.getOnTrue();
  std::optional<double> number =
      getNumber(hides ? op.getOnTrue() : op.getOnFalse());
  if (!number)
    return miss("a select takes scores from two places", op);
  if (scores.getType() != view.value.getType())
    return miss("the scores are broadcast", op);
  if (!(*number * pattern.scale <= kMaskNumber))
    return miss("a select puts a number in the place of scores that is not "
                "below -10000 at the softmax",
                op, "mask with -inf");
  if (pattern.scale < 0)
    return miss("masked scores change their sign", op);
  pattern.terms.push_back(
      {viewOperand(op.getCondition(), view), true, hides, 1});
  return View{scores, view.axes};
}

//===----------------------------------------------------------------------===//
// Batch and heads
//===----------------------------------------------------------------------===//

/// Batch and heads in the dimensions of a reshape whose product is `merged`.
static void collectSplits(Operation *reshape, Dim merged,
                          llvm::SmallVectorImpl<std::pair<Dim, Dim>> &splits) {
  for (Value value : {reshape->getOperand(0), Value(reshape->getResult(0))}) {
    SmallVector<Dim> dims = graph::getDims(value);
    for (unsigned i = 0; i + 1 < dims.size(); ++i) {
      std::pair<Dim, Dim> split(dims[i], dims[i + 1]);
      if (dims.size() >= 4 && dims[i + 1].isStatic() &&
          graph::haveSameElementCount({dims[i], dims[i + 1]}, {merged}) &&
          !llvm::is_contained(splits, split))
        splits.push_back(split);
    }
  }
}

/// The possible batches and heads of [..., queries, keys].
static SmallVector<std::pair<Dim, Dim>> getSplits(OpOperand &weightedSum) {
  SmallVector<Dim> dims = graph::getDims(weightedSum.get());
  if (dims.size() == 4)
    return {{dims[0], dims[1]}};
  if (dims.size() == 2)
    return {{Dim(1), Dim(1)}};
  SmallVector<std::pair<Dim, Dim>> splits;
  if (dims.size() != 3)
    return splits;
  llvm::SetVector<Operation *> near;
  near.insert(weightedSum.getOwner());
  for (unsigned i = 0; i < near.size() && i < 64; ++i) {
    if (isa<graph::ReshapeOp>(near[i]))
      collectSplits(near[i], dims[0], splits);
    for (Value operand : near[i]->getOperands())
      if (Operation *op = operand.getDefiningOp();
          isa_and_present<graph::ReshapeOp, graph::TransposeOp, graph::AddOp,
                          graph::MulOp, graph::DivOp, graph::SelectOp,
                          graph::SoftmaxOp, graph::MaximumOp,
                          graph::L2NormalizeOp>(op) ||
          isProductOfTensors(op))
        near.insert(op);
  }
  for (Operation *user : weightedSum.getOwner()->getUsers())
    if (isa<graph::ReshapeOp>(user))
      collectSplits(user, dims[0], splits);
  splits.push_back({dims[0], Dim(1)});
  if (dims[0].isStatic())
    splits.push_back({Dim(1), dims[0]});
  return splits;
}

std::vector<AttentionPattern> sylvite::matchAttention(graph::SoftmaxOp softmax,
                                                      MissedFusion &missed) {
  std::vector<AttentionPattern> patterns;
  OpOperand *weightedSum = findWeightedSum(softmax);
  if (!weightedSum) {
    // Follow the probabilities to where they stop being the product's alone.
    Value value = softmax;
    while (value.hasOneUse() &&
           isa<graph::TransposeOp, graph::ReshapeOp>(*value.user_begin()))
      value = value.user_begin()->getResult(0);
    if (value.use_empty() || value.hasOneUse()) {
      Operation *user = value.use_empty() ? nullptr : *value.user_begin();
      missed = {"the probabilities are not multiplied by values", user,
                "feed the softmax directly to the product with the values"};
      return patterns;
    }
    Operation *other = nullptr;
    for (Operation *user : value.getUsers())
      if (!isa<graph::MatmulOp>(user) || !other)
        other = user;
    missed = {"the probabilities have a second user", other,
              "do not return attention weights"};
    return patterns;
  }
  SmallVector<std::pair<Dim, Dim>> splits = getSplits(*weightedSum);
  if (splits.empty())
    missed = {"the scores have more than 4 dimensions", weightedSum->getOwner(),
              "merge batch dimensions"};
  for (auto [batch, heads] : splits) {
    MissedFusion why;
    Matcher matcher{softmax, *weightedSum, batch, heads, why};
    if (std::optional<AttentionPattern> pattern = matcher.match())
      patterns.push_back(std::move(*pattern));
    else if (missed.reason.empty())
      missed = std::move(why);
  }
  return patterns;
}
