//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Products of pairs as sums of two lanes of widening products, for which
/// Halide has PMADDWD.
///
//===----------------------------------------------------------------------===//

#include "PairDots.h"

using namespace sylvite;
using namespace Halide;
using namespace Halide::Internal;

static constexpr const char *kName = "sylvite_pair_dot";

Expr emit::makePairDot(Expr sum, Expr a, Expr b) {
  return Call::make(Int(32), kName, {sum, a, b}, Call::PureExtern);
}

namespace {
class PairDotLowering : public IRMutator {
  using IRMutator::visit;
  Expr visit(const Call *call) override {
    if (call->name != kName)
      return IRMutator::visit(call);
    Expr sum = mutate(call->args[0]), a = mutate(call->args[1]),
         b = mutate(call->args[2]);
    int lanes = call->type.lanes(), parts = 2 * lanes;
    Expr left = reinterpret(Int(16, parts), a);
    Expr right = cast(Int(16, parts), reinterpret(Int(8, parts), b));
    return sum + VectorReduce::make(VectorReduce::Add,
                                    widening_mul(left, right), lanes);
  }
};
} // namespace

void emit::lowerPairDots(Halide::Module &module) {
  PairDotLowering lowering;
  for (LoweredFunc &function : module.functions())
    function.body = lowering.mutate(function.body);
}
