//===- Expressions.h - Scalar ops in Halide ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the ops of `arith` and `math` are in Halide: one rule per op, which
/// builds the expression and can print the same as C++ text.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_H
#define SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_H

#include "Halide.h"
#include "mlir/IR/Operation.h"

#include <functional>
#include <string>

namespace sylvite::emit {

/// C++ text of an expression.
struct Text {
  std::string text;
  /// Of C++'s operators: 0 binds tightest (names, calls).
  int precedence = 0;
  /// A literal is no Halide::Expr, and two of them make none either.
  bool isLiteral = false;
};

struct ExpressionRule {
  std::function<Halide::Expr(mlir::Operation *,
                             llvm::ArrayRef<Halide::Expr> operands)>
      build;
  std::function<Text(mlir::Operation *, llvm::ArrayRef<Text> operands)> print;
};

/// The rule of an op, or null where there is none.
const ExpressionRule *findExpressionRule(mlir::Operation *op);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_H
