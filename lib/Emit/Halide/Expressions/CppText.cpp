//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The shape of expressions in C++.
///
//===----------------------------------------------------------------------===//

#include "CppText.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

std::string emit::wrap(const Text &operand, int limit) {
  return operand.precedence > limit ? "(" + operand.text + ")" : operand.text;
}

std::string emit::asExpr(ArrayRef<Text> operands) {
  const Text &first = operands.front();
  bool allLiterals =
      llvm::all_of(operands, [](const Text &t) { return t.isLiteral; });
  return allLiterals ? "Expr(" + first.text + ")" : first.text;
}

/// How weak an operator may be in an operand without parentheses. Mixtures that
/// people read wrongly, and compilers warn of, get them.
static int getOperandLimit(int precedence) {
  switch (precedence) {
  case kShift:
  case kBitAnd:
  case kBitXor:
  case kBitOr:
    return kUnary;
  case kLess:
  case kEqual:
    return kAdd;
  case kOr:
    return kEqual;
  default:
    return precedence - 1;
  }
}

Text emit::printInfix(StringRef symbol, int precedence,
                      ArrayRef<Text> operands) {
  int limit = getOperandLimit(precedence);
  bool isChain = operands[0].precedence == precedence &&
                 (limit == precedence - 1 || precedence == kOr);
  std::string lhs = operands[0].isLiteral
                        ? asExpr(operands)
                        : wrap(operands[0], isChain ? precedence : limit);
  return {lhs + (" " + symbol + " ").str() + wrap(operands[1], limit),
          precedence};
}

Text emit::printCall(StringRef function, ArrayRef<Text> operands) {
  std::string text = (function + "(").str() + asExpr(operands);
  for (const Text &operand : operands.drop_front())
    text += ", " + operand.text;
  return {text + ")"};
}

std::string emit::getTypeName(Type type) {
  if (type.isBF16())
    return "bfloat16_t";
  if (type.isF16())
    return "float16_t";
  if (isa<FloatType>(type))
    return type.isF32() ? "float" : "double";
  if (type.isInteger(1))
    return "bool";
  unsigned width = type.isIndex() ? 32 : type.getIntOrFloatBitWidth();
  return (type.isUnsignedInteger() ? "uint" : "int") + std::to_string(width) +
         "_t";
}

Text emit::printCast(StringRef cast, StringRef type, const Text &operand) {
  return printCall((cast + "<" + type + ">").str(), operand);
}
