//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Short products of words.
///
//===----------------------------------------------------------------------===//

#include "../DotProducts.h"
#include "../PairDots.h"
#include "RuleSet.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Expr;

namespace {
struct DotRule : ValueRule<halide::DotOp> {
  static Expr build(halide::DotOp op, Operands o) {
    switch (op.getKind()) {
    case halide::DotKind::U8S8:
      return dot_products::dot_u8s8(o[0], o[1], o[2]);
    case halide::DotKind::BF16:
      return dot_products::dot_bf16(o[0], o[1], o[2]);
    case halide::DotKind::S16S8:
      return makePairDot(o[0], o[1], o[2]);
    }
    llvm_unreachable("all kinds are above");
  }
  static Text print(halide::DotOp op, Texts o) {
    return printCall(("dot_" + stringifyDotKind(op.getKind())).str(), o);
  }
};
} // namespace

void emit::addDotRules(RuleSet &rules) { rules.custom<DotRule>(); }
