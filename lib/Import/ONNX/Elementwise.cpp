//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pointwise operators. Of small tensors that are known when compiled, they are
/// calculated here: that is what shape arithmetic consists of.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;

//===----------------------------------------------------------------------===//
// What is known
//===----------------------------------------------------------------------===//

/// An operation on two known numbers; none where the result is not known.
using KnownBinary = std::optional<KnownNumber> (*)(const KnownNumber &,
                                                   const KnownNumber &);

/// Applies `f` with broadcasting; none where an element is not known.
static std::optional<KnownTensor> mapKnown(const KnownTensor &a,
                                           const KnownTensor &b, Type element,
                                           KnownBinary f) {
  int64_t rank = std::max(a.getRank(), b.getRank());
  KnownTensor result;
  result.element = element;
  int64_t count = 1;
  for (int64_t i = 0; i != rank; ++i) {
    auto extent = [&](const KnownTensor &t) {
      int64_t own = i - (rank - t.getRank());
      return own < 0 ? 1 : t.shape[own];
    };
    int64_t x = extent(a), y = extent(b);
    if (x != y && x != 1 && y != 1)
      return std::nullopt;
    result.shape.push_back(x == 1 ? y : x);
    count *= result.shape.back();
  }
  if (count > kMaxKnownElements)
    return std::nullopt;
  for (int64_t position = 0; position != count; ++position) {
    auto read = [&](const KnownTensor &t) -> const KnownNumber & {
      int64_t rest = position, source = 0, stride = 1;
      for (int64_t i = rank - 1; i >= 0; --i) {
        int64_t index = rest % result.shape[i];
        rest /= result.shape[i];
        int64_t own = i - (rank - t.getRank());
        if (own < 0)
          continue;
        if (t.shape[own] != 1)
          source += index * stride;
        stride *= t.shape[own];
      }
      return t.numbers[source];
    };
    std::optional<KnownNumber> number = f(read(a), read(b));
    if (!number)
      return std::nullopt;
    result.numbers.push_back(*number);
  }
  return result;
}

/// An operation on integers, and the same on floats.
template <std::optional<SymInt> (*ofIntegers)(const SymInt &, const SymInt &),
          double (*ofFloats)(double, double)>
static std::optional<KnownNumber> combine(const KnownNumber &a,
                                          const KnownNumber &b) {
  if (!a.isFloat && !b.isFloat) {
    std::optional<SymInt> result = ofIntegers(a.integer, b.integer);
    return result ? std::optional(KnownNumber(*result)) : std::nullopt;
  }
  std::optional<double> x = a.toDouble(), y = b.toDouble();
  if (!x || !y)
    return std::nullopt;
  return KnownNumber::ofFloat(ofFloats(*x, *y));
}

static std::optional<SymInt> minimum(const SymInt &a, const SymInt &b) {
  std::optional<int> order = SymInt::compare(a, b);
  if (!order)
    return std::nullopt;
  return *order <= 0 ? a : b;
}
static std::optional<SymInt> maximum(const SymInt &a, const SymInt &b) {
  std::optional<int> order = SymInt::compare(a, b);
  if (!order)
    return std::nullopt;
  return *order >= 0 ? a : b;
}
static std::optional<SymInt> remainder(const SymInt &a, const SymInt &b) {
  std::optional<int64_t> x = a.getConstant(), y = b.getConstant();
  if (x && y && *y != 0 && *y != -1) {
    int64_t rest = *x % *y;
    return SymInt(rest && (rest < 0) != (*y < 0) ? rest + *y : rest);
  }
  // What comes out even leaves nothing.
  if (SymInt::div(a, b))
    return SymInt(0);
  return std::nullopt;
}
static std::optional<SymInt> power(const SymInt &a, const SymInt &b) {
  std::optional<int64_t> exponent = b.getConstant();
  if (!exponent || *exponent < 0 || *exponent > 62)
    return std::nullopt;
  std::optional<SymInt> result = SymInt(1);
  for (int64_t i = 0; i != *exponent && result; ++i)
    result = SymInt::mul(*result, a);
  return result;
}

