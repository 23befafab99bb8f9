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

#include <gtest/gtest.h>

using namespace sylvite;

TEST(CIdentifier, TellsNamesFromOthers) {
  EXPECT_TRUE(isCIdentifier("input_ids"));
  EXPECT_TRUE(isCIdentifier("X2"));
  for (const char *name : {"", "2x", "a-b", "a.b", "int", "class", "_x", "a__b",
                           "caf\xc3\xa9", "a b"})
    EXPECT_FALSE(isCIdentifier(name)) << name;
}

TEST(CIdentifier, MakesNames) {
  EXPECT_EQ(makeCIdentifier("input_ids"), "input_ids");
  EXPECT_EQ(makeCIdentifier("all-MiniLM-L6-v2"), "all_MiniLM_L6_v2");
  EXPECT_EQ(makeCIdentifier("input.1"), "input_1");
  EXPECT_EQ(makeCIdentifier("1st"), "x1st");
  EXPECT_EQ(makeCIdentifier("--a--b"), "a_b");
  EXPECT_EQ(makeCIdentifier("register"), "register_");
  EXPECT_EQ(makeCIdentifier(""), "x");
  EXPECT_EQ(makeCIdentifier("\xe4\xbd\xa0"), "x");
}

TEST(CIdentifier, WhatItMakesIsOne) {
  for (const char *name :
       {"", "2x", "a-b", "int", "class", "_x", "a__b", "..", "_Bool", "a._b"})
    EXPECT_TRUE(isCIdentifier(makeCIdentifier(name))) << name;
}
