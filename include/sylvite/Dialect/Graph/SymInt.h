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
/// exporters comes down to these, and so do the names of dimensions that were
/// merged or put one after the other.
///
/// Such a name is a product of numbers, names and sums in parentheses:
/// `2*batch*(past+seq)`. See `#graph.dims`.
///
/// Every dimension is at least 1, so that many comparisons have an answer
/// whatever the dimensions are.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_SYMINT_H
#define SYLVITE_DIALECT_GRAPH_SYMINT_H

#include "sylvite/Dialect/Graph/Dim.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
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
  /// The extent of a dimension, whose name may be a product or a sum. It has
  /// to have one.
  explicit SymInt(const graph::Dim &dim);
  /// The extent of a dimension's name; none where it is too large.
  static std::optional<SymInt> parse(llvm::StringRef name);
  /// The extent of a name that is neither a product nor a sum.
  static SymInt ofName(llvm::StringRef name);

  std::optional<int64_t> getConstant() const;
  bool isConstant() const { return getConstant().has_value(); }
  /// The terms, without those of 0.
  const std::map<Monomial, int64_t> &getTerms() const { return terms; }

  /// Bounds over all dimensions of 1 or more, where there are any.
  std::optional<int64_t> getLowerBound() const;
  std::optional<int64_t> getUpperBound() const;

  /// The dimension of this extent, where one can have it: a number that is not
  /// negative, or terms with positive factors. Equal integers give equal names.
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

  /// The value where names have these; none where one has none, and on
  /// overflow.
  std::optional<int64_t>
  evaluate(llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> extents)
      const;
  /// The same with each name replaced by what it stands for.
  std::optional<SymInt>
  substitute(llvm::function_ref<SymInt(llvm::StringRef)> meaning) const;
  /// All names, once each.
  std::vector<std::string> getNames() const;

private:
  std::map<Monomial, int64_t> terms;
};

/// The factors of a dimension's name: numbers, names, and sums in parentheses.
llvm::SmallVector<llvm::StringRef> splitFactors(llvm::StringRef name);
/// The terms of such a sum; nothing of any other factor.
llvm::SmallVector<llvm::StringRef> splitSum(llvm::StringRef factor);
/// The names that a dimension's name is made of, once each.
llvm::SmallVector<llvm::StringRef> getLeafNames(llvm::StringRef name);
/// Is the extent one that other dimensions decide: a product or a sum?
inline bool isComposed(llvm::StringRef name) {
  return name.find_first_of("*(") != llvm::StringRef::npos;
}

} // namespace sylvite

#endif // SYLVITE_DIALECT_GRAPH_SYMINT_H
