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
/// to the scores (ScoreChain.h), to the product of queries and keys. Roles go
/// along, so that transposes and reshapes may stand anywhere in between.
///
//===----------------------------------------------------------------------===//

#include "AttentionPattern.h"
#include "AdditiveScores.h"
#include "HeadSplits.h"
#include "Matchers.h"
#include "ScoreChain.h"
#include "mlir/Analysis/SliceAnalysis.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// Ops that probabilities may pass on their way to the values.
static bool isMove(Operation *op) {
  return isa<graph::TransposeOp, graph::ReshapeOp, graph::CastOp>(op);
}

/// The products that the probabilities go into, through nothing but moves.
static SmallVector<OpOperand *> findWeightedSums(Value probabilities) {
  SmallVector<OpOperand *> sums;
  for (OpOperand &use : probabilities.getUses()) {
    if (isProductOfTensors(use.getOwner()))
      sums.push_back(&use);
    else if (isMove(use.getOwner()))
      llvm::append_range(sums, findWeightedSums(use.getOwner()->getResult(0)));
  }
  return sums;
}

/// Does something else use the probabilities than the product with the values?
static bool hasOtherUsers(graph::SoftmaxOp softmax, OpOperand &weightedSum) {
  Value value = weightedSum.get();
  while (value.hasOneUse() && value != softmax.getResult())
    value = value.getDefiningOp()->getOperand(0);
  return !value.hasOneUse();
}

/// Does the value depend on the op?
static bool dependsOn(Value value, Operation *op) {
  SetVector<Operation *> before;
  BackwardSliceOptions options;
  options.inclusive = true;
  // All that depends on it stands behind it.
  options.filter = [&](Operation *other) {
    return other->getBlock() != op->getBlock() || !other->isBeforeInBlock(op);
  };
  return value.getDefiningOp() &&
         succeeded(getBackwardSlice(value, &before, options)) &&
         before.contains(op);
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
/// Matches with one choice of batch, heads and groups.
struct Matcher {
  graph::SoftmaxOp softmax;
  OpOperand &weightedSum;
  HeadSplit split;
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
  std::optional<View> walkBack(View weights, AttentionPattern &pattern);
  bool matchProduct(const View &scores, AttentionPattern &pattern);
};
} // namespace

std::optional<View> Matcher::viewFactor(Value operand, graph::MatmulOp product,
                                        ArrayRef<RoleList> lead, Role row,
                                        Role column, bool transposed,
                                        const RoleExtents &extents) {
  SmallVector<Dim> dims = graph::getDims(operand),
                   result = graph::getDims(product.getResult());
  View view{operand, {}};
  bool differs = dims.size() != result.size();
  for (size_t i = 0; i < lead.size() && !differs; ++i) {
    // Heads of a group share their keys: the product repeats them.
    bool repeats = dims[i] != result[i] && dims[i].isOne() &&
                   lead[i] == RoleList{Role::Group};
    differs = dims[i] != result[i] && !repeats;
    view.axes.push_back(repeats ? RoleList() : lead[i]);
  }
  if (differs)
    return miss("the operands of the product differ in batch or heads", product,
                "repeat keys and values, or bring them to one rank");
  if (transposed)
    std::swap(row, column);
  view.axes.push_back(extents.strip(row));
  view.axes.push_back(extents.strip(column));
  return view;
}

/// From what goes into the product with the values back to the softmax, which
/// must be along the keys, and to the scores.
std::optional<View> Matcher::walkBack(View view, AttentionPattern &pattern) {
  while (view.value != softmax.getResult()) {
    std::optional<View> next = stepBack(view, pattern.extents);
    if (auto cast = view.value.getDefiningOp<graph::CastOp>())
      next = View{cast.getInput(), view.axes};
    if (!next)
      return miss("a reshape behind the softmax mixes its dimensions",
                  view.value.getDefiningOp());
    view = std::move(*next);
  }
  pattern.weights = view;
  if (view.axes[softmax.getAxis()] != pattern.extents.strip(Role::Key))
    return miss("the softmax is not along the keys", pattern.output,
                "softmax the axis that the product with the values sums over");
  view.value = softmax.getInput();
  return walkScores(std::move(view), pattern, missed);
}