static double addFloats(double a, double b) { return a + b; }
static double subFloats(double a, double b) { return a - b; }
static double mulFloats(double a, double b) { return a * b; }
static double divFloats(double a, double b) { return a / b; }
static double minFloats(double a, double b) { return std::fmin(a, b); }
static double maxFloats(double a, double b) { return std::fmax(a, b); }
static double modFloats(double a, double b) {
  return a - b * std::floor(a / b);
}
static double powFloats(double a, double b) { return std::pow(a, b); }

/// A comparison: its answer for each order of the operands.
template <bool less, bool equal, bool greater>
static std::optional<KnownNumber> compareKnown(const KnownNumber &a,
                                               const KnownNumber &b) {
  std::optional<int> order;
  if (!a.isFloat && !b.isFloat) {
    order = SymInt::compare(a.integer, b.integer);
  } else if (std::optional<double> x = a.toDouble(), y = b.toDouble(); x && y) {
    if (std::isnan(*x) || std::isnan(*y))
      return KnownNumber(SymInt(0));
    order = *x < *y ? -1 : *x > *y;
  }
  if (!order)
    return std::nullopt;
  return KnownNumber(SymInt(*order < 0 ? less : *order == 0 ? equal : greater));
}

//===----------------------------------------------------------------------===//
// Binary operators
//===----------------------------------------------------------------------===//

/// Calculates with what is known, if that is all, and sets the result.
static bool setKnown(Node &node, Type element, KnownBinary f) {
  const KnownTensor *a = node.getKnown(0), *b = node.getKnown(1);
  if (!a || !b)
    return false;
  std::optional<KnownTensor> result = mapKnown(*a, *b, element, f);
  if (!result)
    return false;
  (void)node.setKnown(0, std::move(*result), node.getOnnxType(0));
  return true;
}

template <typename OpTy, KnownBinary f>
static LogicalResult importBinary(Node &node) {
  node.ignore({"axis", "broadcast"});
  if (setKnown(node, node.getElement(0), f))
    return success();
  return node.set(0, node.ops.binary<OpTy>(node.get(0), node.get(1)),
                  node.getOnnxType(0));
}

template <ComparePredicate predicate, KnownBinary f>
static LogicalResult importCompare(Node &node) {
  if (setKnown(node, node.ops.i1(), f))
    return success();
  return node.set(node.ops.compare(predicate, node.get(0), node.get(1)));
}

/// Operators of any number of operands.
template <typename OpTy, KnownBinary f>
static LogicalResult importMany(Node &node) {
  if (node.getNumInputs() == 2)
    return importBinary<OpTy, f>(node);
  Value result = node.get(0);
  for (unsigned i = 1; i < node.getNumInputs(); ++i)
    result = node.ops.binary<OpTy>(result, node.get(i));
  return node.set(result);
}

static LogicalResult importMean(Node &node) {
  Value sum = node.get(0);
  for (unsigned i = 1; i < node.getNumInputs(); ++i)
    sum = node.ops.add(sum, node.get(i));
  return node.set(node.ops.div(sum, node.getNumInputs()));
}

static LogicalResult importMod(Node &node) {
  bool truncates = node.getInt("fmod", 0);
  if (!truncates &&
      setKnown(node, node.getElement(0), combine<remainder, modFloats>))
    return success();
  Value a = node.get(0), b = node.get(1);
  GraphWriter &ops = node.ops;
  if (!truncates)
    return node.set(ops.binary<graph::ModOp>(a, b));
  if (!a || !b)
    return node.set(Value());
  // With the sign of the dividend: |a| mod |b|, signed as a.
  Value rest = ops.binary<graph::ModOp>(ops.unary<graph::AbsOp>(a),
                                        ops.unary<graph::AbsOp>(b));
  Value isNegative = ops.compare(ComparePredicate::Lt, a, 0);
  return node.set(ops.select(isNegative, ops.unary<graph::NegOp>(rest), rest));
}

