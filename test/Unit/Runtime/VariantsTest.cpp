//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Choosing among a library's variants, on processors of all kinds.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <gtest/gtest.h>

#include <string>

namespace {

/// A library for three targets, of which the names need bits 0 to 2 each.
class Variants : public testing::Test {
protected:
  void SetUp() override {
    const char *names[] = {"strong", "middle", "weak"};
    const uint64_t features[] = {SYLVITE_CPU_AVX2 | SYLVITE_CPU_AVX512F,
                                 SYLVITE_CPU_AVX2, SYLVITE_CPU_SSE41};
    for (int i = 0; i < 3; ++i) {
      descriptors[i] = test.descriptor;
      descriptors[i].target = names[i];
      descriptors[i].cpu_features = features[i];
      test.variants[i] = &descriptors[i];
    }
  }

  /// What a processor with these features runs, or what is wrong.
  std::string choose(uint64_t available, const char *wanted = nullptr) {
    const sylvite_descriptor *chosen;
    code = sylvite_choose(test.variants, wanted, available, &chosen, &error);
    return code ? error.text : chosen->target;
  }

  TestModel test;
  sylvite_descriptor descriptors[3];
  sylvite_error error;
  int code = 0;
};

constexpr uint64_t old = SYLVITE_CPU_SSE41, usual = old | SYLVITE_CPU_AVX2,
                   latest = usual | SYLVITE_CPU_AVX512F;

} // namespace

TEST_F(Variants, TheStrongestThatRunsIsChosen) {
  EXPECT_EQ(choose(latest), "strong");
  EXPECT_EQ(choose(usual), "middle");
  EXPECT_EQ(choose(old), "weak");
  // Registers that the operating system does not save do not count: AVX-512
  // without AVX2 is no processor for the strongest.
  EXPECT_EQ(choose(old | SYLVITE_CPU_AVX512F), "weak");
}

TEST_F(Variants, NoneThatRunsIsAnError) {
  EXPECT_EQ(choose(0), "the library was compiled for strong, middle, weak; "
                       "this processor lacks sse4.1 for weak; compile with "
                       "another --target");
  EXPECT_EQ(code, SYLVITE_ERROR_UNSUPPORTED_CPU);
  test.variants[1] = nullptr;
  EXPECT_EQ(choose(usual), "the library was compiled for strong; this "
                           "processor lacks avx512f; compile with another "
                           "--target");
}

TEST_F(Variants, ANameIsAnOrder) {
  EXPECT_EQ(choose(latest, "weak"), "weak");
  EXPECT_EQ(choose(usual, "strong"),
            "the code for strong cannot run here: this processor lacks "
            "avx512f");
  EXPECT_EQ(code, SYLVITE_ERROR_UNSUPPORTED_CPU);
  EXPECT_EQ(choose(usual, "strange"),
            "the library was not compiled for strange, but for strong, middle, "
            "weak");
  EXPECT_EQ(code, SYLVITE_ERROR_UNKNOWN_TARGET);
}

TEST_F(Variants, TheModelTellsWhichItIs) {
  for (sylvite_descriptor &descriptor : descriptors)
    descriptor.cpu_features = 0;
  EXPECT_STREQ(sylvite_target(test.variants, nullptr), "strong");
  sylvite_model *model = nullptr;
  ASSERT_EQ(sylvite_open(test.variants, nullptr, "middle", &model), SYLVITE_OK);
  EXPECT_STREQ(sylvite_target(test.variants, model), "middle");
  sylvite_close(model);
  EXPECT_EQ(sylvite_open(test.variants, nullptr, "pentium", &model),
            SYLVITE_ERROR_UNKNOWN_TARGET);
  EXPECT_EQ(model, nullptr);
  for (sylvite_descriptor &descriptor : descriptors)
    descriptor.cpu_features = UINT64_C(1) << 63;
  EXPECT_EQ(sylvite_target(test.variants, nullptr), nullptr);
  EXPECT_NE(std::string(sylvite_last_error(nullptr)).find("strong"),
            std::string::npos);
}

static uint64_t largeArena(const int64_t *) { return 5000; }

TEST_F(Variants, TheArenaIsThatOfTheLargest) {
  const int64_t dims[] = {1, 1};
  EXPECT_EQ(sylvite_arena_bytes(test.variants, 0, dims), 100u);
  sylvite_function large = test.function;
  large.arena = largeArena;
  descriptors[1].functions = &large;
  EXPECT_EQ(sylvite_arena_bytes(test.variants, 0, dims), 5000u);
}
