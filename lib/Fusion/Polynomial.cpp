//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elementwise trees as polynomials.
///
//===----------------------------------------------------------------------===//

#include "Polynomial.h"
#include "Matchers.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// Powers and depths beyond these are no formula that a pass looks for.
static constexpr unsigned kMaxPower = 4;
static constexpr unsigned kMaxDepth = 12;
static constexpr unsigned kMaxIndeterminates = 32;

static Polynomial add(Polynomial sum, const Polynomial &other, double factor) {
  for (auto [powers, coefficient] : other)
    if ((sum[powers] += factor * coefficient) == 0)
      sum.erase(powers);
  return sum;
}

static std::optional<Polynomial> multiply(const Polynomial &lhs,
                                          const Polynomial &rhs) {
  Polynomial product;
  for (auto [a, first] : lhs)
    for (auto [b, second] : rhs) {
      std::pair powers(a.first + b.first, a.second + b.second);
      if (powers.first > kMaxPower || powers.second > kMaxPower)
        return std::nullopt;
      if ((product[powers] += first * second) == 0)
        product.erase(powers);
    }
  return product;
}

/// The number that a polynomial of degree 0 is.
static std::optional<double> getConstant(const Polynomial &polynomial) {
  if (polynomial.empty())
    return 0.0;
  if (polynomial.size() == 1 && polynomial.begin()->first == std::pair(0u, 0u))
    return polynomial.begin()->second;
  return std::nullopt;
}

namespace {
struct Reader {
  Value x, t;

  std::optional<Polynomial> read(Value value, unsigned depth) {
    if (value == x)
      return Polynomial{{{1, 0}, 1.0}};
    if (t && value == t)
      return Polynomial{{{0, 1}, 1.0}};
    if (std::optional<double> number = getNumber(value))
      return *number == 0 ? Polynomial() : Polynomial{{{0, 0}, *number}};
    Operation *op = value.getDefiningOp();
    if (!op || depth == 0)
      return std::nullopt;
    auto operand = [&](unsigned i) {
      return read(op->getOperand(i), depth - 1);
    };
    return llvm::TypeSwitch<Operation *, std::optional<Polynomial>>(op)
        .Case<graph::AddOp, graph::SubOp>([&](auto) {
          return combine(operand(0), operand(1),
                         isa<graph::SubOp>(op) ? -1.0 : 1.0);
        })
        .Case([&](graph::NegOp) {
          return combine(Polynomial(), operand(0), -1.0);
        })
        .Case([&](graph::MulOp) -> std::optional<Polynomial> {
          auto lhs = operand(0), rhs = operand(1);
          return lhs && rhs ? multiply(*lhs, *rhs) : std::nullopt;
        })
        .Case([&](graph::DivOp) { return divide(operand(0), operand(1)); })
        .Case([&](graph::ReciprocalOp) {
          return divide(Polynomial{{{0, 0}, 1.0}}, operand(0));
        })
        .Case([&](graph::PowOp) { return power(operand(0), operand(1)); })
        .Default([](Operation *) { return std::nullopt; });
  }

  static std::optional<Polynomial> combine(std::optional<Polynomial> lhs,
                                           std::optional<Polynomial> rhs,
                                           double factor) {
    if (!lhs || !rhs)
      return std::nullopt;
    return add(std::move(*lhs), *rhs, factor);
  }

  static std::optional<Polynomial> divide(std::optional<Polynomial> lhs,
                                          std::optional<Polynomial> rhs) {
    std::optional<double> divisor = rhs ? getConstant(*rhs) : std::nullopt;
    if (!lhs || !divisor || *divisor == 0)
      return std::nullopt;
    return multiply(*lhs, {{{0, 0}, 1 / *divisor}});
  }

  static std::optional<Polynomial> power(std::optional<Polynomial> base,
                                         std::optional<Polynomial> exponent) {
    std::optional<double> n = exponent ? getConstant(*exponent) : std::nullopt;
    if (!base || !n || *n < 0 || *n > kMaxPower || *n != std::floor(*n))
      return std::nullopt;
    std::optional<Polynomial> product = Polynomial{{{0, 0}, 1.0}};
    for (unsigned i = 0; i < *n && product; ++i)
      product = multiply(*product, *base);
    return product;
  }
};
} // namespace

std::optional<Polynomial> sylvite::getPolynomial(Value value, Value x,
                                                 Value t) {
  // Everything broadcasts to x's type; a result of another type was made by a
  // larger constant.
  if (value.getType() != x.getType() || (t && t.getType() != x.getType()))
    return std::nullopt;
  return Reader{x, t}.read(value, kMaxDepth);
}

bool sylvite::isClose(const Polynomial &polynomial, const Polynomial &expected,
                      Type element) {
  if (polynomial.size() != expected.size())
    return false;
  for (auto [powers, coefficient] : expected) {
    auto found = polynomial.find(powers);
    if (found == polynomial.end() ||
        !isClose(found->second, coefficient, element))
      return false;
  }
  return true;
}

SmallVector<Value> sylvite::getIndeterminates(Value value) {
  llvm::SetVector<Value> found;
  found.insert(value);
  for (size_t i = 0; i < found.size() && found.size() < kMaxIndeterminates; ++i)
    if (auto *op = found[i].getDefiningOp();
        isa_and_present<graph::AddOp, graph::SubOp, graph::NegOp, graph::MulOp,
                        graph::DivOp, graph::PowOp>(op))
      for (Value operand : op->getOperands())
        if (!getNumber(operand))
          found.insert(operand);
  return found.takeVector();
}