static LogicalResult importPow(Node &node) {
  if (setKnown(node, node.getElement(0), combine<power, powFloats>))
    return success();
  Value base = node.get(0), exponent = node.get(1);
  if (!base || !exponent)
    return node.set(Value());
  GraphWriter &ops = node.ops;
  Type type = getElement(base);
  if (isa<FloatType>(type))
    return node.set(ops.binary<graph::PowOp>(base, ops.cast(exponent, type)));
  // Integers in double precision: exact to 2^53.
  Type f64 = Float64Type::get(node.getContext());
  Value power =
      ops.binary<graph::PowOp>(ops.cast(base, f64), ops.cast(exponent, f64));
  if (power && isa<IntegerType>(getElement(exponent)))
    power = ops.unary<graph::RoundOp>(power);
  return node.set(ops.cast(power, type));
}

template <graph::BitKind kind>
static LogicalResult importBits(Node &node) {
  Value a = node.get(0), b = node.get(1);
  if (!node.ops.unify({a, b}))
    return node.set(Value());
  graph::BitwiseOp::Properties properties;
  properties.kind = graph::BitKindAttr::get(node.getContext(), kind);
  return node.set(node.ops.infer<graph::BitwiseOp>({a, b}, properties));
}

static LogicalResult importBitNot(Node &node) {
  Value a = node.get(0);
  graph::BitwiseOp::Properties properties;
  properties.kind =
      graph::BitKindAttr::get(node.getContext(), graph::BitKind::Xor);
  return node.set(
      node.ops.infer<graph::BitwiseOp>({a, node.ops.like(-1, a)}, properties));
}

static LogicalResult importBitShift(Node &node) {
  std::string direction = node.getString("direction", "");
  if (direction == "LEFT")
    return importBits<graph::BitKind::Shl>(node);
  if (direction == "RIGHT")
    return importBits<graph::BitKind::Shr>(node);
  return node.invalid("direction must be LEFT or RIGHT");
}

/// and, or, xor of booleans.
static std::optional<SymInt> andIntegers(const SymInt &a, const SymInt &b) {
  if (a == SymInt(0) || b == SymInt(0))
    return SymInt(0);
  return a.isConstant() && b.isConstant() ? std::optional(SymInt(1))
                                          : std::nullopt;
}
static std::optional<SymInt> orIntegers(const SymInt &a, const SymInt &b) {
  if (!a.isConstant() || !b.isConstant())
    return std::nullopt;
  return SymInt(*a.getConstant() || *b.getConstant());
}
static std::optional<SymInt> xorIntegers(const SymInt &a, const SymInt &b) {
  if (!a.isConstant() || !b.isConstant())
    return std::nullopt;
  return SymInt(bool(*a.getConstant()) != bool(*b.getConstant()));
}

static LogicalResult importXor(Node &node) {
  if (setKnown(node, node.ops.i1(), combine<xorIntegers, addFloats>))
    return success();
  return node.set(
      node.ops.compare(ComparePredicate::Ne, node.get(0), node.get(1)));
}

static LogicalResult importWhere(Node &node) {
  const KnownTensor *condition = node.getKnown(0), *a = node.getKnown(1),
                    *b = node.getKnown(2);
  std::optional<SmallVector<int64_t>> truth;
  if (condition)
    truth = condition->getIntegers();
  if (truth && a && b) {
    // With the condition, then choices broadcast to it.
    auto keep = [](const KnownNumber &x,
                   const KnownNumber &) -> std::optional<KnownNumber> {
      return x;
    };
    auto pickFirst = mapKnown(*a, *b, a->element, keep);
    auto second = mapKnown(*b, *a, a->element, keep);
    if (pickFirst && second) {
      auto chosen = mapKnown(*pickFirst, *condition, a->element, keep);
      auto other = mapKnown(*second, *condition, a->element, keep);
      auto truths = mapKnown(*condition, *pickFirst, condition->element, keep);
      if (chosen && other && truths) {
        for (auto [number, instead, isTrue] :
             llvm::zip(chosen->numbers, other->numbers, truths->numbers))
          if (isTrue.integer == SymInt(0))
            number = instead;
        return node.setKnown(0, std::move(*chosen), node.getOnnxType(1));
      }
    }
  }
  return node.set(0, node.ops.select(node.get(0), node.get(1), node.get(2)),
                  node.getOnnxType(1));
}

//===----------------------------------------------------------------------===//
// Unary operators
//===----------------------------------------------------------------------===//

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

