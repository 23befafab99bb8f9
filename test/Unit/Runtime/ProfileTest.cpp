//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tests of noting when kernels ran.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include "gtest/gtest.h"

namespace {

class Profile : public testing::Test {
protected:
  void SetUp() override { context = test.open(); }
  void TearDown() override { test.close(); }
  int call() {
    int64_t dims[] = {2, 3}, ids[6] = {1, 2, 3, 4, 5, 6};
    const void *inputs[] = {ids, nullptr, nullptr};
    void *outputs[] = {nullptr, nullptr};
    return sylvite_call(context, 0, dims, inputs, outputs);
  }

  TestModel test;
  sylvite_context *context = nullptr;
};

TEST_F(Profile, IsOffUnlessWanted) {
  EXPECT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(sylvite_profile_count(context), 0u);
}

TEST_F(Profile, NotesEachKernelInOrder) {
  sylvite_event events[5] = {};
  ASSERT_EQ(sylvite_profile(context, events, 5), SYLVITE_OK);
  ASSERT_EQ(call(), SYLVITE_OK);
  ASSERT_EQ(call(), SYLVITE_OK);
  ASSERT_EQ(sylvite_profile_count(context), 4u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(events[i].function, 0u);
    EXPECT_EQ(events[i].call, unsigned(i % 2));
    EXPECT_LE(events[i].begin, events[i].end);
    // One follows the other within a call.
    if (i % 2) {
      EXPECT_EQ(events[i].begin, events[i - 1].end);
    }
  }
  EXPECT_EQ(events[4].end, 0u);
}

TEST_F(Profile, CountsWhatFindsNoPlaceButDoesNotWriteIt) {
  sylvite_event events[2] = {};
  ASSERT_EQ(sylvite_profile(context, events, 1), SYLVITE_OK);
  ASSERT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(sylvite_profile_count(context), 2u);
  EXPECT_NE(events[0].end, 0u);
  EXPECT_EQ(events[1].end, 0u);
}

TEST_F(Profile, EndsWithNull) {
  sylvite_event events[2] = {};
  ASSERT_EQ(sylvite_profile(context, events, 2), SYLVITE_OK);
  ASSERT_EQ(sylvite_profile(context, nullptr, 0), SYLVITE_OK);
  ASSERT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(sylvite_profile_count(context), 0u);
  EXPECT_EQ(events[0].end, 0u);
  EXPECT_EQ(sylvite_profile(nullptr, events, 2), SYLVITE_ERROR_NULL_ARGUMENT);
}

} // namespace
