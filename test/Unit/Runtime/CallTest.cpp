//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From a public call to the kernels.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

/// An opened model and arguments of a call that succeeds: 2 rows of 3.
class Call : public testing::Test {
protected:
  void SetUp() override { ASSERT_NE(context = test.open(), nullptr); }
  void TearDown() override { test.close(); }

  int call() { return sylvite_call(context, 0, dims, inputs, outputs); }
  int callLengths(const int32_t *lengths) {
    return sylvite_call_lengths(context, 0, dims, inputs, lengths, outputs);
  }
  std::string details() { return sylvite_last_error(context); }

  TestModel test;
  sylvite_context *context = nullptr;
  int64_t dims[2] = {2, 3};
  int64_t ids[6] = {0, 1, 2, 3, 4, 9};
  int64_t mask[6] = {1, 1, 0, 1, 0, 0};
  float gain[2] = {10, 0};
  float out[6] = {};
  int64_t sum[2] = {};
  const void *inputs[3] = {ids, mask, gain};
  void *outputs[2] = {out, sum};
};

} // namespace

TEST_F(Call, HandsPointersToTheKernels) {
  ASSERT_EQ(call(), SYLVITE_OK) << details();
  EXPECT_EQ(std::vector<float>(out, out + 6),
            (std::vector<float>{0, 10, 0, 30, 0, 0}));
  EXPECT_EQ(sum[0], 2);
  EXPECT_EQ(sum[1], 1);
  EXPECT_EQ(details(), "");
}

TEST_F(Call, FillsDefaults) {
  inputs[1] = inputs[2] = nullptr;
  ASSERT_EQ(call(), SYLVITE_OK) << details();
  EXPECT_EQ(std::vector<float>(out, out + 6),
            (std::vector<float>{0, 2.5, 5, 7.5, 10, 22.5}));
  EXPECT_EQ(sum[1], 3);
}

TEST_F(Call, ComputesUnwantedOutputsIntoTheArena) {
  outputs[0] = nullptr;
  ASSERT_EQ(call(), SYLVITE_OK) << details();
  EXPECT_EQ(sum[0], 2);
  EXPECT_EQ(out[1], 0.0f);
}

TEST_F(Call, MakesTheMaskFromLengths) {
  int32_t lengths[] = {3, 0};
  inputs[1] = nullptr;
  ASSERT_EQ(callLengths(lengths), SYLVITE_OK) << details();
  EXPECT_EQ(sum[0], 3);
  EXPECT_EQ(sum[1], 0);
  EXPECT_EQ(out[2], 20.0f);
  EXPECT_EQ(out[5], 0.0f);
}

TEST_F(Call, RefusesLengthsOutsideTheRow) {
  int32_t tooLong[] = {3, 4}, negative[] = {-1, 3};
  EXPECT_EQ(callLengths(tooLong), SYLVITE_ERROR_VALUE);
  EXPECT_EQ(details(), "lengths[1] = 4 is outside [0, 3]");
  EXPECT_EQ(callLengths(negative), SYLVITE_ERROR_VALUE);
  EXPECT_EQ(details(), "lengths[0] = -1 is outside [0, 3]");
  EXPECT_EQ(callLengths(nullptr), SYLVITE_ERROR_NULL_ARGUMENT);
}

TEST_F(Call, FindsFunctionsByName) {
  EXPECT_EQ(sylvite_invoke(context, "scale", dims, inputs, outputs),
            SYLVITE_OK);
  EXPECT_EQ(out[1], 10.0f);
  EXPECT_EQ(sylvite_invoke(context, "scal", dims, inputs, outputs),
            SYLVITE_ERROR_UNKNOWN_FUNCTION);
  EXPECT_EQ(details(), "there is no function scal");
  EXPECT_EQ(sylvite_invoke(context, nullptr, dims, inputs, outputs),
            SYLVITE_ERROR_NULL_ARGUMENT);
}

