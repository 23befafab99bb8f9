//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arithmetic of polynomials in dimensions.
///
//===----------------------------------------------------------------------===//

#include "SymInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace sylvite;

SymInt::SymInt(int64_t constant) {
  if (constant)
    terms[{}] = constant;
}

SymInt::SymInt(const graph::Dim &dim) {
  if (dim.isStatic()) {
    if (dim.size)
      terms[{}] = dim.size;
    return;
  }
  int64_t number = 1;
  Monomial names;
  SmallVector<StringRef> factors;
  dim.name.getValue().split(factors, '*');
  for (StringRef factor : factors) {
    int64_t parsed;
    if (!factor.getAsInteger(10, parsed))
      number *= parsed;
    else
      names.push_back(factor.str());
  }
  llvm::sort(names);
  terms[names] = number;
}

std::optional<int64_t> SymInt::getConstant() const {
  if (terms.empty())
    return 0;
  if (terms.size() == 1 && terms.begin()->first.empty())
    return terms.begin()->second;
  return std::nullopt;
}

std::optional<int64_t> SymInt::getLowerBound() const {
  int64_t sum = 0;
  for (const auto &[names, factor] : terms)
    if ((!names.empty() && factor < 0) || llvm::AddOverflow(sum, factor, sum))
      return std::nullopt;
  return sum;
}

std::optional<int64_t> SymInt::getUpperBound() const {
  int64_t sum = 0;
  for (const auto &[names, factor] : terms)
    if ((!names.empty() && factor > 0) || llvm::AddOverflow(sum, factor, sum))
      return std::nullopt;
  return sum;
}

std::optional<graph::Dim> SymInt::toDim(MLIRContext *context) const {
  if (std::optional<int64_t> constant = getConstant()) {
    if (*constant < 0)
      return std::nullopt;
    return graph::Dim(*constant);
  }
  if (terms.size() != 1 || terms.begin()->second < 1)
    return std::nullopt;
  return graph::Dim(StringAttr::get(context, str()));
}

std::string SymInt::str() const {
  if (terms.empty())
    return "0";
  std::string text;
  for (const auto &[names, factor] : terms) {
    text += text.empty() ? "" : " + ";
    if (names.empty() || factor != 1)
      text += llvm::itostr(factor) + (names.empty() ? "" : "*");
    text += llvm::join(names, "*");
  }
  return text;
}

std::optional<SymInt> SymInt::add(const SymInt &a, const SymInt &b) {
  SymInt sum = a;
  for (const auto &[names, factor] : b.terms) {
    int64_t &term = sum.terms[names];
    if (llvm::AddOverflow(term, factor, term))
      return std::nullopt;
    if (!term)
      sum.terms.erase(names);
  }
  return sum;
}

std::optional<SymInt> SymInt::sub(const SymInt &a, const SymInt &b) {
  std::optional<SymInt> negated = mul(b, SymInt(-1));
  return negated ? add(a, *negated) : std::nullopt;
}

std::optional<SymInt> SymInt::mul(const SymInt &a, const SymInt &b) {
  // Products of long sums are nothing that shapes are made of.
  if (a.terms.size() * b.terms.size() > 64)
    return std::nullopt;
  SymInt product;
  for (const auto &[left, x] : a.terms)
    for (const auto &[right, y] : b.terms) {
      Monomial names = left;
      names.insert(names.end(), right.begin(), right.end());
      llvm::sort(names);
      int64_t factor;
      if (names.size() > 16 || llvm::MulOverflow(x, y, factor))
        return std::nullopt;
      int64_t &term = product.terms[names];
      if (llvm::AddOverflow(term, factor, term))
        return std::nullopt;
      if (!term)
        product.terms.erase(names);
    }
  return product;
}

std::optional<SymInt> SymInt::div(const SymInt &a, const SymInt &b) {
  std::optional<int64_t> x = a.getConstant(), y = b.getConstant();
  if (y && *y == 0)
    return std::nullopt;
  if (x && y) {
    if (*y == -1)
      return mul(a, SymInt(-1));
    return SymInt(*x / *y);
  }
  if (a == b)
    return SymInt(1);
  if (b.terms.size() != 1)
    return std::nullopt;
  const auto &[divisor, number] = *b.terms.begin();
  SymInt quotient;
  for (const auto &[names, factor] : a.terms) {
    if (factor % number || !std::includes(names.begin(), names.end(),
                                          divisor.begin(), divisor.end()))
      return std::nullopt;
    Monomial rest;
    std::set_difference(names.begin(), names.end(), divisor.begin(),
                        divisor.end(), std::back_inserter(rest));
    quotient.terms[rest] = factor / number;
  }
  return quotient;
}

std::optional<int> SymInt::compare(const SymInt &a, const SymInt &b) {
  std::optional<SymInt> difference = sub(a, b);
  if (!difference)
    return std::nullopt;
  if (difference->terms.empty())
    return 0;
  if (std::optional<int64_t> low = difference->getLowerBound(); low && *low > 0)
    return 1;
  if (std::optional<int64_t> high = difference->getUpperBound();
      high && *high < 0)
    return -1;
  return std::nullopt;
}
