//===- SymInt.h - Integers in terms of named dimensions ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An integer that is known when a model is compiled, but for its dimensions: a
/// polynomial in their names, such as `2*batch*seq + 1`. Shape arithmetic of
/// exporters comes down to these.
///
/// Every dimension is at least 1, so that many comparisons have an answer
/// whatever the dimensions are.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_SYMINT_H
#define SYLVITE_LIB_IMPORT_ONNX_SYMINT_H

#include "sylvite/Dialect/Graph/Dim.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sylvite {

class SymInt {
public:
  /// Names, sorted, each as often as it is a factor; none of a constant.
  using Monomial = std::vector<std::string>;

  SymInt(int64_t constant = 0);
  /// The extent of a dimension, whose name may be a product.
  explicit SymInt(const graph::Dim &dim);

  std::optional<int64_t> getConstant() const;
  bool isConstant() const { return getConstant().has_value(); }
  /// The terms, without those of 0.
  const std::map<Monomial, int64_t> &getTerms() const { return terms; }

  /// Bounds over all dimensions of 1 or more, where there are any.
  std::optional<int64_t> getLowerBound() const;
  std::optional<int64_t> getUpperBound() const;

  /// The dimension of this extent, where one can have it: a number, or a number
  /// times names.
  std::optional<graph::Dim> toDim(mlir::MLIRContext *context) const;

  bool operator==(const SymInt &other) const { return terms == other.terms; }
  bool operator!=(const SymInt &other) const { return terms != other.terms; }

  /// `2*batch*seq + 1`.
  std::string str() const;

  // None on overflow.
  static std::optional<SymInt> add(const SymInt &a, const SymInt &b);
  static std::optional<SymInt> sub(const SymInt &a, const SymInt &b);
  static std::optional<SymInt> mul(const SymInt &a, const SymInt &b);
  /// Only where it comes out even, or both are constants (rounded to zero).
  static std::optional<SymInt> div(const SymInt &a, const SymInt &b);

  /// -1, 0 or 1 where a is less than, equal to or greater than b whatever the
  /// dimensions are.
  static std::optional<int> compare(const SymInt &a, const SymInt &b);

private:
  std::map<Monomial, int64_t> terms;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_SYMINT_H