/// Queries and keys of the product that makes the scores.
bool Matcher::matchProduct(const View &scores, AttentionPattern &pattern) {
  auto product = cast<graph::MatmulOp>(scores.value.getDefiningOp());
  const RoleExtents &extents = pattern.extents;
  ArrayRef<RoleList> axes(scores.axes);
  RoleList query = extents.strip(Role::Query), key = extents.strip(Role::Key);
  bool queriesFirst =
      axes[axes.size() - 2] == query && axes[axes.size() - 1] == key;
  bool keysFirst =
      axes[axes.size() - 2] == key && axes[axes.size() - 1] == query;
  View lead{Value(), AxisRoles(axes.drop_back(2))};
  if ((!queriesFirst && !keysFirst) ||
      lead.getOrder() !=
          extents.strip({Role::Batch, Role::Heads, Role::Group})) {
    miss("the scores are not [batch, heads, queries, keys]", product);
    return false;
  }

  // A product is [rows, contracted] times [contracted, columns].
  SmallVector<Dim> lhsDims = graph::getDims(product.getLhs());
  Dim features = lhsDims[lhsDims.size() - (product.getTransposeLhs() ? 2 : 1)];
  if (!features.isStatic() && !features.name) {
    miss("a dimension has no name", product,
         "name dynamic dimensions with #graph.dims");
    return false;
  }
  pattern.extents = pattern.keyExtents = extents.with(Role::Features, features);
  std::optional<View> lhs =
      viewFactor(product.getLhs(), product, lead.axes,
                 queriesFirst ? Role::Query : Role::Key, Role::Features,
                 product.getTransposeLhs(), pattern.extents);
  std::optional<View> rhs =
      viewFactor(product.getRhs(), product, lead.axes, Role::Features,
                 queriesFirst ? Role::Key : Role::Query,
                 product.getTransposeRhs(), pattern.extents);
  if (!lhs || !rhs)
    return false;
  pattern.query = queriesFirst ? std::move(*lhs) : std::move(*rhs);
  pattern.key = queriesFirst ? std::move(*rhs) : std::move(*lhs);
  return true;
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
  for (Dim dim : {split.batch, split.heads, queries, keys, valueFeatures})
    if (!dim.isStatic() && !dim.name)
      return miss("a dimension has no name", output,
                  "name dynamic dimensions with #graph.dims");
  bool givesWeights = hasOtherUsers(softmax, weightedSum);
  if (givesWeights && dependsOn(values, softmax))
    return miss("the values depend on the probabilities",
                values.getDefiningOp());
  if (!split.heads.isStatic() || !split.group.isStatic())
    return miss("the number of heads is dynamic", output,
                "make dimension 1 of [batch, heads, queries, keys] static");

  RoleExtents all(split.batch, split.heads, split.group, queries, keys, Dim(1));
  AttentionPattern pattern{.scores = {},
                           .output = output,
                           .softmax = softmax,
                           .query = {},
                           .key = {},
                           .value = {},
                           .result = {},
                           .weights = {},
                           .givesWeights = givesWeights,
                           .additive = {},
                           .terms = {},
                           .tensors = {},
                           .formula = {},
                           .masks = {},
                           .extents = all,
                           .keyExtents = all,
                           .valueExtents =
                               all.with(Role::Features, valueFeatures)};
  AxisRoles lead;
  if (rank == 5)
    lead = {all.strip(Role::Batch), all.strip(Role::Heads),
            all.strip(Role::Group)};
  else if (rank == 4)
    lead = {all.strip(Role::Batch), all.strip({Role::Heads, Role::Group})};
  else if (rank == 3)
    lead = {all.strip({Role::Batch, Role::Heads, Role::Group})};

  std::optional<View> weightView = viewFactor(
      weights, output, lead, Role::Query, Role::Key, weightsTransposed, all);
  std::optional<View> valueView =
      viewFactor(values, output, lead, Role::Key, Role::Features,
                 valuesTransposed, pattern.valueExtents);
  if (!weightView || !valueView)
    return std::nullopt;
  pattern.value = std::move(*valueView);
  pattern.result = View{output.getResult(), lead};
  RoleList rows = all.strip(Role::Query),
           columns = pattern.valueExtents.strip(Role::Features);
  if (!isLhs)
    std::swap(rows, columns);
  pattern.result.axes.push_back(rows);
  pattern.result.axes.push_back(columns);

  std::optional<View> scores = walkBack(std::move(*weightView), pattern);
  if (!scores)
    return std::nullopt;
  pattern.scores = scores->value.getDefiningOp();
  if (findAdditive(pattern.scores) && !isProductOfTensors(pattern.scores)
          ? !matchAdditive(*scores, pattern, missed)
          : !matchProduct(*scores, pattern))
    return std::nullopt;

  // Queries must be there for each score, keys and values for each group.
  auto isComplete = [](const View &view, const RoleExtents &extents,
                       Role sequence, bool ofQueries) {
    RoleList order = view.getOrder();
    return llvm::all_of(extents.strip({Role::Batch, Role::Heads, Role::Group,
                                       sequence, Role::Features}),
                        [&](Role role) {
                          return (role == Role::Group && !ofQueries) ||
                                 llvm::is_contained(order, role);
                        });
  };
  if (!isComplete(pattern.query, pattern.extents, Role::Query, true) ||
      !isComplete(pattern.key, pattern.keyExtents, Role::Key, false) ||
      !isComplete(pattern.value, pattern.valueExtents, Role::Key, false))
    return miss("the operands of the product differ in batch or heads",
                pattern.scores,
                "repeat keys and values, or bring them to one rank");
  return pattern;
}

