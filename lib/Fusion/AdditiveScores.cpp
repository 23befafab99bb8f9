//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The additive similarity: v.tanh(Wq q + Wk k) for all pairs of q and k.
///
/// The scores' view says which dimensions are queries and keys; the tangent has
/// one more behind them, the hidden features. Of the two summands one is
/// without keys, the other one without queries.
///
//===----------------------------------------------------------------------===//

#include "AdditiveScores.h"
#include "AffinePosition.h"
#include "Formulas.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

std::optional<AdditiveScores> sylvite::findAdditive(Operation *op) {
  auto find = [](Value tangent, Value vector,
                 bool isReduced) -> std::optional<AdditiveScores> {
    auto tanh = tangent.getDefiningOp<graph::TanhOp>();
    if (!tanh || !isTrained(vector))
      return std::nullopt;
    return AdditiveScores{tanh, vector, isReduced};
  };
  if (auto product = dyn_cast_if_present<graph::MatmulOp>(op)) {
    SmallVector<Dim> dims = graph::getDims(product.getRhs());
    bool isColumn =
        dims.size() == 2 && dims[product.getTransposeRhs() ? 0 : 1].isOne();
    if (isColumn && !product.getTransposeLhs())
      return find(product.getLhs(), product.getRhs(), false);
  }
  if (auto layer = dyn_cast_if_present<graph::LinearOp>(op))
    if (layer.getOutFeatures() == 1 && !layer.getBias() &&
        !layer.getResidual() && layer.getNorm() == graph::NormKind::None &&
        layer.getActivation() == graph::Activation::None)
      return find(layer.getInput(), layer.getWeight(), false);
  auto sum = dyn_cast_if_present<graph::ReduceOp>(op);
  if (!sum || sum.getKind() != graph::ReduceKind::Sum)
    return std::nullopt;
  SmallVector<Dim> dims = graph::getDims(sum.getInput());
  if (sum.getAxes() != ArrayRef<int64_t>{int64_t(dims.size()) - 1})
    return std::nullopt;
  auto product = sum.getInput().getDefiningOp<graph::MulOp>();
  std::optional<AdditiveScores> found;
  if (product && dims.back().isStatic())
    for (bool isRhs : {false, true})
      if (Value vector =
              matchVector(product->getOperand(isRhs), dims.back().size);
          vector && !found)
        found = find(product->getOperand(!isRhs), vector,
                     graph::getDims(op->getResult(0)).size() < dims.size());
  return found;
}

namespace {
/// x W, with W trained.
struct Projection {
  View input;
  Value matrix;
  bool transpose;
};
} // namespace

/// The projection that a summand of the tangent's is, in another shape.
static std::optional<Projection> findProjection(View view,
                                                const RoleExtents &extents) {
  while (std::optional<View> next = stepMove(view, extents))
    view = std::move(*next);
  Operation *op = view.value.getDefiningOp();
  Projection found;
  if (auto product = dyn_cast_if_present<graph::MatmulOp>(op)) {
    if (product.getTransposeLhs())
      return std::nullopt;
    found = {View{product.getLhs(), view.axes}, product.getRhs(),
             product.getTransposeRhs()};
  } else if (auto layer = dyn_cast_if_present<graph::LinearOp>(op)) {
    if (layer.getBias() || layer.getResidual() ||
        layer.getNorm() != graph::NormKind::None ||
        layer.getActivation() != graph::Activation::None)
      return std::nullopt;
    found = {View{layer.getInput(), view.axes}, layer.getWeight(),
             layer.getTransposeWeight()};
  } else {
    return std::nullopt;
  }
  bool isMatrix =
      isTrained(found.matrix) && graph::getDims(found.matrix).size() == 2 &&
      graph::getDims(found.input.value).size() == view.axes.size() &&
      !view.axes.empty() && view.axes.back() == RoleList{Role::Features};
  return isMatrix ? std::optional(found) : std::nullopt;
}

bool sylvite::matchAdditive(const View &scores, AttentionPattern &pattern,
                            MissedFusion &missed) {
  std::optional<AdditiveScores> found =
      findAdditive(scores.value.getDefiningOp());
  auto miss = [&](StringRef reason, Operation *other, StringRef suggestion) {
    missed = {reason.str(), other, suggestion.str()};
    return false;
  };
  View tangent{found->tanh.getInput(), scores.axes};
  if (!found->isReduced) {
    if (!tangent.axes.back().empty())
      return miss("the scores are not [batch, heads, queries, keys]",
                  found->tanh, "");
    tangent.axes.pop_back();
  }
  Dim hidden = graph::getDims(tangent.value).back();
  if (!found->tanh->hasOneUse() || !hidden.isStatic() || hidden.isOne())
    return miss("a tangent of the scores has a second user", found->tanh, "");
  RoleExtents extents = pattern.extents.with(Role::Features, hidden);
  tangent.axes.push_back({Role::Features});

  auto sum = tangent.value.getDefiningOp<graph::AddOp>();
  if (!sum)
    return miss("a tangent is not one of the sum of queries and keys",
                found->tanh, "write v.tanh(Wq q + Wk k)");
  std::optional<Projection> query, key;
  auto hasRole = [](const View &view, Role role) {
    return llvm::is_contained(view.getOrder(), role);
  };
  for (Value operand : sum->getOperands()) {
    View view = viewOperand(operand, tangent);
    std::optional<Projection> projection = findProjection(view, extents);
    if (!projection)
      return miss("a summand in the tangent is no product of queries or keys "
                  "with a weight",
                  operand.getDefiningOp(),
                  "leave the bias out, or add it to what the queries are "
                  "projected from");
    bool isQuery = !hasRole(projection->input, Role::Key) && !query;
    (isQuery ? query : key) = std::move(projection);
  }
  if (!query || !key || hasRole(key->input, Role::Query))
    return miss("a tangent is not one of the sum of queries and keys", sum,
                "write v.tanh(Wq q + Wk k)");

  pattern.query = query->input;
  pattern.key = key->input;
  pattern.additive = {query->matrix, key->matrix, found->vector,
                      query->transpose, key->transpose};
  pattern.extents = pattern.extents.with(
      Role::Features, graph::getDims(query->input.value).back());
  pattern.keyExtents = pattern.extents.with(
      Role::Features, graph::getDims(key->input.value).back());
  return true;
}