TEST_F(Call, RefusesDimensions) {
  dims[1] = 513;
  EXPECT_EQ(call(), SYLVITE_ERROR_DIMENSION);
  EXPECT_EQ(details(), "seq = 513 is outside [1, 512]");
  dims[1] = 0;
  EXPECT_EQ(call(), SYLVITE_ERROR_DIMENSION);
  EXPECT_EQ(details(), "seq = 0 is outside [1, 512]");
  dims[1] = 1;
  dims[0] = INT64_MIN;
  EXPECT_EQ(call(), SYLVITE_ERROR_DIMENSION);
  dims[0] = INT64_MAX;
  EXPECT_EQ(call(), SYLVITE_ERROR_DIMENSION);
  EXPECT_EQ(details(),
            "batch = 9223372036854775807 is outside [1, 2147483647]");
}

TEST_F(Call, RefusesDimensionsThatOthersDecide) {
  const std::pair<const char *, int64_t> cases[] = {
      {"batch*seq", 6},
      {"2*batch*seq", 12},
      {"(batch+seq)", 5},
      {"batch*(batch+2*seq+7)", 30}};
  sylvite_function function = {};
  function.num_dims = 3;
  for (auto [name, extent] : cases) {
    sylvite_dim all[] = {{"batch", 0}, {"seq", 0}, {name, 0}};
    function.dims = all;
    int64_t extents[] = {2, 3, extent};
    sylvite_error error = {};
    EXPECT_EQ(sylvite_check_dims(&function, extents, &error), SYLVITE_OK)
        << name;
    ++extents[2];
    EXPECT_EQ(sylvite_check_dims(&function, extents, &error),
              SYLVITE_ERROR_DIMENSION)
        << name;
  }
}

TEST_F(Call, RefusesValuesOutsideTheRange) {
  ids[5] = 10;
  EXPECT_EQ(call(), SYLVITE_ERROR_VALUE);
  EXPECT_EQ(details(), "ids[1, 2] = 10 is outside [0, 10)");
  ids[5] = 9;
  ids[1] = INT64_MIN;
  EXPECT_EQ(call(), SYLVITE_ERROR_VALUE);
  EXPECT_EQ(details(), "ids[0, 1] = -9223372036854775808 is outside [0, 10)");
}

// One array serves for every width: all bytes 0, then one element changed.
TEST_F(Call, ChecksEveryIntegerType) {
  struct {
    int32_t type;
    int bytes;
    int64_t low, high;
  } cases[] = {{SYLVITE_I8, 1, -1, 5},  {SYLVITE_I16, 2, -1, 5},
               {SYLVITE_I32, 4, -1, 5}, {SYLVITE_I64, 8, -1, 5},
               {SYLVITE_U8, 1, 0, 5},   {SYLVITE_BOOL, 1, 0, 2}};
  for (auto &c : cases) {
    test.inputs[0].element_type = c.type;
    test.inputs[0].range_low = c.low;
    test.inputs[0].range_high = c.high;
    sylvite_error error;
    alignas(8) uint8_t data[48] = {};
    EXPECT_EQ(sylvite_check_input(&test.inputs[0], dims, data, &error), 0);
    data[4 * c.bytes] = uint8_t(c.high);
    EXPECT_EQ(sylvite_check_input(&test.inputs[0], dims, data, &error),
              SYLVITE_ERROR_VALUE);
    EXPECT_EQ(std::string(error.text).rfind("ids[1, 1] = ", 0), 0u)
        << error.text;
  }
}

