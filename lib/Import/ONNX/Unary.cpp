//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Functions of one operand, calculated here where that is known when compiled.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;

/// A function of one known number.
using KnownUnary = std::optional<KnownNumber> (*)(const KnownNumber &);

static bool setKnown(Node &node, KnownUnary f) {
  const KnownTensor *input = node.getKnown(0);
  if (!input)
    return false;
  KnownTensor result = *input;
  for (KnownNumber &number : result.numbers) {
    std::optional<KnownNumber> next = f(number);
    if (!next)
      return false;
    number = *next;
  }
  (void)node.setKnown(0, std::move(result), node.getOnnxType(0));
  return true;
}

template <double (*f)(double)>
static std::optional<KnownNumber> mapFloat(const KnownNumber &number) {
  std::optional<double> value = number.toDouble();
  if (!number.isFloat || !value)
    return std::nullopt;
  return KnownNumber::ofFloat(f(*value));
}

template <typename OpTy, double (*f)(double)>
static LogicalResult importFloat(Node &node) {
  if (setKnown(node, mapFloat<f>))
    return success();
  return node.set(node.ops.unary<OpTy>(node.get(0)));
}

static LogicalResult importNeg(Node &node) {
  if (setKnown(node, [](const KnownNumber &x) -> std::optional<KnownNumber> {
        if (x.isFloat)
          return KnownNumber::ofFloat(-x.number);
        std::optional<SymInt> negated = SymInt::mul(x.integer, SymInt(-1));
        return negated ? std::optional(KnownNumber(*negated)) : std::nullopt;
      }))
    return success();
  return node.set(node.ops.unary<graph::NegOp>(node.get(0)));
}

static LogicalResult importNot(Node &node) {
  if (setKnown(node, [](const KnownNumber &x) -> std::optional<KnownNumber> {
        if (!x.integer.isConstant())
          return std::nullopt;
        return KnownNumber(SymInt(x.integer == SymInt(0)));
      }))
    return success();
  return node.set(node.ops.unary<graph::NotOp>(node.get(0)));
}

static LogicalResult importReciprocal(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.unary<graph::ReciprocalOp>(x));
}

/// Floor, Ceil, Round of floats, which leave integers as they are.
template <typename OpTy, double (*f)(double)>
static LogicalResult importRounding(Node &node) {
  if (node.getElement(0) && isa<IntegerType>(node.getElement(0)))
    return node.set(node.get(0));
  return importFloat<OpTy, f>(node);
}

static double floorFloat(double x) { return std::floor(x); }
static double ceilFloat(double x) { return std::ceil(x); }
static double roundFloat(double x) { return std::nearbyint(x); }
static double sqrtFloat(double x) { return std::sqrt(x); }
static double expFloat(double x) { return std::exp(x); }
static double logFloat(double x) { return std::log(x); }
static double sinFloat(double x) { return std::sin(x); }
static double cosFloat(double x) { return std::cos(x); }
static double tanhFloat(double x) { return std::tanh(x); }
static double erfFloat(double x) { return std::erf(x); }
static double reluFloat(double x) { return x < 0 ? 0 : x; }

static LogicalResult importSign(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  Value zero = ops.like(0, x), one = ops.like(1, x);
  Value isNegative = ops.compare(ComparePredicate::Lt, x, zero);
  Value isPositive = ops.compare(ComparePredicate::Gt, x, zero);
  return node.set(ops.select(isPositive, one,
                             ops.select(isNegative, ops.like(-1, x), zero)));
}

static LogicalResult importIsNaN(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.compare(ComparePredicate::Ne, x, x));
}

static LogicalResult importIsInf(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  bool negative = node.getInt("detect_negative", 1);
  bool positive = node.getInt("detect_positive", 1);
  if (!x)
    return node.set(Value());
  if (negative && positive)
    x = ops.unary<graph::AbsOp>(x);
  else if (negative)
    x = ops.unary<graph::NegOp>(x);
  Value result = ops.compare(ComparePredicate::Eq, x, INFINITY);
  if (!negative && !positive)
    result = ops.compare(ComparePredicate::Lt, x, x);
  return node.set(result);
}

