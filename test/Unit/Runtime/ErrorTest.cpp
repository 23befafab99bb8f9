//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Codes, messages, details.
///
//===----------------------------------------------------------------------===//

#include "Internal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

TEST(Error, EveryCodeHasAMessageOfItsOwn) {
  std::set<std::string> messages;
#define SYLVITE_STATUS(name, number, message)                                  \
  EXPECT_TRUE(messages.insert(sylvite_error_message(number)).second);          \
  EXPECT_EQ(SYLVITE_##name, number);
#include "sylvite/Runtime/Status.def"
  EXPECT_STREQ(sylvite_error_message(-7), "unknown error code");
  EXPECT_STREQ(sylvite_error_message(1000), "unknown error code");
}

TEST(Error, DetailsAreCutToTheBuffer) {
  sylvite_error error;
  std::string text(2000, 'x');
  EXPECT_EQ(sylvite_fail(&error, 5, "%s", text.c_str()), 5);
  EXPECT_EQ(std::string(error.text), text.substr(0, SYLVITE_ERROR_BYTES - 1));
}

TEST(Error, WithoutAContextDetailsBelongToTheThread) {
  sylvite_fail(sylvite_thread_error(), 1, "mine");
  std::thread([] {
    EXPECT_STREQ(sylvite_last_error(nullptr), "");
    sylvite_fail(sylvite_thread_error(), 1, "other");
    EXPECT_STREQ(sylvite_last_error(nullptr), "other");
  }).join();
  EXPECT_STREQ(sylvite_last_error(nullptr), "mine");
}
