//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ArenaFormula.h"

#include "gtest/gtest.h"

using namespace sylvite;

static std::optional<uint64_t> evaluate(llvm::StringRef formula) {
  return evaluateArena(formula, {{"batch", 3}, {"seq", 7}});
}

TEST(ArenaFormula, SumsAndProducts) {
  EXPECT_EQ(evaluate("0"), 0u);
  EXPECT_EQ(evaluate("64 * batch * seq + 8"), 64u * 21 + 8);
  EXPECT_EQ(evaluate(" 2*batch+seq*seq "), 55u);
  EXPECT_EQ(evaluate("2*batch*(batch+seq+1)"), 66u);
}

TEST(ArenaFormula, MaximaAndRounding) {
  EXPECT_EQ(evaluate("round64(batch) + round64(64) + round64(0)"), 128u);
  EXPECT_EQ(evaluate("round64(max(max(batch, 2), 9 * seq * batch))"), 192u);
}

TEST(ArenaFormula, WhatIsNoFormulaHasNoValue) {
  for (llvm::StringRef text :
       {"", "heads", "1 +", "max(1)", "max(1, 2", "min(1, 2)", "1 2", "(1",
        "()", "18446744073709551616", "18446744073709551615 + 1",
        "9223372036854775808 * batch", "round64(18446744073709551615)"})
    EXPECT_EQ(evaluate(text), std::nullopt) << text.str();
}
