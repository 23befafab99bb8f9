//===- Polynomial.h - Elementwise trees as polynomials ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A tree of sums, products and whole powers as a polynomial in one or two of
/// its values. Models spell one formula in many orders: x/2 (1 + t), (x t +
/// x)/2, 0.5 x t + x / 2. As polynomials in x and t they are all the same.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_POLYNOMIAL_H
#define SYLVITE_LIB_FUSION_POLYNOMIAL_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include <map>
#include <optional>
#include <utility>

namespace sylvite {

/// Coefficients by the powers of x and t, none of them 0.
using Polynomial = std::map<std::pair<unsigned, unsigned>, double>;

/// `value` as a polynomial in `x` and, where it is not null, `t`, which stand
/// for themselves whatever they are made of. Everything else must be constants
/// of one number, and the ops add, sub, neg, mul, div by a number, pow with a
/// whole exponent, and reciprocal of a number, of x's type. Powers go to 4.
std::optional<Polynomial> getPolynomial(mlir::Value value, mlir::Value x,
                                        mlir::Value t = {});

/// Are the polynomials equal, up to rounding of coefficients in the precision
/// of the element type?
bool isClose(const Polynomial &polynomial, const Polynomial &expected,
             mlir::Type element);

/// The values inside the tree of `value`, itself first, at most 32, that could
/// be the x of getPolynomial: no constants.
llvm::SmallVector<mlir::Value> getIndeterminates(mlir::Value value);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_POLYNOMIAL_H