template <typename OpTy>
static LogicalResult importUnary(Node &node) {
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

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

static LogicalResult importGelu(Node &node) {
  std::string kind = node.getString("approximate", "none");
  if (kind != "none" && kind != "tanh")
    return node.unsupported("Gelu with approximate = " + kind);
  Value x = node.get(0);
  if (!x)
    return node.set(Value());
  return node.set(node.ops.create<graph::GeluOp>(
      x.getType(), x,
      kind == "tanh" ? UnitAttr::get(node.getContext()) : UnitAttr()));
}

/// Of both of them: Gelu of x + bias.
static LogicalResult importBiasGelu(Node &node) {
  Value x = node.get(0);
  if (node.has(1))
    x = node.ops.add(x, node.get(1));
  if (!x)
    return node.set(Value());
  bool isTanh = node.getType() == "FastGelu";
  return node.set(node.ops.create<graph::GeluOp>(
      x.getType(), x, isTanh ? UnitAttr::get(node.getContext()) : UnitAttr()));
}

static LogicalResult importSwish(Node &node) {
  GraphWriter &ops = node.ops;
  double alpha =
      node.getFloat("alpha", node.getType() == "QuickGelu" ? 1.702 : 1.0);
  Value x = node.get(0);
  if (alpha == 1)
    return node.set(ops.unary<graph::SiluOp>(x));
  return node.set(ops.mul(x, ops.unary<graph::SigmoidOp>(ops.mul(x, alpha))));
}

static LogicalResult importSwiGlu(Node &node) {
  GraphWriter &ops = node.ops;
  double alpha = node.getFloat("alpha", 1.0);
  Value gate = node.get(0);
  Value y =
      alpha == 1
          ? ops.unary<graph::SiluOp>(gate)
          : ops.mul(gate, ops.unary<graph::SigmoidOp>(ops.mul(gate, alpha)));
  return node.set(ops.mul(y, node.get(1)));
}

static LogicalResult importHardSigmoid(Node &node) {
  GraphWriter &ops = node.ops;
  double alpha = node.getFloat("alpha", 0.2), beta = node.getFloat("beta", 0.5);
  Value y = ops.add(ops.mul(node.get(0), alpha), beta);
  return node.set(ops.minimum(ops.maximum(y, 0), 1));
}

static LogicalResult importHardSwish(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  Value y = ops.add(ops.mul(x, 1.0 / 6), 0.5);
  return node.set(ops.mul(x, ops.minimum(ops.maximum(y, 0), 1)));
}

/// x where x >= 0 (or > 0), else something of x.
static Value chooseBySign(GraphWriter &ops, Value x, Value negative) {
  return ops.select(ops.compare(ComparePredicate::Lt, x, 0), negative, x);
}

static LogicalResult importLeakyRelu(Node &node) {
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 0.01);
  return node.set(chooseBySign(node.ops, x, node.ops.mul(x, alpha)));
}

static LogicalResult importPRelu(Node &node) {
  Value x = node.get(0), slope = node.get(1);
  return node.set(chooseBySign(node.ops, x, node.ops.mul(x, slope)));
}

/// factor (e^min(x, 0) - 1).
static Value writeExpMinusOne(GraphWriter &ops, Value x, double factor) {
  Value e = ops.unary<graph::ExpOp>(ops.minimum(x, 0));
  return ops.mul(ops.sub(e, 1), factor);
}

static LogicalResult importElu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  return node.set(chooseBySign(ops, x, writeExpMinusOne(ops, x, alpha)));
}

static LogicalResult importCelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  Value e = writeExpMinusOne(ops, ops.div(x, alpha), alpha);
  return node.set(ops.add(ops.maximum(x, 0), ops.minimum(e, 0)));
}

static LogicalResult importSelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1.67326319217681884765625);
  double gamma = node.getFloat("gamma", 1.05070102214813232421875);
  Value y = chooseBySign(ops, x, writeExpMinusOne(ops, x, alpha));
  return node.set(ops.mul(y, gamma));
}

static LogicalResult importThresholdedRelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  return node.set(ops.select(ops.compare(ComparePredicate::Gt, x, alpha), x,
                             ops.like(0, x)));
}

/// ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|), which does not overflow.
static Value writeSoftplus(GraphWriter &ops, Value x) {
  Value e = ops.unary<graph::ExpOp>(
      ops.unary<graph::NegOp>(ops.unary<graph::AbsOp>(x)));
  return ops.add(ops.maximum(x, 0), ops.unary<graph::LogOp>(ops.add(e, 1)));
}
static LogicalResult importSoftplus(Node &node) {
  return node.set(writeSoftplus(node.ops, node.get(0)));
}
static LogicalResult importMish(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.mul(
      x, node.ops.unary<graph::TanhOp>(writeSoftplus(node.ops, x))));
}
static LogicalResult importSoftsign(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  return node.set(ops.div(x, ops.add(ops.unary<graph::AbsOp>(x), 1)));
}

static LogicalResult importShrink(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double bias = node.getFloat("bias", 0), lambd = node.getFloat("lambd", 0.5);
  Value zero = ops.like(0, x);
  Value high = ops.select(ops.compare(ComparePredicate::Gt, x, lambd),
                          ops.sub(x, bias), zero);
  return node.set(ops.select(ops.compare(ComparePredicate::Lt, x, -lambd),
                             ops.add(x, bias), high));
}

//===----------------------------------------------------------------------===//
// Cast
//===----------------------------------------------------------------------===//

/// How many bits of a byte a type has; 0 for those of whole bytes.
static unsigned getNarrowBits(int64_t onnxType) {
  switch (onnxType) {
  case onnx::TensorProto::INT4:
  case onnx::TensorProto::UINT4:
    return 4;
  case onnx::TensorProto::INT2:
  case onnx::TensorProto::UINT2:
    return 2;
  default:
    return 0;
  }
}

/// The low bits of a number as a number of a narrow type.
static Value wrapNarrow(GraphWriter &ops, Value x, unsigned bits,
                        bool isSigned) {
  if (!x)
    return {};
  x = ops.cast(x, IntegerType::get(ops.getContext(), 32));
  auto apply = [&](graph::BitKind kind, int64_t number) {
    graph::BitwiseOp::Properties properties;
    properties.kind = graph::BitKindAttr::get(ops.getContext(), kind);
    x = ops.infer<graph::BitwiseOp>({x, ops.like(number, x)}, properties);
  };
  apply(graph::BitKind::And, (1 << bits) - 1);
  if (!isSigned)
    return x;
  apply(graph::BitKind::Xor, 1 << (bits - 1));
  return ops.sub(x, 1 << (bits - 1));
}

static LogicalResult castTo(Node &node, int64_t onnxType) {
  Type element = node.getImporter().convertType(onnxType);
  if (!element)
    return node.unsupported(
        "a cast to an element type that is none here, " +
        onnx::TensorProto_DataType_Name(onnx::TensorProto_DataType(onnxType)));
  if (unsigned bits = getNarrowBits(onnxType)) {
    bool isSigned = onnxType == onnx::TensorProto::INT4 ||
                    onnxType == onnx::TensorProto::INT2;
    Value wrapped = wrapNarrow(node.ops, node.get(0), bits, isSigned);
    return node.set(0, node.ops.cast(wrapped, element), onnxType);
  }
  if (const KnownTensor *known = node.getKnown(0)) {
    KnownTensor result = *known;
    result.element = element;
    bool isKnown = true;
    for (KnownNumber &number : result.numbers) {
      std::optional<double> value = number.toDouble();
      if (isa<FloatType>(element)) {
        isKnown &= value.has_value();
        if (value)
          number = KnownNumber::ofFloat(*value);
      } else if (element.isInteger(1)) {
        std::optional<int> order;
        if (number.isFloat)
          order = number.number != 0;
        else
          order = SymInt::compare(number.integer, SymInt(0));
        isKnown &= order.has_value();
        number = SymInt(order.value_or(0) != 0);
      } else if (number.isFloat) {
        isKnown &= std::fabs(number.number) < 0x1p62;
        if (isKnown)
          number = SymInt(int64_t(std::trunc(number.number)));
      }
    }
    if (isKnown)
      return node.setKnown(0, std::move(result), onnxType);
  }
  return node.set(0, node.ops.cast(node.get(0), element), onnxType);
}

