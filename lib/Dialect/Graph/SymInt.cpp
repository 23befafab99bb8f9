//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arithmetic of polynomials in dimensions, and how they are spelled as names.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>
#include <set>

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Names of dimensions
//===----------------------------------------------------------------------===//

/// Cuts text at a character that stands outside of parentheses.
static SmallVector<StringRef> splitOutside(StringRef text, char separator) {
  SmallVector<StringRef> parts;
  size_t begin = 0;
  int depth = 0;
  for (auto [i, c] : llvm::enumerate(text)) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != separator || depth)
      continue;
    parts.push_back(text.slice(begin, i));
    begin = i + 1;
  }
  parts.push_back(text.drop_front(begin));
  return parts;
}

SmallVector<StringRef> sylvite::splitFactors(StringRef name) {
  return splitOutside(name, '*');
}

SmallVector<StringRef> sylvite::splitSum(StringRef factor) {
  if (!factor.consume_front("(") || !factor.consume_back(")"))
    return {};
  return splitOutside(factor, '+');
}

SmallVector<StringRef> sylvite::getLeafNames(StringRef name) {
  SmallVector<StringRef> names;
  for (StringRef part : llvm::split(name, '*'))
    for (StringRef leaf : llvm::split(part, '+')) {
      leaf = leaf.trim("()");
      if (int64_t number;
          leaf.getAsInteger(10, number) && !llvm::is_contained(names, leaf))
        names.push_back(leaf);
    }
  return names;
}

std::optional<SymInt> SymInt::parse(StringRef name) {
  std::optional<SymInt> product = SymInt(1);
  for (StringRef factor : splitFactors(name)) {
    std::optional<SymInt> next;
    int64_t number;
    if (SmallVector<StringRef> sum = splitSum(factor); !sum.empty()) {
      next = SymInt(0);
      for (StringRef term : sum)
        if (std::optional<SymInt> value = parse(term); value && next)
          next = SymInt::add(*next, *value);
        else
          return std::nullopt;
    } else if (!factor.getAsInteger(10, number)) {
      next = SymInt(number);
    } else {
      next = SymInt::ofName(factor);
    }
    product = next ? SymInt::mul(*product, *next) : std::nullopt;
    if (!product)
      return std::nullopt;
  }
  return product;
}

SymInt SymInt::ofName(StringRef name) {
  SymInt result;
  result.terms[{name.str()}] = 1;
  return result;
}

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

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
  // Names come from the importer and the parser, which refuse what overflows.
  std::optional<SymInt> parsed = parse(dim.name.getValue());
  if (parsed)
    terms = std::move(parsed->terms);
  else
    terms[{dim.name.str()}] = 1;
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

/// `2*batch*seq`.
static std::string printTerm(const SymInt::Monomial &names, int64_t factor) {
  if (names.empty())
    return llvm::itostr(factor);
  return (factor == 1 ? "" : llvm::itostr(factor) + "*") +
         llvm::join(names, "*");
}

std::optional<graph::Dim> SymInt::toDim(MLIRContext *context) const {
  if (std::optional<int64_t> constant = getConstant()) {
    if (*constant < 0)
      return std::nullopt;
    return graph::Dim(*constant);
  }
  // What all terms have in common stands in front of the parentheses.
  Monomial common = terms.begin()->first;
  int64_t number = 0;
  for (const auto &[names, factor] : terms) {
    if (factor < 1)
      return std::nullopt;
    number = std::gcd(number, factor);
    Monomial both;
    std::set_intersection(common.begin(), common.end(), names.begin(),
                          names.end(), std::back_inserter(both));
    common = std::move(both);
  }
  if (terms.size() == 1)
    return graph::Dim(StringAttr::get(context, printTerm(common, number)));
  std::map<Monomial, int64_t> rests;
  for (const auto &[names, factor] : terms) {
    Monomial rest;
    std::set_difference(names.begin(), names.end(), common.begin(),
                        common.end(), std::back_inserter(rest));
    rests[rest] = factor / number;
  }
  std::vector<std::string> sum;
  for (const auto &[names, factor] : rests)
    sum.push_back(printTerm(names, factor));
  // A number comes first in the order of terms, and last in writing.
  if (rests.begin()->first.empty())
    std::rotate(sum.begin(), sum.begin() + 1, sum.end());
  std::string text = printTerm(common, number);
  text = text == "1" ? "" : text + "*";
  return graph::Dim(
      StringAttr::get(context, text + "(" + llvm::join(sum, "+") + ")"));
}

std::string SymInt::str() const {
  if (terms.empty())
    return "0";
  std::string text;
  for (const auto &[names, factor] : terms) {
    text += text.empty() ? "" : " + ";
    text += printTerm(names, factor);
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

std::optional<int64_t> SymInt::evaluate(
    function_ref<std::optional<int64_t>(StringRef)> extents) const {
  int64_t sum = 0;
  for (const auto &[names, factor] : terms) {
    int64_t term = factor;
    for (const std::string &name : names) {
      std::optional<int64_t> extent = extents(name);
      if (!extent || llvm::MulOverflow(term, *extent, term))
        return std::nullopt;
    }
    if (llvm::AddOverflow(sum, term, sum))
      return std::nullopt;
  }
  return sum;
}

std::optional<SymInt>
SymInt::substitute(function_ref<SymInt(StringRef)> meaning) const {
  std::optional<SymInt> sum = SymInt(0);
  for (const auto &[names, factor] : terms) {
    std::optional<SymInt> term = SymInt(factor);
    for (const std::string &name : names)
      if (term)
        term = mul(*term, meaning(name));
    sum = term && sum ? add(*sum, *term) : std::nullopt;
  }
  return sum;
}

std::vector<std::string> SymInt::getNames() const {
  std::set<std::string> names;
  for (const auto &[monomial, factor] : terms)
    names.insert(monomial.begin(), monomial.end());
  return {names.begin(), names.end()};
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
