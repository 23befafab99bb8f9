//===- DimPolynomial.h - Sizes as formulas in the dimensions ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The size of a buffer as a polynomial in the named dimensions of its
/// function, for example 1536 * batch * seq: something one can compare,
/// evaluate, print and compute at run time.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_DIMPOLYNOMIAL_H
#define SYLVITE_LIB_EMIT_HOST_DIMPOLYNOMIAL_H

#include "mlir/IR/Builders.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sylvite {

/// A sum of products of dimensions with coefficients that are not negative.
/// Dimensions are numbers, 0 for the function's first.
class DimPolynomial {
public:
  DimPolynomial() = default;
  explicit DimPolynomial(uint64_t constant);
  static DimPolynomial getDim(unsigned dim);

  /// None where a coefficient would overflow.
  std::optional<DimPolynomial> add(const DimPolynomial &other) const;
  std::optional<DimPolynomial> multiply(const DimPolynomial &other) const;

  bool operator==(const DimPolynomial &other) const {
    return terms == other.terms;
  }
  bool isZero() const { return terms.empty(); }

  /// Whether this is at least `other` for all dimensions, by a comparison of
  /// the coefficients.
  bool covers(const DimPolynomial &other) const;

  /// Whether the value is a multiple of `factor` for all dimensions.
  bool isMultipleOf(uint64_t factor) const;

  /// The value for these dimensions, as an approximation that cannot overflow.
  double evaluate(llvm::ArrayRef<int64_t> dims) const;

  /// As a C expression in these names, for example "64 * batch * seq + 8".
  std::string print(llvm::ArrayRef<llvm::StringRef> names) const;

  /// Emits a computation of the value. `constant`, `add` and `multiply` make
  /// the single steps.
  struct Emitter {
    llvm::function_ref<mlir::Value(uint64_t)> constant;
    llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> add, multiply;
  };
  mlir::Value emit(mlir::ValueRange dims, const Emitter &emitter) const;

private:
  /// The sorted dimensions of a product, to its coefficient.
  std::map<std::vector<unsigned>, uint64_t> terms;
};

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_DIMPOLYNOMIAL_H