TEST_F(Call, RefusesMissingPointers) {
  inputs[0] = nullptr;
  EXPECT_EQ(call(), SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_EQ(details(), "ids is NULL and has no default");
  EXPECT_EQ(sylvite_call(context, 0, nullptr, inputs, outputs),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_EQ(sylvite_call(context, 0, dims, nullptr, outputs),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_EQ(sylvite_call(context, 0, dims, inputs, nullptr),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_EQ(sylvite_call(nullptr, 0, dims, inputs, outputs),
            SYLVITE_ERROR_NULL_ARGUMENT);
  EXPECT_STREQ(sylvite_last_error(nullptr), "the context is NULL");
}

TEST_F(Call, RefusesMisalignedPointers) {
  inputs[2] = reinterpret_cast<char *>(gain) + 2;
  EXPECT_EQ(call(), SYLVITE_ERROR_ALIGNMENT);
  EXPECT_NE(details().find("gain = 0x"), std::string::npos);
  inputs[2] = gain;
  outputs[1] = reinterpret_cast<char *>(sum) + 1;
  EXPECT_EQ(call(), SYLVITE_ERROR_ALIGNMENT);
}

TEST_F(Call, TheArenaIsAlignedAndGrowsOnly) {
  ASSERT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(uintptr_t(TestModel::arena) % 64, 0u);
  EXPECT_EQ(context->arena_bytes, 128u);
  TestModel::arenaBytes = 1 << 20;
  ASSERT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(context->arena_bytes, 1u << 20);
  uint8_t *grown = TestModel::arena;
  TestModel::arenaBytes = 100;
  ASSERT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(TestModel::arena, grown);
  EXPECT_EQ(context->arena_bytes, 1u << 20);
}

TEST_F(Call, TooMuchMemoryIsAnErrorAndNotTheEnd) {
  TestModel::arenaBytes = UINT64_C(1) << 62;
  EXPECT_EQ(call(), SYLVITE_ERROR_OUT_OF_MEMORY);
  EXPECT_EQ(details(),
            "not enough memory for an arena of 4611686018427387904 bytes");
  TestModel::arenaBytes = UINT64_C(3) << 62;
  EXPECT_EQ(call(), SYLVITE_ERROR_OUT_OF_MEMORY);
  TestModel::arenaBytes = UINT64_MAX;
  EXPECT_EQ(call(), SYLVITE_ERROR_TOO_LARGE);
  EXPECT_EQ(details(),
            "with batch = 2, seq = 3 a tensor has 2^31 elements or more");
  TestModel::arenaBytes = 100;
  EXPECT_EQ(call(), SYLVITE_OK);
}

TEST_F(Call, TellsTheArenaOfAcceptedDimensions) {
  EXPECT_EQ(sylvite_arena_bytes(test.variants, 0, dims), 100u);
  dims[1] = 513;
  EXPECT_EQ(sylvite_arena_bytes(test.variants, 0, dims), UINT64_MAX);
}

TEST_F(Call, AKernelsFailureBecomesAMessage) {
  TestModel::result = -4;
  EXPECT_EQ(call(), SYLVITE_ERROR_KERNEL);
  EXPECT_EQ(details(), "a kernel of scale failed with code -4");
  TestModel::reported = "Input buffer x is too small\n";
  EXPECT_EQ(call(), SYLVITE_ERROR_KERNEL);
  EXPECT_EQ(details(), "Input buffer x is too small");
  TestModel::result = 0;
  TestModel::reported = nullptr;
  EXPECT_EQ(call(), SYLVITE_OK);
  EXPECT_EQ(details(), "");
}

// Part of Halide's runtime: returns the number before.
TEST(Model, RefusesWhatItCannotRun) {
  TestModel test;
  EXPECT_EQ(sylvite_open(test.variants, nullptr, nullptr, nullptr),
            SYLVITE_ERROR_NULL_ARGUMENT);
  sylvite_model *model = nullptr;
  test.descriptor.cpu_features = UINT64_C(1) << 63;
  EXPECT_EQ(sylvite_open(test.variants, nullptr, nullptr, &model),
            SYLVITE_ERROR_UNSUPPORTED_CPU);
  EXPECT_EQ(model, nullptr);
  EXPECT_NE(std::string(sylvite_last_error(nullptr)).find("x86-64-v2"),
            std::string::npos);
  test.descriptor.cpu_features = 0;
  test.descriptor.abi_version = 99;
  EXPECT_NE(sylvite_open(test.variants, nullptr, nullptr, &model), SYLVITE_OK);
  EXPECT_EQ(sylvite_context_create(nullptr, &test.context),
            SYLVITE_ERROR_NULL_ARGUMENT);
  sylvite_context_destroy(nullptr);
  sylvite_close(nullptr);
}
