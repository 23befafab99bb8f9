//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The functions of IntegerMath.h and VectorMath.h as text: the build makes a
/// string of the files, so that what is printed is what is compiled. Functions
/// there are paragraphs that begin with their comment.
///
//===----------------------------------------------------------------------===//

#include "PrintCpp.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;
using llvm::StringRef;

static constexpr StringRef kHelpers =
#include "Helpers.inc"
    ;

namespace {
struct Helper {
  StringRef name;
  StringRef text;
};
} // namespace

/// The functions in the order in which they may call each other.
static llvm::SmallVector<Helper> findHelpers() {
  llvm::SmallVector<Helper> helpers;
  llvm::SmallVector<StringRef> paragraphs;
  kHelpers.split(paragraphs, "\n\n");
  for (StringRef paragraph : paragraphs) {
    StringRef declaration = paragraph.split("inline Expr ").second;
    if (paragraph.starts_with("///") && !declaration.empty())
      helpers.push_back(
          {declaration.take_until([](char c) { return c == '('; }), paragraph});
  }
  return helpers;
}

/// True if the text calls the function.
static bool calls(StringRef text, StringRef function) {
  size_t at = 0;
  while ((at = text.find((function + "(").str(), at)) != StringRef::npos) {
    if (at == 0 || (!llvm::isAlnum(text[at - 1]) && text[at - 1] != '_'))
      return true;
    ++at;
  }
  return false;
}

void emit::printCppHelpers(StringRef program, llvm::raw_ostream &os) {
  // From the last to the first: a function is needed by those after it.
  std::string needed;
  llvm::SmallVector<Helper> helpers = findHelpers();
  for (const Helper &helper : llvm::reverse(helpers))
    if (calls(program, helper.name) || calls(needed, helper.name))
      needed = helper.text.trim().str() + "\n\n" + needed;
  os << needed;
}
