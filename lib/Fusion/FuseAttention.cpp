//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one op of an attention that is spelled out.
///
/// AttentionPattern.h finds the parts, OperandOrigin.h where query, key and
/// value come from; scales on the way become part of the attention's. Along
/// that way each of them may stand as [batch, heads, sequence, features] or as
/// [batch, sequence, heads, features]; the layout is the one that leaves the
/// fewest transposes, and so is the choice of batch and heads where there is
/// one.
///
/// Summands of the scores become the bias, and so do masks that select: they
/// add -inf. What of the bias is a mask that has a name, another pass finds.
///
/// Where something else uses the probabilities too, they are the attention's
/// second result.
///
//===----------------------------------------------------------------------===//

#include "AttentionPattern.h"
#include "Matchers.h"
#include "OperandOrigin.h"
#include "ScoreChain.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Dialect/Graph/Scalar.h"
#include "sylvite/Fusion/Passes.h"
#include <cmath>

#define DEBUG_TYPE "sylvite-fuse-attention"

namespace sylvite {
#define GEN_PASS_DEF_FUSEATTENTIONPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// Do the transposes behind the result bring its sequence before its heads?
static bool isResultBshd(View result, const RoleExtents &extents) {
  RoleList bshd = extents.flatten(
      getLayoutRoles(graph::HeadLayout::Bshd, Role::Query, /*hasGroup=*/true));
  while (result.getOrder() != bshd) {
    if (!result.value.hasOneUse())
      return false;
    std::optional<View> next =
        stepForward(result, *result.value.user_begin(), extents);
    if (!next)
      return false;
    result = std::move(*next);
  }
  return true;
}

namespace {
/// A pattern with the origins of its operands.
struct Plan {
  AttentionPattern pattern;
  Origin query, key, value;
  graph::HeadLayout layout;
  unsigned numTransposes;

  explicit Plan(AttentionPattern found);

  /// Can keys and values be operands of one attention?
  bool isValid() const { return key.hasGroup == value.hasGroup; }
  bool isCosine() const { return query.isNormalized; }
  /// The query heads that share a head of keys.
  int64_t getGroup() const {
    return key.hasGroup ? 1 : pattern.extents[Role::Group].size;
  }
  bool isBetter(const Plan &other) const {
    return std::pair(-getGroup(), numTransposes) <
           std::pair(-other.getGroup(), other.numTransposes);
  }

private:
  void traceOperands(TraceOptions through);
  unsigned countTransposes(graph::HeadLayout candidate) const;
};
} // namespace

void Plan::traceOperands(TraceOptions through) {
  query = trace(pattern.query, Role::Query, pattern.extents,
                {.scale = through.scale, .normalize = through.normalize});
  key = trace(pattern.key, Role::Key, pattern.keyExtents, through);
  value = trace(pattern.value, Role::Key, pattern.valueExtents,
                {.repeat = through.repeat});
}

Plan::Plan(AttentionPattern found) : pattern(std::move(found)) {
  // Factors that are tensors become the query's or the key's, of which a cosine
  // would lose them.
  TraceOptions through{.scale = !pattern.additive,
                       .normalize =
                           !pattern.additive && pattern.tensors.empty(),
                       .repeat = true};
  traceOperands(through);
  // Only both make a cosine, and only both are those of a group.
  through.normalize = query.isNormalized && key.isNormalized;
  through.repeat = !key.hasGroup && !value.hasGroup;
  traceOperands(through);
  unsigned bhsd = countTransposes(graph::HeadLayout::Bhsd),
           bshd = countTransposes(graph::HeadLayout::Bshd);
  layout = bshd < bhsd ? graph::HeadLayout::Bshd : graph::HeadLayout::Bhsd;
  numTransposes = std::min(bhsd, bshd);
}

unsigned Plan::countTransposes(graph::HeadLayout candidate) const {
  unsigned count = 0;
  for (const Origin *origin : {&query, &key, &value})
    count += origin->countTransposes(candidate);
  // With one head, or one query, the result is in both orders.
  auto getOrder = [&](graph::HeadLayout layout) {
    return pattern.valueExtents.flatten(
        getLayoutRoles(layout, Role::Query, /*hasGroup=*/true));
  };
  bool differs = getOrder(graph::HeadLayout::Bshd) !=
                 getOrder(graph::HeadLayout::Bhsd),
       wantsBshd = isResultBshd(pattern.result, pattern.valueExtents);
  return count +
         (differs && wantsBshd != (candidate == graph::HeadLayout::Bshd));
}

//===----------------------------------------------------------------------===//
// The rewrite
//===----------------------------------------------------------------------===//

/// [batch, heads, queries, keys].
static AxisRoles getScoreRoles() {
  return {
      {Role::Batch}, {Role::Heads, Role::Group}, {Role::Query}, {Role::Key}};
}

namespace {
/// Makes the attention of a plan.
struct Rewriter {
  OpBuilder builder;
  Location loc;
  const Plan &plan;
  const AttentionPattern &pattern;
  const RoleExtents &extents;
  double scale;
  Type element;

