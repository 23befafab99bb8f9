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
/// AttentionPattern.h finds the parts. What is left is where they come from:
/// query, key and value are followed backward through transposes and reshapes,
/// and scales on the way become part of the attention's. Along that way each of
/// them may stand as [batch, heads, sequence, features] or as [batch, sequence,
/// heads, features]; the layout is the one that leaves the fewest transposes,
/// and so is the choice of batch and heads where there is one.
///
/// Summands of the scores become the bias, and so do masks that select: they
/// add -inf. What of the bias is a mask that has a name, another pass finds.
///
//===----------------------------------------------------------------------===//

#include "AttentionPattern.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
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

/// A norm below this is rounding noise, so that it does not matter what is
/// divided by in its place.
static constexpr double kMaxNormalizeEps = 1e-6;

/// The order of the dimensions of query, key, value or result.
static std::array<Role, 4> getOrder(graph::HeadLayout layout, Role sequence) {
  if (layout == graph::HeadLayout::Bshd)
    return {Role::Batch, sequence, Role::Heads, Role::Features};
  return {Role::Batch, Role::Heads, sequence, Role::Features};
}

//===----------------------------------------------------------------------===//
// Where operands come from
//===----------------------------------------------------------------------===//

namespace {
/// A tensor that is, times `scale`, an operand of the attention.
struct Source {
  View view;
  double scale = 1;
  /// The transposes between here and the operand.
  unsigned numTransposes = 0;
};

/// All that is known of an operand's origin.
struct Origin {
  Role sequence;
  /// The first tensor on the way.
  Source last;
  /// The first ones whose elements stand in the order of a layout.
  std::optional<Source> inBhsd, inBshd;
  /// The vectors are normalised behind all these.
  bool isNormalized = false;

  const std::optional<Source> &get(graph::HeadLayout layout) const {
    return layout == graph::HeadLayout::Bshd ? inBshd : inBhsd;
  }
  /// The transposes that stay in front of an operand in that layout, with the
  /// one that may have to be made.
  unsigned countTransposes(graph::HeadLayout layout) const {
    const std::optional<Source> &source = get(layout);
    return source ? last.numTransposes - source->numTransposes : 1;
  }
};
} // namespace

/// The tensor that `op` multiplies by a number.
static std::optional<Source> stepScale(Operation *op, const View &view) {
  std::optional<double> factor;
  Value input;
  if (auto mul = dyn_cast_if_present<graph::MulOp>(op)) {
    factor = getNumber(mul.getRhs());
    input = mul.getLhs();
    if (!factor) {
      factor = getNumber(mul.getLhs());
      input = mul.getRhs();
    }
  } else if (auto div = dyn_cast_if_present<graph::DivOp>(op)) {
    factor = getNumber(div.getRhs());
    input = div.getLhs();
    if (factor)
      factor = 1 / *factor;
  } else if (auto neg = dyn_cast_if_present<graph::NegOp>(op)) {
    factor = -1;
    input = neg.getInput();
  }
  if (!factor || !std::isfinite(*factor) ||
      input.getType() != view.value.getType())
    return std::nullopt;
  return Source{{input, view.axes}, *factor};
}

/// Does `op` make unit vectors of the features?
static bool normalizesFeatures(Operation *op, const View &view) {
  auto normalize = dyn_cast_if_present<graph::L2NormalizeOp>(op);
  return normalize &&
         view.axes[normalize.getAxis()] == RoleList{Role::Features} &&
         normalize.getEps().convertToDouble() <= kMaxNormalizeEps;
}

/// Follows an operand backward; through its normalisation if that is wanted.
static Origin trace(const View &operand, Role sequence,
                    const RoleExtents &extents, bool throughNormalize) {
  Origin origin{sequence, {operand}, {}, {}};
  auto bhsd = extents.strip(getOrder(graph::HeadLayout::Bhsd, sequence));
  auto bshd = extents.strip(getOrder(graph::HeadLayout::Bshd, sequence));
  Source &source = origin.last;
  while (true) {
    RoleList order = source.view.getOrder();
    if (order == bhsd)
      origin.inBhsd = source;
    if (order == bshd)
      origin.inBshd = source;

    Operation *op = source.view.value.getDefiningOp();
    if (std::optional<View> next = stepBack(source.view, extents)) {
      source.numTransposes += isa<graph::TransposeOp>(op);
      source.view = std::move(*next);
    } else if (std::optional<Source> next = stepScale(op, source.view);
               next && !origin.isNormalized) {
      source.view = std::move(next->view);
      source.scale *= next->scale;
    } else if (throughNormalize && !origin.isNormalized &&
               normalizesFeatures(op, source.view)) {
      origin.isNormalized = true;
      source.view.value = op->getOperand(0);
      // What is behind the normalisation cannot stand for what is before it.
      origin.inBhsd = origin.inBshd = std::nullopt;
    } else {
      return origin;
    }
  }
}

/// Do the transposes behind the result bring its sequence before its heads?
static bool isResultBshd(View result, const RoleExtents &extents) {
  auto bshd = extents.strip(getOrder(graph::HeadLayout::Bshd, Role::Query));
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

  bool isCosine() const { return query.isNormalized; }

private:
  unsigned countTransposes(graph::HeadLayout candidate) const;
};
} // namespace

