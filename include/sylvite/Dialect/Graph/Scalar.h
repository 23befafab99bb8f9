//===- Scalar.h - Formulas of regions in C++ --------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A number inside a region of scalars (the score of graph.attention), with C++
/// operators, so that a formula of one's own reads like one:
///
///     [&](const ScoreArguments &a) {
///       Scalar distance = a.query - a.key;
///       return a.score - read(slopes, {a.head}) * toFloat(distance, f32);
///     }
///
/// Each operator writes one op of `arith` or `math`. Operands have one type; a
/// C++ number takes the type of the other side.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_SCALAR_H
#define SYLVITE_DIALECT_GRAPH_SCALAR_H

#include "mlir/IR/Builders.h"

namespace sylvite::graph {

class Scalar {
public:
  Scalar(mlir::OpBuilder &builder, mlir::Value value)
      : builder(&builder), value(value) {}

  mlir::Value getValue() const { return value; }
  mlir::Type getType() const { return value.getType(); }
  mlir::OpBuilder &getBuilder() const { return *builder; }
  bool isFloat() const;
  /// A constant of this number's type.
  Scalar like(double number) const;

private:
  mlir::OpBuilder *builder;
  mlir::Value value;
};

// Arithmetic of floats or of integers.
Scalar operator+(Scalar lhs, Scalar rhs);
Scalar operator-(Scalar lhs, Scalar rhs);
Scalar operator*(Scalar lhs, Scalar rhs);
/// Of integers rounds toward minus infinity.
Scalar operator/(Scalar lhs, Scalar rhs);
Scalar operator-(Scalar operand);
/// The remainder of integers that are not negative.
Scalar operator%(Scalar lhs, Scalar rhs);
Scalar min(Scalar lhs, Scalar rhs);
Scalar max(Scalar lhs, Scalar rhs);
Scalar abs(Scalar operand);

// Comparisons give an i1.
Scalar operator==(Scalar lhs, Scalar rhs);
Scalar operator!=(Scalar lhs, Scalar rhs);
Scalar operator<(Scalar lhs, Scalar rhs);
Scalar operator<=(Scalar lhs, Scalar rhs);
Scalar operator>(Scalar lhs, Scalar rhs);
Scalar operator>=(Scalar lhs, Scalar rhs);
Scalar operator&&(Scalar lhs, Scalar rhs);
Scalar operator||(Scalar lhs, Scalar rhs);
Scalar select(Scalar condition, Scalar onTrue, Scalar onFalse);

// Functions of floats.
Scalar exp(Scalar operand);
Scalar log(Scalar operand);
Scalar sqrt(Scalar operand);
Scalar tanh(Scalar operand);
Scalar sin(Scalar operand);
Scalar cos(Scalar operand);
Scalar floor(Scalar operand);
Scalar pow(Scalar base, Scalar exponent);

/// An integer, index or boolean as a float, and a float as an index, rounded
/// toward zero.
Scalar toFloat(Scalar operand, mlir::Type type);
Scalar toIndex(Scalar operand);

/// The element of a tensor of the graph at these indices.
Scalar read(mlir::Value tensor, llvm::ArrayRef<Scalar> indices);

// With a number on one side.
#define SYLVITE_SCALAR_NUMBER(NAME)                                            \
  inline Scalar NAME(Scalar lhs, double rhs) {                                 \
    return NAME(lhs, lhs.like(rhs));                                           \
  }                                                                            \
  inline Scalar NAME(double lhs, Scalar rhs) {                                 \
    return NAME(rhs.like(lhs), rhs);                                           \
  }
SYLVITE_SCALAR_NUMBER(operator+)
SYLVITE_SCALAR_NUMBER(operator-)
SYLVITE_SCALAR_NUMBER(operator*)
SYLVITE_SCALAR_NUMBER(operator/)
SYLVITE_SCALAR_NUMBER(operator%)
SYLVITE_SCALAR_NUMBER(min)
SYLVITE_SCALAR_NUMBER(max)
SYLVITE_SCALAR_NUMBER(operator==)
SYLVITE_SCALAR_NUMBER(operator!=)
SYLVITE_SCALAR_NUMBER(operator<)
SYLVITE_SCALAR_NUMBER(operator<=)
SYLVITE_SCALAR_NUMBER(operator>)
SYLVITE_SCALAR_NUMBER(operator>=)
SYLVITE_SCALAR_NUMBER(pow)
#undef SYLVITE_SCALAR_NUMBER

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_SCALAR_H
