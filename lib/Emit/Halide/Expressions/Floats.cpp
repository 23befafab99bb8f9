//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arithmetic and functions of floats.
///
//===----------------------------------------------------------------------===//

#include "../VectorMath.h"
#include "RuleSet.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Expr;

namespace {
/// The remainder with the sign of the dividend; Halide's has the divisor's.
struct RemFRule : ValueRule<arith::RemFOp> {
  static Expr build(arith::RemFOp, Operands o) {
    return o[0] - o[1] * Halide::trunc(o[0] / o[1]);
  }
  static Text print(arith::RemFOp, Texts o) {
    Text quotient = printCall("trunc", {printInfix("/", kMul, o)});
    return printInfix("-", kAdd,
                      {o[0], printInfix("*", kMul, {o[1], quotient})});
  }
};

struct NegFRule : ValueRule<arith::NegFOp> {
  static Expr build(arith::NegFOp, Operands o) { return -o[0]; }
  static Text print(arith::NegFOp, Texts o) {
    return {"-" + wrap(o[0], kUnary - 1), kUnary};
  }
};

/// a * b + c; where the processor has a fused form, LLVM uses it.
struct FmaRule : ValueRule<math::FmaOp> {
  static Expr build(math::FmaOp, Operands o) { return o[0] * o[1] + o[2]; }
  static Text print(math::FmaOp, Texts o) {
    return printInfix("+", kAdd,
                      {printInfix("*", kMul, o.take_front(2)), o[2]});
  }
};

/// Halide has no function of its own for 2^x.
struct Exp2Rule : ValueRule<math::Exp2Op> {
  static Expr build(math::Exp2Op op, Operands o) {
    return op.getType().isF64()
               ? pow(Halide::Internal::make_two(Halide::Float(64)), o[0])
               : vector_math::exp2_f32(o[0]);
  }
  static Text print(math::Exp2Op op, Texts o) {
    if (op.getType().isF64())
      return printCall("pow", {Text{"Expr(2.)"}, o[0]});
    return printCall("exp2_f32", o);
  }
};

/// A power with an integer.
struct FPowIRule : ValueRule<math::FPowIOp> {
  static Expr build(math::FPowIOp, Operands o) {
    return pow(o[0], Halide::cast(o[0].type(), o[1]));
  }
  static Text print(math::FPowIOp op, Texts o) {
    // Narrow floats are computed in f32.
    StringRef type = op.getType().isF64() ? "double" : "float";
    Text exponent = printCast("cast", type, o[1]);
    return printCall("pow", {o[0], exponent});
  }
};

struct RsqrtRule : ValueRule<math::RsqrtOp> {
  static Expr build(math::RsqrtOp, Operands o) {
    return Halide::Internal::make_one(o[0].type()) / Halide::sqrt(o[0]);
  }
  static Text print(math::RsqrtOp op, Texts o) {
    Text one =
        op.getType().isF64() ? Text{"Expr(1.)"} : Text{"1.f", kAtom, true};
    return printInfix("/", kMul, {one, printCall("sqrt", o)});
  }
};
} // namespace

void emit::addFloatRules(RuleSet &rules) {
  rules.infix<arith::AddFOp>("+", kAdd, [](Expr a, Expr b) { return a + b; });
  rules.infix<arith::SubFOp>("-", kAdd, [](Expr a, Expr b) { return a - b; });
  rules.infix<arith::MulFOp>("*", kMul, [](Expr a, Expr b) { return a * b; });
  rules.infix<arith::DivFOp>("/", kMul, [](Expr a, Expr b) { return a / b; });
  rules.custom<RemFRule>();
  rules.custom<NegFRule>();
  rules.call<arith::MinimumFOp>("min",
                                [](Operands o) { return min(o[0], o[1]); });
  rules.call<arith::MaximumFOp>("max",
                                [](Operands o) { return max(o[0], o[1]); });
  rules.call<arith::MinNumFOp>("min",
                               [](Operands o) { return min(o[0], o[1]); });
  rules.call<arith::MaxNumFOp>("max",
                               [](Operands o) { return max(o[0], o[1]); });

  rules.vectorMath<math::ExpOp>("exp", vector_math::exp_f32, Halide::exp);
  rules.custom<Exp2Rule>();
  rules.vectorMath<math::TanhOp>("tanh", vector_math::tanh_f32, Halide::tanh);
  rules.vectorMath<math::ErfOp>("erf", vector_math::erf_f32,
                                [](Expr x) { return Halide::erf(x); });
  rules.call<math::LogOp>("log", [](Operands o) { return log(o[0]); });
  rules.call<math::Log2Op>("log_base_two", [](Operands o) {
    return vector_math::log_base_two(o[0]);
  });
  rules.call<math::Log1pOp>("log_one_plus", [](Operands o) {
    return vector_math::log_one_plus(o[0]);
  });
  rules.call<math::ExpM1Op>("exp_minus_one", [](Operands o) {
    return vector_math::exp_minus_one(o[0]);
  });
  rules.custom<FPowIRule>();
  rules.call<math::SqrtOp>("sqrt", [](Operands o) { return sqrt(o[0]); });
  rules.custom<RsqrtRule>();
  rules.call<math::SinOp>("sin", [](Operands o) { return sin(o[0]); });
  rules.call<math::CosOp>("cos", [](Operands o) { return cos(o[0]); });
  rules.call<math::AsinOp>("asin", [](Operands o) { return asin(o[0]); });
  rules.call<math::AcosOp>("acos", [](Operands o) { return acos(o[0]); });
  rules.call<math::AtanOp>("atan", [](Operands o) { return atan(o[0]); });
  rules.call<math::PowFOp>("pow", [](Operands o) { return pow(o[0], o[1]); });
  rules.call<math::AbsFOp>("abs", [](Operands o) { return abs(o[0]); });
  rules.call<math::FloorOp>("floor", [](Operands o) { return floor(o[0]); });
  rules.call<math::CeilOp>("ceil", [](Operands o) { return ceil(o[0]); });
  rules.call<math::TruncOp>("trunc", [](Operands o) { return trunc(o[0]); });
  rules.call<math::RoundEvenOp>("round",
                                [](Operands o) { return round(o[0]); });
  rules.custom<FmaRule>();
}
