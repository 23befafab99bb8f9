//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Parallel loops as kernels ask for them, on the threads that a context
/// allows.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

extern "C" {
int halide_set_num_threads(int threads);
int halide_do_par_for(void *user_context, int (*run)(void *, int, uint8_t *),
                      int min, int size, uint8_t *closure);
}

namespace {

/// What a loop did.
struct Loop {
  /// How often each iteration from 5 on ran.
  std::atomic<int> runs[40] = {};
  /// Iterations that run at this moment, and the most there were.
  std::atomic<int> running{0}, most{0};
  /// The iteration that fails, and with it all that a test wants to know.
  int failing = -1;
  bool nested = false;
  void *context = nullptr;
};

/// A pool that makes its threads when they are needed.
struct Pool {
  std::vector<int32_t> counts;
  /// Tasks that are left out.
  int32_t lost = 0;
  bool isSerial = false;
};

class Threads : public testing::Test {
protected:
  void SetUp() override { context = test.open(); }
  void TearDown() override {
    test.close();
    sylvite_set_num_threads(0);
  }

  /// Runs 40 iterations, each once, or until one fails.
  int run(Loop &loop);

  TestModel test;
  sylvite_context *context = nullptr;
};

} // namespace

static int iterate(void *context, int number, uint8_t *closure) {
  Loop &loop = *reinterpret_cast<Loop *>(closure);
  EXPECT_EQ(context, loop.context);
  int running = ++loop.running, most = loop.most;
  while (running > most && !loop.most.compare_exchange_weak(most, running))
    ;
  ++loop.runs[number - 5];
  if (loop.nested) {
    Loop inner;
    inner.context = context;
    EXPECT_EQ(halide_do_par_for(context, iterate, 5, 40,
                                reinterpret_cast<uint8_t *>(&inner)),
              0);
    EXPECT_EQ(inner.most, 1);
  }
  std::this_thread::sleep_for(std::chrono::microseconds(200));
  --loop.running;
  return number - 5 == loop.failing ? -22 : 0;
}

int Threads::run(Loop &loop) {
  loop.context = context;
  int code = halide_do_par_for(context, iterate, 5, 40,
                               reinterpret_cast<uint8_t *>(&loop));
  for (std::atomic<int> &runs : loop.runs)
    EXPECT_TRUE(runs == 1 || (loop.failing >= 0 && runs == 0)) << runs;
  return code;
}

static void runOnThreads(void *pool, int32_t count, sylvite_task task,
                         void *closure) {
  Pool &own = *static_cast<Pool *>(pool);
  own.counts.push_back(count);
  std::vector<std::thread> threads;
  for (int32_t i = count; i-- > own.lost;)
    if (own.isSerial)
      task(closure, i);
    else
      threads.emplace_back(task, closure, i);
  for (std::thread &thread : threads)
    thread.join();
}

TEST_F(Threads, ANegativeNumberMeansOnePerProcessor) {
  sylvite_set_num_threads(0);
  int perProcessor = halide_set_num_threads(200);
  ASSERT_NE(perProcessor, 200);
  sylvite_set_num_threads(-3);
  EXPECT_EQ(halide_set_num_threads(0), perProcessor);
  sylvite_set_num_threads(7);
  EXPECT_EQ(halide_set_num_threads(0), 7);
}

TEST_F(Threads, AContextLimitsTheLibrarysPool) {
  sylvite_set_num_threads(6);
  for (int threads : {1, 2, 3}) {
    Loop loop;
    ASSERT_EQ(sylvite_context_set_num_threads(context, threads), SYLVITE_OK);
    EXPECT_EQ(run(loop), 0);
    EXPECT_LE(loop.most, threads);
  }
  for (int threads : {0, -1, 100}) {
    Loop loop;
    sylvite_context_set_num_threads(context, threads);
    EXPECT_EQ(run(loop), 0);
    EXPECT_LE(loop.most, 6);
  }
}

TEST_F(Threads, OneThreadIsTheCallingOne) {
  sylvite_context_set_num_threads(context, 1);
  // Not even the caller's pool is asked.
  Pool pool;
  sylvite_context_set_parallel_for(context, runOnThreads, &pool);
  Loop loop;
  EXPECT_EQ(run(loop), 0);
  EXPECT_EQ(loop.most, 1);
  EXPECT_TRUE(pool.counts.empty());
}

TEST_F(Threads, ACallersPoolRunsAllTasks) {
  for (bool isSerial : {false, true}) {
    Pool pool;
    pool.isSerial = isSerial;
    ASSERT_EQ(sylvite_context_set_parallel_for(context, runOnThreads, &pool),
              SYLVITE_OK);
    Loop all;
    EXPECT_EQ(run(all), 0);
    sylvite_context_set_num_threads(context, 3);
    Loop three;
    EXPECT_EQ(run(three), 0);
    EXPECT_LE(three.most, isSerial ? 1 : 3);
    EXPECT_EQ(pool.counts, (std::vector<int32_t>{40, 3}));
    sylvite_context_set_num_threads(context, 0);
  }
  // Back to the library's own.
  sylvite_context_set_parallel_for(context, nullptr, nullptr);
  Loop loop;
  EXPECT_EQ(run(loop), 0);
}

TEST_F(Threads, WhatAPoolLeavesOutIsDoneAnyway) {
  Pool pool;
  pool.lost = 2;
  sylvite_context_set_parallel_for(context, runOnThreads, &pool);
  sylvite_context_set_num_threads(context, 2);
  Loop loop;
  EXPECT_EQ(run(loop), 0);
}

TEST_F(Threads, AFailureEndsTheLoop) {
  Pool pool;
  for (int threads : {1, 2}) {
    sylvite_context_set_num_threads(context, threads);
    Loop loop;
    loop.failing = 3;
    EXPECT_EQ(run(loop), -22);
    EXPECT_EQ(loop.runs[39], 0);
    sylvite_context_set_parallel_for(context, runOnThreads, &pool);
  }
}

TEST_F(Threads, ALoopInALoopAsksForNoThreads) {
  Pool pool;
  sylvite_context_set_parallel_for(context, runOnThreads, &pool);
  sylvite_context_set_num_threads(context, 2);
  Loop loop;
  loop.nested = true;
  EXPECT_EQ(run(loop), 0);
  EXPECT_EQ(pool.counts.size(), 1u);
}

TEST_F(Threads, BelongToAContext) {
  EXPECT_EQ(sylvite_context_set_num_threads(nullptr, 1),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_EQ(sylvite_context_set_parallel_for(nullptr, runOnThreads, nullptr),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_STREQ(sylvite_last_error(nullptr), "the context is NULL");
}
