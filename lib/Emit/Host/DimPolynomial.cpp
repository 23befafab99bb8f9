//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Sizes as formulas in the dimensions.
///
//===----------------------------------------------------------------------===//

#include "DimPolynomial.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace sylvite;
using namespace llvm;

DimPolynomial::DimPolynomial(uint64_t constant) {
  if (constant)
    terms[{}] = constant;
}

DimPolynomial DimPolynomial::getDim(unsigned dim) {
  DimPolynomial result;
  result.terms[{dim}] = 1;
  return result;
}

std::optional<DimPolynomial>
DimPolynomial::add(const DimPolynomial &other) const {
  DimPolynomial sum = *this;
  for (const auto &[dims, coefficient] : other.terms) {
    uint64_t &total = sum.terms[dims];
    if (__builtin_add_overflow(total, coefficient, &total))
      return std::nullopt;
  }
  return sum;
}

std::optional<DimPolynomial>
DimPolynomial::multiply(const DimPolynomial &other) const {
  DimPolynomial product;
  for (const auto &[leftDims, left] : terms)
    for (const auto &[rightDims, right] : other.terms) {
      std::vector<unsigned> dims = leftDims;
      append_range(dims, rightDims);
      sort(dims);
      uint64_t coefficient;
      uint64_t &total = product.terms[dims];
      if (__builtin_mul_overflow(left, right, &coefficient) ||
          __builtin_add_overflow(total, coefficient, &total))
        return std::nullopt;
    }
  return product;
}

bool DimPolynomial::covers(const DimPolynomial &other) const {
  return all_of(other.terms, [&](const auto &term) {
    auto mine = terms.find(term.first);
    return mine != terms.end() && mine->second >= term.second;
  });
}

bool DimPolynomial::isMultipleOf(uint64_t factor) const {
  return all_of(terms,
                [&](const auto &term) { return term.second % factor == 0; });
}

double DimPolynomial::evaluate(ArrayRef<int64_t> dims) const {
  double sum = 0;
  for (const auto &[factors, coefficient] : terms) {
    double product = double(coefficient);
    for (unsigned dim : factors)
      product *= double(dims[dim]);
    sum += product;
  }
  return sum;
}

std::string DimPolynomial::print(ArrayRef<StringRef> names) const {
  std::string text;
  // Products of many dimensions weigh most and stand first.
  for (const auto &[factors, coefficient] : reverse(terms)) {
    if (!text.empty())
      text += " + ";
    bool one = coefficient == 1 && !factors.empty();
    if (!one)
      text += std::to_string(coefficient);
    for (auto [index, dim] : enumerate(factors))
      text += (index || !one ? " * " : "") + names[dim].str();
  }
  return text.empty() ? "0" : text;
}

mlir::Value DimPolynomial::emit(mlir::ValueRange dims,
                                const Emitter &emitter) const {
  mlir::Value sum;
  for (const auto &[factors, coefficient] : terms) {
    mlir::Value product;
    for (unsigned dim : factors)
      product = product ? emitter.multiply(product, dims[dim]) : dims[dim];
    if (!product)
      product = emitter.constant(coefficient);
    else if (coefficient != 1)
      product = emitter.multiply(product, emitter.constant(coefficient));
    sum = sum ? emitter.add(sum, product) : product;
  }
  return sum ? sum : emitter.constant(0);
}
