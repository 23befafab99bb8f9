//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A compiled library made by hand.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <cstring>

extern "C" void halide_error(void *user_context, const char *message);

int32_t TestModel::result = 0;
const char *TestModel::reported = nullptr;
uint8_t *TestModel::arena = nullptr;
uint64_t TestModel::arenaBytes = 100;
uint64_t TestModel::rowBytes = 0;
std::vector<int64_t> TestModel::batches;

static int32_t scale(void *userContext, const int64_t *dims, const uint8_t *,
                     uint8_t *arena, const void *const *inputs,
                     void *const *outputs) {
  TestModel::arena = arena;
  TestModel::batches.push_back(dims[0]);
  std::memset(arena, 0xab, TestModel::arenaBytes);
  if (TestModel::reported)
    halide_error(userContext, TestModel::reported);
  auto *ids = static_cast<const int64_t *>(inputs[0]);
  auto *mask = static_cast<const int64_t *>(inputs[1]);
  auto *gain = static_cast<const float *>(inputs[2]);
  auto *out = static_cast<float *>(outputs[0]);
  auto *sum = static_cast<int64_t *>(outputs[1]);
  for (int64_t b = 0; b < dims[0]; ++b) {
    sum[b] = 0;
    for (int64_t s = 0; s < dims[1]; ++s) {
      int64_t i = b * dims[1] + s;
      out[i] = float(ids[i] * mask[i]) * gain[0];
      sum[b] += mask[i];
    }
  }
  // As if there were two kernels.
  if (sylvite_profile_log *log =
          static_cast<sylvite_context *>(userContext)->profile) {
    sylvite_note_kernel(log, 0);
    sylvite_note_kernel(log, 1);
  }
  return TestModel::result;
}

static uint64_t arenaOfScale(const int64_t *dims) {
  return TestModel::arenaBytes + TestModel::rowBytes * uint64_t(dims[0]);
}

TestModel::TestModel() {
  static const int64_t tokens[] = {-1, -2}, pair[] = {2}, rows[] = {-1};
  result = 0;
  reported = nullptr;
  arenaBytes = 100;
  rowBytes = 0;
  batches.clear();
  float gain = 2.5f;
  uint32_t gainBits;
  std::memcpy(&gainBits, &gain, sizeof gain);
  dims[0] = {"batch", 0};
  dims[1] = {"seq", 512};
  inputs[0] = {"ids", SYLVITE_I64, SYLVITE_HAS_RANGE, tokens, 2, 0, 0, 10};
  inputs[1] = {"mask", SYLVITE_I64, SYLVITE_HAS_DEFAULT, tokens, 2, 1, 0, 0};
  inputs[2] = {"gain", SYLVITE_F32, SYLVITE_HAS_DEFAULT, pair, 1, gainBits, 0,
               0};
  outputs[0] = {"out", SYLVITE_F32, 0, tokens, 2, 0, 0, 0};
  outputs[1] = {"sum", SYLVITE_I64, 0, rows, 1, 0, 0, 0};
  function = {"scale", dims, inputs, outputs, 2,     3,
              2,       1,    -1,     0,       scale, arenaOfScale};
  weights = {nullptr, 0, "test.safetensors", "", 0};
  descriptor = {SYLVITE_ABI_VERSION, 1, &function, &weights, "x86-64-v2", 0};
}

sylvite_context *TestModel::open() {
  if (sylvite_open(variants, nullptr, nullptr, &model) == SYLVITE_OK)
    sylvite_context_create(model, &context);
  return context;
}

void TestModel::close() {
  sylvite_context_destroy(context);
  sylvite_close(model);
}
