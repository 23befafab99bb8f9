//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls that run on one part of a batch after the other.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::ElementsAre;

namespace {

class Parts : public testing::Test {
protected:
  void SetUp() override {
    test.function.batch_dim = 0;
    test.function.batch_rows = -2;
    context = test.open();
  }
  void TearDown() override { test.close(); }

  /// Calls with ids that count; the mask is 1 at the first place of each row.
  int call(int64_t batch, int64_t seq) {
    int64_t dims[] = {batch, seq};
    ids.resize(size_t(batch * seq));
    mask.assign(ids.size(), 0);
    for (size_t i = 0; i < ids.size(); ++i) {
      ids[i] = int64_t(i % 10);
      mask[i] = i % size_t(seq) == 0;
    }
    out.assign(ids.size(), -1);
    sum.assign(size_t(batch), -1);
    const void *inputs[] = {ids.data(), useMask ? mask.data() : nullptr,
                            nullptr};
    void *outputs[] = {out.data(), sum.data()};
    return sylvite_call(context, 0, dims, inputs, outputs);
  }

  void expectResults(int64_t seq) {
    for (size_t i = 0; i < ids.size(); ++i)
      EXPECT_EQ(out[i], float(ids[i]) * (useMask ? float(mask[i]) : 1) * 2.5f);
    for (int64_t each : sum)
      EXPECT_EQ(each, useMask ? 1 : seq);
  }

  TestModel test;
  sylvite_context *context = nullptr;
  std::vector<int64_t> ids, mask, sum;
  std::vector<float> out;
  bool useMask = true;
};

TEST_F(Parts, HaveSoManyRowsTogether) {
  ASSERT_EQ(call(7, 100), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(2, 2, 2, 1));
  expectResults(100);
}

TEST_F(Parts, AreOneWhereThatIsEnough) {
  ASSERT_EQ(call(4, 64), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(4));
  expectResults(64);
}

TEST_F(Parts, HaveOneOfTheBatchAtLeast) {
  ASSERT_EQ(call(3, 512), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(1, 1, 1));
  expectResults(512);
}

TEST_F(Parts, ReadDefaultsToo) {
  useMask = false;
  ASSERT_EQ(call(5, 128), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(2, 2, 1));
  expectResults(128);
}

TEST_F(Parts, MayHaveAConstantNumberOfRows) {
  test.function.batch_rows = 100;
  ASSERT_EQ(call(5, 3), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(2, 2, 1));
  expectResults(3);
}

TEST_F(Parts, EndWithTheFirstThatFails) {
  TestModel::result = -1;
  EXPECT_EQ(call(3, 512), SYLVITE_ERROR_KERNEL);
  EXPECT_THAT(TestModel::batches, ElementsAre(1));
}

TEST_F(Parts, ShareTheArenaOfOne) {
  TestModel::rowBytes = 1000;
  int64_t dims[] = {1000, 128};
  EXPECT_EQ(sylvite_arena_bytes(test.variants, 0, dims), 2100u);
  // As a whole it would not fit anywhere.
  TestModel::rowBytes = uint64_t(1) << 50;
  EXPECT_EQ(call(1000, 128), SYLVITE_ERROR_OUT_OF_MEMORY);
  TestModel::rowBytes = uint64_t(1) << 20;
  EXPECT_EQ(call(1000, 128), SYLVITE_OK);
  // With what the kernels need besides, and the default of the third input.
  EXPECT_EQ(context->arena_bytes, (uint64_t(2) << 20) + 128 + 64);
}

TEST_F(Parts, AreNoneWithoutABatch) {
  test.function.batch_dim = -1;
  ASSERT_EQ(call(7, 100), SYLVITE_OK);
  EXPECT_THAT(TestModel::batches, ElementsAre(7));
}

} // namespace