static LogicalResult importTan(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.div(node.ops.unary<graph::SinOp>(x),
                               node.ops.unary<graph::CosOp>(x)));
}

/// (e^x + sign e^-x) / 2.
static Value writeHyperbolic(GraphWriter &ops, Value x, double sign) {
  if (!x)
    return {};
  Value grows = ops.unary<graph::ExpOp>(x);
  Value falls = ops.unary<graph::ExpOp>(ops.unary<graph::NegOp>(x));
  return ops.mul(sign > 0 ? ops.add(grows, falls) : ops.sub(grows, falls), 0.5);
}
static LogicalResult importSinh(Node &node) {
  return node.set(writeHyperbolic(node.ops, node.get(0), -1));
}
static LogicalResult importCosh(Node &node) {
  return node.set(writeHyperbolic(node.ops, node.get(0), 1));
}

/// ln(x + sqrt(x^2 + 1)) of |x|, signed as x.
static LogicalResult importAsinh(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0), size = ops.unary<graph::AbsOp>(x);
  Value root = ops.unary<graph::SqrtOp>(ops.add(ops.mul(size, size), 1));
  Value result = ops.unary<graph::LogOp>(ops.add(size, root));
  return node.set(ops.select(ops.compare(ComparePredicate::Lt, x, 0),
                             ops.unary<graph::NegOp>(result), result));
}
static LogicalResult importAcosh(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  Value root = ops.unary<graph::SqrtOp>(ops.sub(ops.mul(x, x), 1));
  return node.set(ops.unary<graph::LogOp>(ops.add(x, root)));
}
static LogicalResult importAtanh(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  Value ratio = ops.div(ops.add(x, 1), ops.sub(1, x));
  return node.set(ops.mul(ops.unary<graph::LogOp>(ratio), 0.5));
}

static LogicalResult importClip(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  auto bound = [&](unsigned operand, StringRef attribute) -> Value {
    if (node.has(operand))
      return ops.cast(node.get(operand), x ? getElement(x) : Type());
    if (node.hasAttribute(attribute))
      return ops.like(node.getFloat(attribute, 0), x);
    return {};
  };
  bool hasLow = node.has(1) || node.hasAttribute("min");
  bool hasHigh = node.has(2) || node.hasAttribute("max");
  if (hasLow)
    x = ops.maximum(x, bound(1, "min"));
  if (hasHigh)
    x = ops.minimum(x, bound(2, "max"));
  return node.set(x);
}

void sylvite::addUnary(Operators &operators) {
  operators.add("Neg", importNeg);
  operators.add("Not", importNot);
  operators.add("Relu", importFloat<graph::ReluOp, reluFloat>);
  operators.add("Abs", importUnary<graph::AbsOp>);
  operators.add("Reciprocal", importReciprocal);
  operators.add("Floor", importRounding<graph::FloorOp, floorFloat>);
  operators.add("Ceil", importRounding<graph::CeilOp, ceilFloat>);
  operators.add("Round", importRounding<graph::RoundOp, roundFloat>);
  operators.add("Sqrt", importFloat<graph::SqrtOp, sqrtFloat>);
  operators.add("Exp", importFloat<graph::ExpOp, expFloat>);
  operators.add("Log", importFloat<graph::LogOp, logFloat>);
  operators.add("Sin", importFloat<graph::SinOp, sinFloat>);
  operators.add("Cos", importFloat<graph::CosOp, cosFloat>);
  operators.add("Tanh", importFloat<graph::TanhOp, tanhFloat>);
  operators.add("Erf", importFloat<graph::ErfOp, erfFloat>);
  operators.add("Tan", importTan);
  operators.add("Asin", importUnary<graph::AsinOp>);
  operators.add("Acos", importUnary<graph::AcosOp>);
  operators.add("Atan", importUnary<graph::AtanOp>);
  operators.add("Sinh", importSinh);
  operators.add("Cosh", importCosh);
  operators.add("Asinh", importAsinh);
  operators.add("Acosh", importAcosh);
  operators.add("Atanh", importAtanh);
  operators.add("Sign", importSign);
  operators.add("IsNaN", importIsNaN);
  operators.add("IsInf", importIsInf);
  operators.add("Clip", importClip);
}