  explicit Rewriter(const Plan &plan)
      : builder(plan.pattern.output),
        loc(fuseLocs(
            {plan.pattern.scores, plan.pattern.softmax, plan.pattern.output})),
        plan(plan), pattern(plan.pattern), extents(plan.pattern.extents),
        scale(plan.pattern.scale), element(getElement()) {}

  graph::AttentionOp rewrite();

private:
  Type getElement() const;
  Value makeOperand(const Origin &origin, const RoleExtents &extents);
  SmallVector<Value> makeMatrices();
  Value makeTerm(const ScoreTerm &term);
  /// The view as a tensor that broadcasts to one with these roles.
  Value makeBroadcast(const View &view, ArrayRef<RoleList> axes);
  Value multiply(Value value, const ScoreTensor &tensor,
                 ArrayRef<RoleList> axes);
  Value makeNumber(double number);
  Value castTo(Value value, Type type);
  void makeFormula(graph::AttentionOp op);
  /// The value as [...] with these dimensions, out of what has these roles.
  Value moveTo(Value value, const AxisRoles &roles, const View &to,
               const RoleExtents &extents);
};
} // namespace

/// The widest type of operands and summands: nothing loses digits.
Type Rewriter::getElement() const {
  Type widest = getElementTypeOrSelf(pattern.query.value);
  auto widen = [&](Value value) {
    Type type = getElementTypeOrSelf(value);
    // Neither f16 nor bf16 holds the other.
    if (type != widest &&
        type.getIntOrFloatBitWidth() == widest.getIntOrFloatBitWidth())
      widest = Float32Type::get(type.getContext());
    else if (type.getIntOrFloatBitWidth() > widest.getIntOrFloatBitWidth())
      widest = type;
  };
  widen(pattern.value.value);
  for (const ScoreTerm &term : pattern.terms)
    if (!term.isCondition)
      widen(term.view.value);
  return widest;
}

Value Rewriter::castTo(Value value, Type type) {
  if (getElementTypeOrSelf(value) == type)
    return value;
  return graph::CastOp::create(
      builder, loc, graph::getTensorType(graph::getDims(value), type), value);
}

Value Rewriter::makeOperand(const Origin &origin, const RoleExtents &extents) {
  const Source &source = origin.get(plan.layout).value_or(origin.last);
  scale *= source.scale;
  Value operand = materialize(
      builder, loc, source.view,
      getLayoutRoles(plan.layout, origin.sequence, origin.hasGroup), extents);
  return castTo(operand, element);
}

/// Wq, Wk and v of an additive similarity, as [features, hidden] and [hidden].
SmallVector<Value> Rewriter::makeMatrices() {
  if (!pattern.additive)
    return {};
  auto make = [&](Value matrix, bool transpose) -> Value {
    if (transpose)
      matrix = graph::TransposeOp::create(builder, loc, matrix, {1, 0});
    return castTo(matrix, element);
  };
  Value query = make(pattern.additive->query, pattern.additive->transposeQuery);
  Value key = make(pattern.additive->key, pattern.additive->transposeKey);
  Value vector = reshapeTo(builder, loc, pattern.additive->vector,
                           {graph::getDims(query).back()});
  return {query, key, castTo(vector, element)};
}

Value Rewriter::makeNumber(double number) {
  auto type = RankedTensorType::get({}, element);
  bool losesInfo;
  APFloat value(number);
  value.convert(cast<FloatType>(element).getFloatSemantics(),
                APFloat::rmNearestTiesToEven, &losesInfo);
  return graph::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, value));
}

