//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises softmax and its logarithm.
///
/// Both begin at the sum s of an exponential e^u along one axis. A quotient
/// e^u / s is softmax(u), and u - ln s, or x - (m + ln s) where u = x - m, is
/// log_softmax(u). Where u is x - max(x) along that axis, x takes its place:
/// the ops subtract the maximum themselves. A product e^u V that is divided by
/// s behind it, is softmax(u) V. At last, the logarithm of a softmax is a
/// log_softmax too, and the exponential of a log_softmax a softmax, whether the
/// model had these or this pass found them. Guards against the NaN of a slice
/// that is -inf throughout are dropped, as the op has none.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-raise-softmax"

namespace sylvite {
#define GEN_PASS_DEF_RAISESOFTMAXPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::ReduceKind;

namespace {
/// s = sum(e^u) along an axis.
struct ExponentialSum {
  graph::ReduceOp op;
  graph::ExpOp exponential;

  Value getExponent() { return exponential.getInput(); }
  /// Is this s, with the axis kept?
  bool isSum(Value value) {
    auto sum = matchReduction(value, ReduceKind::Sum);
    return sum && sum->input == exponential &&
           ArrayRef<int64_t>(sum->axes) == op.getAxes();
  }
  /// Is this ln s, with the axis kept?
  bool isLog(Value value) {
    auto log = skipBroadcasts(value).getDefiningOp<graph::LogOp>();
    return log && isSum(log.getInput());
  }
};
} // namespace

/// The x of x - max(x) along the axis, else the value itself.
static Value skipMaximum(Value value, int64_t axis) {
  auto sub = value.getDefiningOp<graph::SubOp>();
  if (!sub || sub.getLhs().getType() != sub.getType())
    return value;
  auto maximum = matchReduction(sub.getRhs(), ReduceKind::Max);
  bool isMaximum = maximum && maximum->input == sub.getLhs() &&
                   ArrayRef<int64_t>(maximum->axes) == ArrayRef({axis});
  return isMaximum ? sub.getLhs() : value;
}

/// Is `value` e^u / s?
static bool isSoftmax(Value value, ExponentialSum &sum) {
  auto quotient = matchQuotient(value);
  return quotient && quotient->first == sum.exponential &&
         sum.isSum(quotient->second);
}

/// Is `value` u - ln s?
static bool isLogSoftmax(Value value, ExponentialSum &sum) {
  auto sub = value.getDefiningOp<graph::SubOp>();
  if (!sub)
    return false;
  if (sub.getLhs() == sum.getExponent() && sum.isLog(sub.getRhs()))
    return true;
  // x - (m + ln s)
  auto difference = sum.getExponent().getDefiningOp<graph::SubOp>();
  auto add = sub.getRhs().getDefiningOp<graph::AddOp>();
  return difference && add && sub.getLhs() == difference.getLhs() &&
         matchEither(add, [&](Value a, Value b) {
           return a == difference.getRhs() && sum.isLog(b);
         });
}

/// The values that are calculated from a sum in at most `depth` steps.
static void collectUsers(Value value, unsigned depth,
                         llvm::SetVector<Operation *> &users) {
  for (Operation *user : value.getUsers())
    if (isa<graph::ReshapeOp, graph::BroadcastToOp, graph::LogOp, graph::AddOp,
            graph::SubOp, graph::DivOp, graph::MulOp, graph::ReciprocalOp>(
            user)) {
      users.insert(user);
      if (depth > 1)
        collectUsers(user->getResult(0), depth - 1, users);
    }
}

/// Is `value` a product with e^u, summed up along the axis of s, over s? Then
/// the operand that is e^u.
static OpOperand *matchWeightedSum(Value value, ExponentialSum &sum) {
  auto quotient = matchQuotient(value);
  auto product = quotient ? quotient->first.getDefiningOp<graph::MatmulOp>()
                          : graph::MatmulOp();
  if (!product || !sum.isSum(quotient->second) || sum.op.getAxes().size() != 1)
    return nullptr;
  auto getRank = [](Value tensor) {
    return cast<RankedTensorType>(tensor.getType()).getRank();
  };
  bool isRhs = product.getLhs() != sum.exponential;
  // The contracted axis is the last one on the left, unless transposed.
  bool isLast =
      (isRhs ? product.getTransposeRhs() : !product.getTransposeLhs());
  int64_t rank = getRank(sum.exponential), axis = rank - (isLast ? 1 : 2);
  // Divided are the rows of a left operand, the columns of a right one: s has
  // extent 1 where the product has the other operand's features.
  bool standsRight = isLast != isRhs;
  if (product->getOperand(isRhs) != sum.exponential ||
      product.getLhs() == product.getRhs() || !standsRight ||
      sum.op.getAxes().front() != axis || getRank(product) != rank)
    return nullptr;
  return &product->getOpOperand(isRhs);
}

/// (e^u V) / s -> softmax(u) V
static void replaceWeightedSum(Operation *root, OpOperand &exponential,
                               ExponentialSum &sum,
                               llvm::SmallPtrSetImpl<Operation *> &erased) {
  OpBuilder builder(root);
  int64_t axis = sum.op.getAxes().front();
  Value input = skipMaximum(sum.getExponent(), axis);
  auto softmax = graph::SoftmaxOp::create(
      builder, fuseLocs({sum.exponential, sum.op, root}), input.getType(),
      input, axis);
  Operation *product = builder.clone(*exponential.getOwner());
  product->setOperand(exponential.getOperandNumber(), softmax);
  root->getResult(0).replaceAllUsesWith(product->getResult(0));
  eraseDead(root, &erased);
  remarkFused(softmax, "softmax", "exponential, weighted sum, sum");
}

template <typename OpTy>
static void replace(Operation *root, ExponentialSum &sum, StringRef family,
                    llvm::SmallPtrSetImpl<Operation *> &erased) {
  OpBuilder builder(root);
  int64_t axis = sum.op.getAxes().front();
  Value input = skipMaximum(sum.getExponent(), axis);
  bool hasMaximum = input != sum.getExponent();
  auto fused = OpTy::create(builder, fuseLocs({sum.exponential, sum.op, root}),
                            input.getType(), input, axis);
  root->getResult(0).replaceAllUsesWith(fused);
  eraseDead(root, &erased);
  remarkFused(fused, family,
              hasMaximum ? "maximum, exponential, sum" : "exponential, sum");
}

/// Replaces what is made of the sum. There may be several: a softmax and its
/// logarithm, or a softmax twice.
static void raise(ExponentialSum sum,
                  llvm::SmallPtrSetImpl<Operation *> &erased) {
  llvm::SetVector<Operation *> users;
  collectUsers(sum.op, /*depth=*/4, users);
  SmallVector<Operation *> softmaxes, logs;
  SmallVector<std::pair<Operation *, OpOperand *>> weighted;
  for (Operation *user : users) {
    if (isSoftmax(user->getResult(0), sum))
      softmaxes.push_back(user);
    else if (isLogSoftmax(user->getResult(0), sum))
      logs.push_back(user);
    else if (OpOperand *operand = matchWeightedSum(user->getResult(0), sum))
      weighted.push_back({user, operand});
  }
  if (softmaxes.empty() && logs.empty() && weighted.empty())
    return remarkMissed(sum.op, "softmax",
                        {"the exponential is not divided by its sum",
                         users.empty() ? nullptr : users.front(),
                         "write exp(x - max(x)) / sum(exp(x - max(x)))"});
  if (sum.op.getAxes().size() != 1)
    return remarkMissed(sum.op, "softmax",
                        {"the sum is taken along several axes", nullptr,
                         "reshape them to one axis"});
  for (Operation *root : softmaxes)
    replace<graph::SoftmaxOp>(root, sum, "softmax", erased);
  for (Operation *root : logs)
    replace<graph::LogSoftmaxOp>(root, sum, "log-softmax", erased);
  for (auto [root, operand] : weighted)
    replaceWeightedSum(root, *operand, sum, erased);
}

/// log(softmax(x)) -> log_softmax(x)
static void raiseLog(graph::LogOp log) {
  auto softmax = log.getInput().getDefiningOp<graph::SoftmaxOp>();
  if (!softmax)
    return;
  if (!softmax->hasOneUse())
    return remarkMissed(log, "log-softmax",
                        {"the softmax has a second user",
                         getOtherUser(softmax, log),
                         "take the exponential of log_softmax there"});
  OpBuilder builder(log);
  auto fused = graph::LogSoftmaxOp::create(
      builder, fuseLocs({softmax, log}), softmax.getType(), softmax.getInput(),
      softmax.getAxis());
  log.replaceAllUsesWith(fused.getResult());
  eraseDead(log);
  remarkFused(fused, "log-softmax", "softmax, logarithm");
}

/// exp(log_softmax(x)) -> softmax(x)
static void raiseExponential(graph::ExpOp exponential) {
  auto log = exponential.getInput().getDefiningOp<graph::LogSoftmaxOp>();
  if (!log)
    return;
  OpBuilder builder(exponential);
  auto fused =
      graph::SoftmaxOp::create(builder, fuseLocs({log, exponential}),
                               log.getType(), log.getInput(), log.getAxis());
  exponential.replaceAllUsesWith(fused.getResult());
  eraseDead(exponential);
  remarkFused(fused, "softmax", "log-softmax, exponential");
}

/// softmax(x) where that is no NaN, else 0 -> softmax(x)
static void dropGuard(graph::SelectOp select) {
  auto isNaN = select.getCondition().getDefiningOp<graph::CompareOp>();
  if (!isNaN || isNaN.getPredicate() != graph::ComparePredicate::Ne ||
      isNaN.getLhs() != isNaN.getRhs() ||
      isNaN.getLhs() != select.getOnFalse() ||
      graph::getSplatConstant(select.getOnTrue()) != 0.0 ||
      select.getType() != select.getOnFalse().getType())
    return;
  Value guarded = select.getOnFalse();
  if (auto cast = guarded.getDefiningOp<graph::CastOp>())
    guarded = cast.getInput();
  if (!guarded.getDefiningOp<graph::SoftmaxOp>())
    return;
  select.replaceAllUsesWith(select.getOnFalse());
  eraseDead(select);
}

namespace {
struct RaiseSoftmaxPass
    : public sylvite::impl::RaiseSoftmaxPassBase<RaiseSoftmaxPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseSoftmaxPass::runOnOperation() {
  SmallVector<ExponentialSum> sums;
  getOperation().walk([&](graph::ReduceOp op) {
    auto exponential = op.getInput().getDefiningOp<graph::ExpOp>();
    if (exponential && op.getKind() == ReduceKind::Sum)
      sums.push_back({op, exponential});
  });
  llvm::SmallPtrSet<Operation *, 8> erased;
  for (ExponentialSum sum : sums)
    if (!erased.contains(sum.op))
      raise(sum, erased);
  SmallVector<graph::LogOp> logs;
  getOperation().walk([&](graph::LogOp op) { logs.push_back(op); });
  for (graph::LogOp log : logs)
    raiseLog(log);
  SmallVector<graph::ExpOp> exponentials;
  getOperation().walk([&](graph::ExpOp op) { exponentials.push_back(op); });
  for (graph::ExpOp exponential : exponentials)
    raiseExponential(exponential);
  SmallVector<graph::SelectOp> guards;
  getOperation().walk([&](graph::SelectOp op) { guards.push_back(op); });
  for (graph::SelectOp guard : guards)
    dropGuard(guard);
}