//===----------------------------------------------------------------------===//
// All ways to see it
//===----------------------------------------------------------------------===//

/// Why the probabilities do not go into one product with values.
static MissedFusion explainProbabilities(graph::SoftmaxOp softmax,
                                         ArrayRef<OpOperand *> weightedSums) {
  if (!weightedSums.empty())
    return {"the probabilities are multiplied by several values",
            weightedSums.back()->getOwner(), "concatenate the values"};
  // Follow them to where they stop being the product's alone.
  Value value = softmax;
  while (value.hasOneUse() && isMove(*value.user_begin()))
    value = value.user_begin()->getResult(0);
  if (value.use_empty() || value.hasOneUse()) {
    Operation *user = value.use_empty() ? nullptr : *value.user_begin();
    if (isa_and_present<graph::SoftmaxOp>(user))
      return {"a second softmax is taken of the probabilities", user,
              "one of the two is enough"};
    if (isa_and_present<graph::SliceOp>(user))
      return {"only a part of the probabilities is multiplied by values", user,
              "cut the keys instead"};
    auto isNumber = [](Value operand) { return bool(getNumber(operand)); };
    if (isa_and_present<graph::MulOp, graph::DivOp>(user) &&
        llvm::none_of(user->getOperands(), isNumber))
      return {"the probabilities are multiplied by a tensor, and are not "
              "normalized again",
              user, "mask the scores instead, with -inf"};
    return {"the probabilities are not multiplied by values", user,
            "feed the softmax directly to the product with the values"};
  }
  Operation *other = nullptr;
  for (Operation *user : value.getUsers())
    if (!isa<graph::MatmulOp>(user) || !other)
      other = user;
  return {"the probabilities have a second user", other,
          "feed them to the product with the values as they are"};
}

std::vector<AttentionPattern> sylvite::matchAttention(graph::SoftmaxOp softmax,
                                                      MissedFusion &missed) {
  std::vector<AttentionPattern> patterns;
  SmallVector<OpOperand *> weightedSums = findWeightedSums(softmax);
  if (weightedSums.size() != 1) {
    missed = explainProbabilities(softmax, weightedSums);
    return patterns;
  }
  OpOperand *weightedSum = weightedSums.front();
  SmallVector<HeadSplit> splits = getHeadSplits(*weightedSum);
  if (splits.empty())
    missed = {"the scores have more than 5 dimensions", weightedSum->getOwner(),
              "merge batch dimensions"};
  for (const HeadSplit &split : splits) {
    MissedFusion why;
    Matcher matcher{softmax, *weightedSum, split, why};
    if (std::optional<AttentionPattern> pattern = matcher.match())
      patterns.push_back(std::move(*pattern));
    else
      // The last one is the plainest.
      missed = std::move(why);
  }
  return patterns;
}