Value Rewriter::makeBroadcast(const View &view, ArrayRef<RoleList> axes) {
  std::optional<View> asIs = viewTrailing(view.value, axes, extents);
  if (asIs && asIs->axes == view.axes)
    return view.value;
  // Dimensions along which it is constant stay 1.
  RoleList order = view.getOrder();
  RoleExtents own(Dim(1), Dim(1), Dim(1), Dim(1), Dim(1), Dim(1)), full = own;
  for (Role role : order)
    own = own.with(role, extents[role]);
  full = own;
  // But for those that share one with others.
  SmallVector<RoleList> singles;
  for (const RoleList &axis : axes) {
    bool isPart = llvm::any_of(
        axis, [&](Role role) { return llvm::is_contained(order, role); });
    for (Role role : axis) {
      singles.push_back({role});
      if (isPart)
        full = full.with(role, extents[role]);
    }
  }
  if (full.getShape(singles) == own.getShape(singles))
    return materialize(builder, loc, view, axes, own);
  Value value = materialize(builder, loc, view, singles, own);
  value = graph::BroadcastToOp::create(
      builder, loc,
      graph::getTensorType(full.getShape(singles), getElementTypeOrSelf(value)),
      value);
  return reshapeTo(builder, loc, value, full.getShape(axes));
}

Value Rewriter::multiply(Value value, const ScoreTensor &tensor,
                         ArrayRef<RoleList> axes) {
  Value factor = castTo(makeBroadcast(tensor.view, axes), element);
  if (tensor.divides)
    return graph::DivOp::create(builder, loc, value, factor);
  return graph::MulOp::create(builder, loc, value, factor);
}

/// A term as a summand that broadcasts to [batch, heads, queries, keys].
Value Rewriter::makeTerm(const ScoreTerm &term) {
  Value value = makeBroadcast(term.view, getScoreRoles());
  if (term.isCondition) {
    Value zero = makeNumber(0), hidden = makeNumber(-INFINITY);
    return graph::SelectOp::create(builder, loc, value,
                                   term.hides ? hidden : zero,
                                   term.hides ? zero : hidden);
  }
  value = castTo(value, element);
  if (term.factor != 1)
    value = graph::MulOp::create(builder, loc, value, makeNumber(term.factor));
  for (const ScoreTensor &tensor :
       ArrayRef(pattern.tensors).take_front(term.numTensors))
    value = multiply(value, tensor, getScoreRoles());
  return value;
}

/// What a step makes of a score.
static graph::Scalar applyStep(const ScoreStep &step, graph::Scalar score) {
  if (!step.op)
    return score * step.number;
  return llvm::TypeSwitch<Operation *, graph::Scalar>(step.op)
      .Case([&](graph::TanhOp) { return tanh(score); })
      .Case([&](graph::SigmoidOp) { return 1.0 / (1.0 + exp(-score)); })
      .Case([&](graph::ReluOp) { return max(score, 0.0); })
      .Case([&](graph::ExpOp) { return exp(score); })
      .Case([&](graph::LogOp) { return log(score); })
      .Case([&](graph::SqrtOp) { return sqrt(score); })
      .Case([&](graph::AbsOp) { return abs(score); })
      .Case([&](graph::SinOp) { return sin(score); })
      .Case([&](graph::CosOp) { return cos(score); })
      .Case([&](graph::MaximumOp) { return max(score, step.number); })
      .Case([&](graph::MinimumOp) { return min(score, step.number); })
      .Case([&](graph::PowOp) { return pow(score, step.number); });
}

void Rewriter::makeFormula(graph::AttentionOp op) {
  if (pattern.formula.empty())
    return;
  OpBuilder::InsertionGuard guard(builder);
  Type index = builder.getIndexType();
  Block *block = builder.createBlock(&op.getScore(), {},
                                     {element, index, index, index, index},
                                     SmallVector<Location>(5, loc));
  graph::Scalar score(builder, block->getArgument(0));
  for (const ScoreStep &step : llvm::reverse(pattern.formula))
    score = applyStep(step, score);
  graph::YieldOp::create(builder, loc, score.getValue());
}

Value Rewriter::moveTo(Value value, const AxisRoles &roles, const View &to,
                       const RoleExtents &extents) {
  RoleList from = extents.flatten(roles), order = to.getOrder();
  std::optional<View> view = spread(value, from, extents);
  if (from != order) {
    AxisRoles singles;
    for (Role role : order)
      singles.push_back({role});
    value = materialize(builder, loc, *view, singles, extents);
  }
  value = reshapeTo(builder, loc, value, graph::getDims(to.value));
  return castTo(value, getElementTypeOrSelf(to.value));
}

