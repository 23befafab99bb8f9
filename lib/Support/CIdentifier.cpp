//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names that are safe in generated C.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/CIdentifier.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

static bool isKeyword(StringRef name) {
  // C11's and C++20's together, since headers serve both.
  static const StringSet<> keywords = {"alignas",
                                       "alignof",
                                       "and",
                                       "and_eq",
                                       "asm",
                                       "auto",
                                       "bitand",
                                       "bitor",
                                       "bool",
                                       "break",
                                       "case",
                                       "catch",
                                       "char",
                                       "char16_t",
                                       "char32_t",
                                       "char8_t",
                                       "class",
                                       "co_await",
                                       "co_return",
                                       "co_yield",
                                       "compl",
                                       "concept",
                                       "const",
                                       "const_cast",
                                       "consteval",
                                       "constexpr",
                                       "constinit",
                                       "continue",
                                       "decltype",
                                       "default",
                                       "delete",
                                       "do",
                                       "double",
                                       "dynamic_cast",
                                       "else",
                                       "enum",
                                       "explicit",
                                       "export",
                                       "extern",
                                       "false",
                                       "float",
                                       "for",
                                       "friend",
                                       "goto",
                                       "if",
                                       "inline",
                                       "int",
                                       "long",
                                       "mutable",
                                       "namespace",
                                       "new",
                                       "noexcept",
                                       "not",
                                       "not_eq",
                                       "nullptr",
                                       "operator",
                                       "or",
                                       "or_eq",
                                       "private",
                                       "protected",
                                       "public",
                                       "register",
                                       "reinterpret_cast",
                                       "requires",
                                       "restrict",
                                       "return",
                                       "short",
                                       "signed",
                                       "sizeof",
                                       "static",
                                       "static_assert",
                                       "static_cast",
                                       "struct",
                                       "switch",
                                       "template",
                                       "this",
                                       "thread_local",
                                       "throw",
                                       "true",
                                       "try",
                                       "typedef",
                                       "typeid",
                                       "typename",
                                       "union",
                                       "unsigned",
                                       "using",
                                       "virtual",
                                       "void",
                                       "volatile",
                                       "wchar_t",
                                       "while",
                                       "xor",
                                       "xor_eq"};
  return keywords.contains(name);
}

/// Leading and double underscores belong to the compiler (C++ reserves both).
static bool isReserved(StringRef name) {
  return name.starts_with("_") || name.contains("__");
}

bool sylvite::isCIdentifier(StringRef name) {
  return !name.empty() && !isDigit(name.front()) && !isReserved(name) &&
         all_of(name, [](char c) { return isAlnum(c) || c == '_'; }) &&
         !isKeyword(name);
}

std::string sylvite::makeCIdentifier(StringRef name) {
  std::string result;
  for (char c : name) {
    char safe = isAlnum(c) ? c : '_';
    // One underscore for a run of odd characters, none in front.
    if (safe != '_' || (!result.empty() && result.back() != '_'))
      result += safe;
  }
  if (result.empty() || isDigit(result.front()))
    result = "x" + result;
  if (isKeyword(result))
    result += "_";
  return result;
}
