//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises the division of a tensor by its Euclidean norm.
///
/// It begins at the root of a sum of squares s = sum(x^2) along one axis. The
/// lower bound that keeps the divisor from zero may stand behind the root,
/// max(sqrt(s), eps), before it, sqrt(max(s, eps^2)), or be missing. The pass
/// looks at the products with the root in them for one whose only other factor
/// is x.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-l2-normalize"

namespace sylvite {
#define GEN_PASS_DEF_RAISEL2NORMALIZEPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kFamily = "l2-normalize";

namespace {
/// A divisor: divisor^power is 1 / max(|x|, eps).
struct Divisor {
  Value value;
  double power;
  double eps;
};

/// The root of a sum of squares.
struct EuclideanNorm {
  /// sqrt or rsqrt.
  Operation *op;
  Value input;
  SmallVector<int64_t> axes;
  /// The bound of the sum; 0 without one.
  double bound;
};
} // namespace

static std::optional<EuclideanNorm> matchNorm(Operation *op) {
  if (!isa<graph::SqrtOp, graph::RsqrtOp>(op))
    return std::nullopt;
  Value squares = op->getOperand(0);
  double bound = 0;
  if (auto bounded = matchLowerBound(squares))
    std::tie(squares, bound) = *bounded;
  auto sum = matchReduction(squares, graph::ReduceKind::Sum);
  Value base = sum ? matchSquare(sum->input) : Value();
  if (!base)
    return std::nullopt;
  return EuclideanNorm{op, base, sum->axes, std::max(bound, 0.0)};
}

/// A summand that keeps the divisor from zero, where a bound should do it.
static Operation *findAddedEps(const EuclideanNorm &norm) {
  for (Operation *user : norm.op->getUsers())
    if (auto add = dyn_cast<graph::AddOp>(user);
        add && (getNumber(add.getLhs()) || getNumber(add.getRhs())))
      return add;
  return nullptr;
}

/// What x may be divided by: the root, or a bound of it.
static SmallVector<Divisor> getDivisors(const EuclideanNorm &norm) {
  SmallVector<Divisor> divisors;
  if (isa<graph::SqrtOp>(norm.op) && norm.bound == 0)
    for (Operation *user : norm.op->getUsers())
      if (isa<graph::MaximumOp>(user))
        if (auto bounded = matchLowerBound(user->getResult(0)))
          divisors.push_back(
              {user->getResult(0), -1, std::max(bounded->second, 0.0)});
  divisors.push_back({norm.op->getResult(0),
                      isa<graph::SqrtOp>(norm.op) ? -1.0 : 1.0,
                      std::sqrt(norm.bound)});
  return divisors;
}

/// Is `product` x / max(|x|, eps)?
static bool isNormalized(Value product, const EuclideanNorm &norm,
                         const Divisor &divisor) {
  if (product.getType() != norm.input.getType())
    return false;
  double inputPower = 0, divisorPower = 0;
  for (Factor factor : getFactors(product, [&](Value value) {
         return value == norm.input || value == divisor.value;
       })) {
    if (factor.value == norm.input)
      inputPower += factor.power;
    else if (factor.value == divisor.value)
      divisorPower += factor.power;
    else
      return false;
  }
  return inputPower == 1 && divisorPower == divisor.power;
}

static void replace(Value product, const EuclideanNorm &norm,
                    const Divisor &divisor,
                    llvm::SmallPtrSetImpl<Operation *> &erased) {
  Operation *root = product.getDefiningOp();
  OpBuilder builder(root);
  double eps = getShortest(divisor.eps, getElementTypeOrSelf(norm.input));
  auto fused = graph::L2NormalizeOp::create(
      builder, fuseLocs({norm.op, root}), norm.input.getType(), norm.input,
      norm.axes.front(), llvm::APFloat(eps));
  product.replaceAllUsesWith(fused);
  eraseDead(root, &erased);
  remarkFused(fused, kFamily, "squares, sum, root, division");
}

static void raise(const EuclideanNorm &norm,
                  llvm::SmallPtrSetImpl<Operation *> &erased) {
  for (const Divisor &divisor : getDivisors(norm))
    for (Value product : getProductsWith(divisor.value, /*depth=*/2)) {
      if (!isNormalized(product, norm, divisor))
        continue;
      if (norm.axes.size() == 1)
        return replace(product, norm, divisor, erased);
      return remarkMissed(norm.op, kFamily,
                          {"the sum is taken along several axes", nullptr,
                           "reshape them to one axis"});
    }
  if (Operation *add = findAddedEps(norm))
    return remarkMissed(norm.op, kFamily,
                        {"a number is added to the norm", add,
                         "bound the norm from below: max(norm, eps)"});
  remarkMissed(norm.op, kFamily,
               {"what it is calculated from is not divided by it",
                norm.op->use_empty() ? nullptr : *norm.op->user_begin(),
                "write x / max(sqrt(sum(x * x)), eps)"});
}

namespace {
struct RaiseL2NormalizePass
    : public sylvite::impl::RaiseL2NormalizePassBase<RaiseL2NormalizePass> {
  void runOnOperation() override;
};
} // namespace

void RaiseL2NormalizePass::runOnOperation() {
  SmallVector<Operation *> roots;
  getOperation().walk([&](Operation *op) {
    if (matchNorm(op))
      roots.push_back(op);
  });
  llvm::SmallPtrSet<Operation *, 8> erased;
  for (Operation *op : roots)
    if (!erased.contains(op))
      raise(*matchNorm(op), erased);
}