graph::AttentionOp Rewriter::rewrite() {
  Value query = makeOperand(plan.query, extents);
  Value key = makeOperand(plan.key, pattern.keyExtents);
  Value value = makeOperand(plan.value, pattern.valueExtents);
  for (const ScoreTensor &tensor : pattern.tensors) {
    bool ofQueries = !llvm::is_contained(tensor.view.getOrder(), Role::Key);
    (ofQueries ? query : key) = multiply(
        ofQueries ? query : key, tensor,
        getLayoutRoles(plan.layout, ofQueries ? Role::Query : Role::Key,
                       ofQueries || plan.key.hasGroup));
  }
  Value bias;
  for (const ScoreTerm &term : llvm::reverse(pattern.terms)) {
    Value summand = makeTerm(term);
    bias = bias ? graph::AddOp::create(builder, loc, bias, summand) : summand;
  }
  graph::MaskAttr mask;
  SmallVector<Value> maskOperands;
  for (const RaisedMask &raised : pattern.masks) {
    mask = graph::MaskAttr::conjunction(mask, raised.getMask());
    maskOperands.append(raised.makeOperands(builder, loc));
  }

  AxisRoles order = getLayoutRoles(plan.layout, Role::Query, true);
  auto similarity = pattern.additive  ? graph::Similarity::Additive
                    : plan.isCosine() ? graph::Similarity::Cosine
                                      : graph::Similarity::Dot;
  Type weights;
  if (pattern.givesWeights)
    weights = graph::getTensorType(extents.getShape(getScoreRoles()), element);
  auto attention = graph::AttentionOp::create(
      builder, loc,
      graph::getTensorType(pattern.valueExtents.getShape(order), element),
      weights, query, key, value, makeMatrices(), maskOperands, bias,
      similarity, APFloat(scale), plan.layout, mask, /*product=*/TypeAttr());
  makeFormula(attention);

  graph::MatmulOp output = pattern.output;
  Value result = moveTo(attention.getResult(), order, pattern.result,
                        pattern.valueExtents);
  output.getResult().replaceAllUsesWith(result);
  if (pattern.givesWeights) {
    Value moved = moveTo(attention.getWeights(), getScoreRoles(),
                         pattern.weights, extents);
    graph::SoftmaxOp softmax = pattern.softmax;
    softmax.getResult().replaceAllUsesWith(moved);
    eraseDead(output);
    eraseDead(softmax);
    // Their other users may stand before the values.
    sortTopologically(attention->getBlock());
    return attention;
  }
  eraseDead(output);
  return attention;
}

/// "12 heads, layout bshd, cosine, 2 summands".
static std::string describe(const Plan &plan, graph::AttentionOp op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << op.getHeads() << (op.getHeads() == 1 ? " head" : " heads");
  if (op.getHeads() != op.getKeyHeads())
    os << " on " << op.getKeyHeads() << " of keys";
  os << ", layout " << stringifyHeadLayout(plan.layout);
  if (plan.isCosine())
    os << ", cosine";
  if (plan.pattern.additive)
    os << ", additive";
  if (size_t count = plan.pattern.terms.size() + plan.pattern.masks.size())
    os << ", " << count
       << (count == 1 ? " summand or mask" : " summands or masks");
  if (!plan.pattern.formula.empty())
    os << ", a formula of the scores";
  if (plan.pattern.givesWeights)
    os << ", with its weights";
  return text;
}

namespace {
struct FuseAttentionPass
    : public sylvite::impl::FuseAttentionPassBase<FuseAttentionPass> {
  void runOnOperation() override;
};
} // namespace

void FuseAttentionPass::runOnOperation() {
  SmallVector<graph::SoftmaxOp> candidates;
  getOperation().walk([&](graph::SoftmaxOp op) {
    if (looksLikeAttention(op))
      candidates.push_back(op);
  });
  if (candidates.empty())
    return;
  // The normal form of factors, which matching reads.
  getOperation().walk([](graph::MatmulOp op) {
    if (isProductOfTensors(op))
      for (OpOperand &operand : op->getOpOperands())
        sinkScales(operand);
  });
  for (graph::SoftmaxOp softmax : candidates) {
    MissedFusion missed;
    std::optional<Plan> best;
    for (AttentionPattern &pattern : matchAttention(softmax, missed)) {
      Plan plan(std::move(pattern));
      if (plan.isValid() && (!best || plan.isBetter(*best)))
        best.emplace(std::move(plan));
    }
    if (!best) {
      remarkMissed(softmax, "attention", missed);
      continue;
    }
    graph::AttentionOp attention = Rewriter(*best).rewrite();
    remarkFused(attention, "attention", describe(*best, attention));
  }
}