Plan::Plan(AttentionPattern found)
    : pattern(std::move(found)),
      query(trace(pattern.query, Role::Query, pattern.extents, true)),
      key(trace(pattern.key, Role::Key, pattern.extents, true)),
      value(trace(pattern.value, Role::Key, pattern.valueExtents, false)) {
  // Only both make a cosine.
  if (query.isNormalized != key.isNormalized) {
    query = trace(pattern.query, Role::Query, pattern.extents, false);
    key = trace(pattern.key, Role::Key, pattern.extents, false);
  }
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
  auto bshd = pattern.valueExtents.strip(
           getOrder(graph::HeadLayout::Bshd, Role::Query)),
       bhsd = pattern.valueExtents.strip(
           getOrder(graph::HeadLayout::Bhsd, Role::Query));
  bool wantsBshd = isResultBshd(pattern.result, pattern.valueExtents);
  return count +
         (bshd != bhsd && wantsBshd != (candidate == graph::HeadLayout::Bshd));
}

//===----------------------------------------------------------------------===//
// The rewrite
//===----------------------------------------------------------------------===//

namespace {
/// Makes the attention of a plan.
struct Rewriter {
  OpBuilder builder;
  Location loc;
  const Plan &plan;
  const RoleExtents &extents;
  double scale;

  explicit Rewriter(const Plan &plan)
      : builder(plan.pattern.output),
        loc(fuseLocs(
            {plan.pattern.scores, plan.pattern.softmax, plan.pattern.output})),
        plan(plan), extents(plan.pattern.extents), scale(plan.pattern.scale) {}

  graph::AttentionOp rewrite();

private:
  Value makeOperand(const Origin &origin, const RoleExtents &extents);
  Value makeTerm(const ScoreTerm &term);
  Value makeNumber(double number);
  Type getElement() { return getElementTypeOrSelf(plan.pattern.query.value); }
};
} // namespace

Value Rewriter::makeOperand(const Origin &origin, const RoleExtents &extents) {
  const Source &source = origin.get(plan.layout).value_or(origin.last);
  scale *= source.scale;
  return materialize(builder, loc, source.view,
                     getOrder(plan.layout, origin.sequence), extents);
}

Value Rewriter::makeNumber(double number) {
  auto type = RankedTensorType::get({}, getElement());
  return graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(
          type, ArrayRef<Attribute>(FloatAttr::get(getElement(), number))));
}

/// A term as a summand that broadcasts to [batch, heads, queries, keys].
Value Rewriter::makeTerm(const ScoreTerm &term) {
  static constexpr Role kScores[] = {Role::Batch, Role::Heads, Role::Query,
                                     Role::Key};
  Value value = term.view.value;
  std::optional<View> asIs = viewTrailing(value, kScores, extents);
  if (!asIs || ArrayRef(asIs->axes) != ArrayRef(term.view.axes)) {
    // Dimensions along which the term is constant stay 1.
    RoleList order = term.view.getOrder();
    RoleExtents one(Dim(1), Dim(1), Dim(1), Dim(1), Dim(1));
    auto pick = [&](Role role) {
      return llvm::is_contained(order, role) ? extents[role] : one[role];
    };
    RoleExtents own(pick(Role::Batch), pick(Role::Heads), pick(Role::Query),
                    pick(Role::Key), Dim(1));
    value = materialize(builder, loc, term.view, kScores, own);
  }
  if (!term.isCondition) {
    if (term.factor != 1)
      value =
          graph::MulOp::create(builder, loc, value, makeNumber(term.factor));
    return value;
  }
  Value zero = makeNumber(0), hidden = makeNumber(-INFINITY);
  return graph::SelectOp::create(builder, loc, value,
                                 term.hides ? hidden : zero,
                                 term.hides ? zero : hidden);
}

graph::AttentionOp Rewriter::rewrite() {
  const AttentionPattern &pattern = plan.pattern;
  Value query = makeOperand(plan.query, extents);
  Value key = makeOperand(plan.key, extents);
  Value value = makeOperand(plan.value, pattern.valueExtents);
  // Those met first were added last.
  Value bias;
  for (const ScoreTerm &term : llvm::reverse(pattern.terms)) {
    Value summand = makeTerm(term);
    bias = bias ? graph::AddOp::create(builder, loc, bias, summand) : summand;
  }

  auto order = getOrder(plan.layout, Role::Query);
  auto type =
      graph::getTensorType(pattern.valueExtents.getShape(order), getElement());
  auto attention = graph::AttentionOp::create(
      builder, loc, type, query, key, value, ValueRange(), ValueRange(), bias,
      plan.isCosine() ? graph::Similarity::Cosine : graph::Similarity::Dot,
      APFloat(scale), plan.layout, graph::MaskAttr());

  // Back to the dimensions that the product had.
  RoleList from = pattern.valueExtents.strip(order),
           to = pattern.result.getOrder();
  graph::MatmulOp output = pattern.output;
  std::optional<View> view =
      spread(attention.getResult(), from, pattern.valueExtents);
  Value result = attention.getResult();
  if (from != to)
    result = materialize(builder, loc, *view, to, pattern.valueExtents);
  result = reshapeTo(builder, loc, result, graph::getDims(output.getResult()));
  output.getResult().replaceAllUsesWith(result);
  eraseDead(output);
  return attention;
}

/// "12 heads, layout bshd, cosine, 2 summands".
static std::string describe(const Plan &plan, graph::AttentionOp op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << op.getHeads() << (op.getHeads() == 1 ? " head" : " heads")
     << ", layout " << stringifyHeadLayout(plan.layout);
  if (plan.isCosine())
    os << ", cosine";
  if (size_t count = plan.pattern.terms.size())
    os << ", " << count
       << (count == 1 ? " summand or mask" : " summands or masks");
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
  for (graph::SoftmaxOp softmax : candidates) {
    MissedFusion missed;
    std::optional<Plan> best;
    for (AttentionPattern &pattern : matchAttention(softmax, missed)) {
      Plan plan(std::move(pattern));
      if (!best || plan.numTransposes < best->numTransposes)
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
