//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises SiLU: x sigmoid(x), or x / (1 + e^-x).
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-silu"

namespace sylvite {
#define GEN_PASS_DEF_RAISESILUPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// The x of -x or (-1) x, or null.
static Value matchNegation(Value value) {
  if (auto neg = value.getDefiningOp<graph::NegOp>())
    return neg.getInput();
  Value found;
  if (auto mul = value.getDefiningOp<graph::MulOp>())
    matchEither(mul, [&](Value x, Value number) {
      if (getNumber(number) == -1.0)
        found = x;
      return bool(found);
    });
  return found;
}

/// The x of sigmoid(x) or 1 / (1 + e^-x), which `value` is, or whose
/// reciprocal it is; or null.
static Value matchSigmoid(Value value, bool isReciprocal) {
  if (!isReciprocal) {
    auto sigmoid = value.getDefiningOp<graph::SigmoidOp>();
    return sigmoid ? sigmoid.getInput() : Value();
  }
  Value found;
  if (auto add = value.getDefiningOp<graph::AddOp>())
    matchEither(add, [&](Value one, Value power) {
      auto exponential = power.getDefiningOp<graph::ExpOp>();
      if (exponential && getNumber(one) == 1.0)
        found = matchNegation(exponential.getInput());
      return bool(found);
    });
  return found;
}

static void replace(Operation *op, Value x) {
  OpBuilder builder(op);
  auto silu = graph::SiluOp::create(builder, op->getLoc(), x.getType(), x);
  op->getResult(0).replaceAllUsesWith(silu);
  eraseDead(op);
  remarkFused(silu, "silu", "sigmoid, product");
}

/// A quotient whose divisor is 1 + e^-x.
static void raise(Operation *op, Value numerator, Value x) {
  if (numerator == x)
    return replace(op, x);
  // 1 / (1 + e^-x) is a sigmoid of its own.
  if (getNumber(numerator) != 1.0)
    remarkMissed(
        op, "silu",
        {"the sigmoid of another value is the factor", x.getDefiningOp(), ""});
}

/// A product with a sigmoid in it.
static void raise(graph::MulOp mul) {
  auto isSilu = [](Value a, Value b) {
    return matchSigmoid(b, /*isReciprocal=*/false) == a;
  };
  if (matchEither(mul, isSilu))
    return replace(mul, isSilu(mul.getLhs(), mul.getRhs()) ? mul.getLhs()
                                                           : mul.getRhs());
  matchEither(mul, [&](Value, Value b) {
    Value x = matchSigmoid(b, /*isReciprocal=*/false);
    if (x)
      remarkMissed(mul, "silu",
                   {"the sigmoid of another value is the factor",
                    x.getDefiningOp(), ""});
    return bool(x);
  });
}

namespace {
struct RaiseSiluPass : public sylvite::impl::RaiseSiluPassBase<RaiseSiluPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseSiluPass::runOnOperation() {
  SmallVector<Operation *> candidates;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::MulOp, graph::DivOp>(op))
      candidates.push_back(op);
  });
  // Only the candidate itself and ops that are none are erased.
  for (Operation *op : candidates) {
    auto quotient = matchQuotient(op->getResult(0));
    Value x = quotient ? matchSigmoid(quotient->second, /*isReciprocal=*/true)
                       : Value();
    if (x)
      raise(op, quotient->first, x);
    else if (auto mul = dyn_cast<graph::MulOp>(op))
      raise(mul);
  }
}