static LogicalResult importCast(Node &node) {
  node.ignore({"saturate", "round_mode"});
  return castTo(node, node.getInt("to", 0));
}

static LogicalResult importCastLike(Node &node) {
  node.ignore({"saturate", "round_mode"});
  int32_t type = node.getOnnxType(1);
  if (!type)
    return node.invalid("its second operand has no element type");
  return castTo(node, type);
}

static LogicalResult importIdentity(Node &node) {
  OnnxValue *value = node.getScope().lookup(node.getProto().input(0));
  (void)node.getDims(0);
  return node.setValue(0, *value);
}

void sylvite::addElementwise(Operators &operators) {
  operators.add("Add",
                importBinary<graph::AddOp, combine<SymInt::add, addFloats>>);
  operators.add("Sub",
                importBinary<graph::SubOp, combine<SymInt::sub, subFloats>>);
  operators.add("Mul",
                importBinary<graph::MulOp, combine<SymInt::mul, mulFloats>>);
  operators.add("Div",
                importBinary<graph::DivOp, combine<SymInt::div, divFloats>>);
  operators.add("Mod", importMod);
  operators.add("Pow", importPow);
  operators.add("Max",
                importMany<graph::MaximumOp, combine<maximum, maxFloats>>);
  operators.add("Min",
                importMany<graph::MinimumOp, combine<minimum, minFloats>>);
  operators.add("Sum",
                importMany<graph::AddOp, combine<SymInt::add, addFloats>>);
  operators.add("Mean", importMean);
  operators.add("And",
                importBinary<graph::AndOp, combine<andIntegers, addFloats>>);
  operators.add("Or",
                importBinary<graph::OrOp, combine<orIntegers, addFloats>>);
  operators.add("Xor", importXor);
  operators.add(
      "Equal",
      importCompare<ComparePredicate::Eq, compareKnown<false, true, false>>);
  operators.add(
      "Less",
      importCompare<ComparePredicate::Lt, compareKnown<true, false, false>>);
  operators.add(
      "LessOrEqual",
      importCompare<ComparePredicate::Le, compareKnown<true, true, false>>);
  operators.add(
      "Greater",
      importCompare<ComparePredicate::Gt, compareKnown<false, false, true>>);
  operators.add(
      "GreaterOrEqual",
      importCompare<ComparePredicate::Ge, compareKnown<false, true, true>>);
  operators.add("BitwiseAnd", importBits<graph::BitKind::And>);
  operators.add("BitwiseOr", importBits<graph::BitKind::Or>);
  operators.add("BitwiseXor", importBits<graph::BitKind::Xor>);
  operators.add("BitwiseNot", importBitNot);
  operators.add("BitShift", importBitShift);
  operators.add("Where", importWhere);

  operators.add("Neg", importNeg);
  operators.add("Not", importNot);
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

  operators.add("Sigmoid", importUnary<graph::SigmoidOp>);
  operators.add("Relu", importUnary<graph::ReluOp>);
  operators.add("Gelu", importGelu);
  operators.add("Gelu", importBiasGelu, "com.microsoft");
  operators.add("BiasGelu", importBiasGelu, "com.microsoft");
  operators.add("FastGelu", importBiasGelu, "com.microsoft");
  operators.add("QuickGelu", importSwish, "com.microsoft");
  operators.add("Swish", importSwish);
  operators.add("SwiGLU", importSwiGlu);
  operators.add("HardSigmoid", importHardSigmoid);
  operators.add("HardSwish", importHardSwish);
  operators.add("LeakyRelu", importLeakyRelu);
  operators.add("PRelu", importPRelu);
  operators.add("Elu", importElu);
  operators.add("Celu", importCelu);
  operators.add("Selu", importSelu);
  operators.add("ThresholdedRelu", importThresholdedRelu);
  operators.add("Softplus", importSoftplus);
  operators.add("Softsign", importSoftsign);
  operators.add("Mish", importMish);
  operators.add("Shrink", importShrink);

  operators.add("Cast", importCast);
  operators.add("CastLike", importCastLike);
  operators.add("Identity", importIdentity);
}
