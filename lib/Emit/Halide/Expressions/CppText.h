//===- CppText.h - C++ text of expressions ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Expressions as C++ text, with no more parentheses than C++ and its readers
/// need.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_CPPTEXT_H
#define SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_CPPTEXT_H

#include "../Expressions.h"
#include "mlir/IR/BuiltinTypes.h"

namespace sylvite::emit {

/// Precedences of C++'s operators.
enum Precedence {
  kAtom = 0,
  kUnary = 3,
  kMul = 5,
  kAdd,
  kShift,
  kLess = 9,
  kEqual,
  kBitAnd,
  kBitXor,
  kBitOr,
  kAnd,
  kOr
};

/// The operand, in parentheses where its operators bind weaker than `limit`.
std::string wrap(const Text &operand, int limit);

/// The first operand as a Halide::Expr, where no other one is.
std::string asExpr(llvm::ArrayRef<Text> operands);

/// lhs SYMBOL rhs. Chains of one precedence associate to the left.
Text printInfix(llvm::StringRef symbol, int precedence,
                llvm::ArrayRef<Text> operands);

/// FUNCTION(operand, ...).
Text printCall(llvm::StringRef function, llvm::ArrayRef<Text> operands);

/// The C++ type in Halide's templates.
std::string getTypeName(mlir::Type type);

/// CAST<TYPE>(operand).
Text printCast(llvm::StringRef cast, llvm::StringRef type, const Text &operand);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_EXPRESSIONS_CPPTEXT_H
