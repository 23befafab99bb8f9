//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises GELU in its erf and tanh forms.
///
/// At each erf or tanh t of a value u the pass asks two questions about
/// polynomials. Is u = x / sqrt 2, or sqrt(2/pi) (x + 0.044715 x^3), for one of
/// the values x that u is made of? And is one of the values that t goes into
/// x/2 + x t/2? That value is then gelu(x).
///
//===----------------------------------------------------------------------===//

#include "Matchers.h"
#include "Polynomial.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"
#include <cmath>

#define DEBUG_TYPE "sylvite-raise-gelu"

namespace sylvite {
#define GEN_PASS_DEF_RAISEGELUPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// What the function inside is applied to, as a polynomial in x.
static const Polynomial kErfArgument = {{{1, 0}, std::sqrt(0.5)}};
static const Polynomial kTanhArgument = {
    {{1, 0}, std::sqrt(2 / M_PI)}, {{3, 0}, std::sqrt(2 / M_PI) * 0.044715}};
/// The whole, as a polynomial in x and t.
static const Polynomial kGelu = {{{1, 0}, 0.5}, {{1, 1}, 0.5}};

/// The values that are calculated from `value` in at most `depth` elementwise
/// steps, nearest first.
static void collectUsers(Value value, unsigned depth,
                         SmallVectorImpl<Operation *> &users) {
  for (Operation *user : value.getUsers())
    if (isa<graph::AddOp, graph::MulOp, graph::DivOp>(user)) {
      users.push_back(user);
      if (depth > 1)
        collectUsers(user->getResult(0), depth - 1, users);
    }
}

/// The x of which `argument` is that polynomial, or null.
static Value findInput(Value argument, const Polynomial &expected) {
  for (Value x : getIndeterminates(argument))
    if (auto polynomial = getPolynomial(argument, x);
        polynomial &&
        isClose(*polynomial, expected, getElementTypeOrSelf(argument)))
      return x;
  return {};
}

/// Replaces the GELU that `inner`, an erf or a tanh, is part of.
static void raise(Operation *inner, bool isTanh) {
  Value x =
      findInput(inner->getOperand(0), isTanh ? kTanhArgument : kErfArgument);
  // A tanh of anything else is an activation of its own.
  if (!x && isTanh)
    return;
  if (!x)
    return remarkMissed(inner, "gelu",
                        {"erf is not applied to x / sqrt 2", nullptr,
                         "write GELU as x / 2 * (1 + erf(x / sqrt(2)))"});
  Value t = inner->getResult(0);
  SmallVector<Operation *> users;
  collectUsers(t, /*depth=*/4, users);
  for (Operation *root : users) {
    auto polynomial = getPolynomial(root->getResult(0), x, t);
    if (!polynomial || !isClose(*polynomial, kGelu, getElementTypeOrSelf(x)))
      continue;
    OpBuilder builder(root);
    auto gelu = graph::GeluOp::create(builder, fuseLocs({inner, root}),
                                      x.getType(), x, isTanh);
    root->getResult(0).replaceAllUsesWith(gelu);
    eraseDead(root);
    return remarkFused(gelu, "gelu", isTanh ? "tanh form" : "erf form");
  }
  remarkMissed(inner, "gelu",
               {"its result is not used as x / 2 * (1 + result)",
                users.empty() ? nullptr : users.front(),
                "check the factor 1/2 and the summand 1"});
}

namespace {
struct RaiseGeluPass : public sylvite::impl::RaiseGeluPassBase<RaiseGeluPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseGeluPass::runOnOperation() {
  SmallVector<Operation *> candidates;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::ErfOp, graph::TanhOp>(op))
      candidates.push_back(op);
  });
  for (Operation *op : candidates)
    raise(op, isa<graph::TanhOp>(op));
}
