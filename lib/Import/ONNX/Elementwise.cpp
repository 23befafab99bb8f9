//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pointwise operators of several operands. Of small tensors that are known
/// when compiled, they are calculated here: that is what shape arithmetic
/// consists of.
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

/// An op on bits, of tensors that broadcast.
static Value writeBits(GraphWriter &ops, graph::BitKind kind, Value a,
                       Value b) {
  if (!ops.unify({a, b}))
    return {};
  graph::BitwiseOp::Properties properties;
  properties.kind = graph::BitKindAttr::get(ops.getContext(), kind);
  return ops.infer<graph::BitwiseOp>({a, b}, properties);
}

template <graph::BitKind kind>
static LogicalResult importBits(Node &node) {
  return node.set(writeBits(node.ops, kind, node.get(0), node.get(1)));
}

static LogicalResult importBitNot(Node &node) {
  Value a = node.get(0);
  return node.set(
      writeBits(node.ops, graph::BitKind::Xor, a, node.ops.like(-1, a)));
}

/// To the right with copies of the sign; beyond all bits, nothing but the sign
/// is left.
static LogicalResult importBitShift(Node &node) {
  using graph::BitKind;
  std::string direction = node.getString("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    return node.invalid("direction must be LEFT or RIGHT");
  bool isLeft = direction == "LEFT";
  GraphWriter &ops = node.ops;
  Value x = node.get(0), places = node.get(1);
  if (!x || !places)
    return node.set(Value());
  Type element = getElement(x);
  bool isSigned = !element.isUnsignedInteger();
  // A negative number is shifted as the one whose bits are the other way.
  Value sign;
  if (!isLeft && isSigned) {
    Value isNegative = ops.compare(ComparePredicate::Lt, x, 0);
    sign = ops.select(isNegative, ops.like(-1, x), ops.like(0, x));
    x = writeBits(ops, BitKind::Xor, x, sign);
  }
  Value isBeyond = ops.compare(ComparePredicate::Ge, places,
                               element.getIntOrFloatBitWidth());
  if (isSigned)
    isBeyond = ops.binary<graph::OrOp>(
        isBeyond, ops.compare(ComparePredicate::Lt, places, 0));
  Value inside = ops.select(isBeyond, ops.like(0, places), places);
  Value shifted =
      writeBits(ops, isLeft ? BitKind::Shl : BitKind::Shr, x, inside);
  shifted = ops.select(isBeyond, ops.like(0, x), shifted);
  if (sign)
    shifted = writeBits(ops, BitKind::Xor, shifted, sign);
  return node.set(0, shifted, node.getOnnxType(0));
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
  // A condition that is the same everywhere.
  if (truth && !truth->empty() && llvm::all_equal(*truth)) {
    Value choice = node.get(truth->front() ? 1 : 2),
          other = node.get(truth->front() ? 2 : 1);
    if (!node.ops.unify({choice, other}))
      return node.set(Value());
    Dims dims =
        *graph::broadcastDims(graph::getDims(choice), graph::getDims(other));
    std::optional<Dims> all = graph::broadcastDims(dims, node.getDims(0));
    if (all)
      return node.set(0, node.ops.broadcast(choice, *all), node.getOnnxType(1));
  }
  return node.set(0, node.ops.select(node.get(0), node.get(1), node.get(2)),
                  node.getOnnxType(1));
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
}
