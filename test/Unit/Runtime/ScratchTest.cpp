//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The memory that kernels ask for.
///
//===----------------------------------------------------------------------===//

#include "Internal.h"
#include <atomic>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

extern "C" {
void *halide_malloc(void *user_context, size_t bytes);
void halide_free(void *user_context, void *data);
}

namespace {

class Scratch : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(SYLVITE_OK, sylvite_context_create(&model, &context));
  }
  void TearDown() override { sylvite_context_destroy(context); }

  sylvite_model model{};
  sylvite_context *context = nullptr;
};

TEST_F(Scratch, BlocksAreUsedAgainForTheirSize) {
  void *first = halide_malloc(context, 5000),
       *second = halide_malloc(context, 5000);
  ASSERT_NE(first, second);
  EXPECT_EQ(0u, uintptr_t(first) % 128);
  std::memset(first, 1, 5000);
  std::memset(second, 2, 5000);
  halide_free(context, first);
  void *larger = halide_malloc(context, 50000);
  EXPECT_NE(first, larger);
  EXPECT_EQ(first, halide_malloc(context, 5000));
  std::memset(larger, 3, 50000);
  for (void *block : {first, second, larger})
    halide_free(context, block);
}

TEST_F(Scratch, KeepsSomeBlocksAndGivesBackOthers) {
  std::vector<void *> blocks;
  for (int i = 0; i < 2 * SYLVITE_SCRATCH_BLOCKS; ++i)
    blocks.push_back(halide_malloc(context, 2000));
  EXPECT_EQ(blocks.size(),
            std::set<void *>(blocks.begin(), blocks.end()).size());
  for (void *block : blocks)
    halide_free(context, block);
}

TEST_F(Scratch, ThreadsGetBlocksOfTheirOwn) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int number = 1; number <= 4; ++number)
    threads.emplace_back([&, number] {
      for (int i = 0; i < 2000; ++i) {
        size_t bytes = i % 2 ? 3000 : 9000;
        auto *block = static_cast<char *>(halide_malloc(context, bytes));
        std::memset(block, number, bytes);
        for (size_t at = 0; at < bytes; at += 1000)
          wrong += block[at] != number;
        halide_free(context, block);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(0, wrong);
}

TEST_F(Scratch, TooManyBytesAreNone) {
  EXPECT_EQ(nullptr, halide_malloc(context, SIZE_MAX));
  halide_free(context, nullptr);
}

TEST(ScratchWithoutContext, IsOrdinaryMemory) {
  void *block = halide_malloc(nullptr, 100);
  std::memset(block, 1, 100);
  halide_free(nullptr, block);
}

} // namespace
