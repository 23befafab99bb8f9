//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recursive descent over
///
///   sum     = product ("+" product)*
///   product = factor ("*" factor)*
///   factor  = number | dimension | "(" sum ")" | max(sum, sum) | round64(sum)
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ArenaFormula.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace sylvite;
using namespace llvm;

namespace {
class Evaluator {
public:
  Evaluator(StringRef text, const StringMap<uint64_t> &dims)
      : rest(text), dims(dims) {}

  std::optional<uint64_t> evaluate() {
    uint64_t value = sum();
    bool isWhole = rest.trim().empty();
    return isValid && isWhole ? std::optional(value) : std::nullopt;
  }

private:
  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }
  void require(StringRef token) { isValid &= consume(token); }

  uint64_t sum() {
    uint64_t value = product();
    while (consume("+"))
      isValid &= !__builtin_add_overflow(value, product(), &value);
    return value;
  }
  uint64_t product() {
    uint64_t value = factor();
    while (consume("*"))
      isValid &= !__builtin_mul_overflow(value, factor(), &value);
    return value;
  }
  uint64_t factor();

  StringRef rest;
  const StringMap<uint64_t> &dims;
  bool isValid = true;
};
} // namespace

uint64_t Evaluator::factor() {
  rest = rest.ltrim();
  uint64_t value = 0;
  if (!rest.empty() && isDigit(rest.front())) {
    isValid &= !rest.consumeInteger(10, value);
    return value;
  }
  StringRef name =
      rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
  rest = rest.drop_front(name.size());
  if (!consume("(")) {
    auto dim = dims.find(name);
    isValid &= dim != dims.end();
    return isValid ? dim->second : 0;
  }
  value = sum();
  if (name == "max") {
    require(",");
    value = std::max(value, sum());
  } else if (uint64_t to; name.consume_front("round") &&
                          !name.getAsInteger(10, to) && isPowerOf2_64(to)) {
    isValid &= !__builtin_add_overflow(value, to - 1, &value);
    value &= ~(to - 1);
  } else if (!name.empty()) {
    isValid = false;
  }
  require(")");
  return value;
}

std::optional<uint64_t>
sylvite::evaluateArena(StringRef formula, const StringMap<uint64_t> &dims) {
  return Evaluator(formula, dims).evaluate();
}
