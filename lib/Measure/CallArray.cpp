//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Buffers are dense and begin at a cache line, as those of compiled models do.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Measure/CallArray.h"

#include "llvm/Support/Alignment.h"

#include <random>

using namespace mlir;
using namespace sylvite;

static constexpr auto kAlignment = llvm::Align::Constant<64>();

template <typename T, typename Distribution>
void CallArray::fill(Distribution distribution, halide_type_t elementType) {
  type = elementType;
  memory.resize(count * sizeof(T) + kAlignment.value());
  auto *data =
      reinterpret_cast<T *>(llvm::alignAddr(memory.data(), kAlignment));
  std::minstd_rand generator;
  for (int64_t i = 0; i < count; ++i)
    data[i] = static_cast<T>(distribution(generator));
}

llvm::Expected<CallArray> CallArray::create(const CallBuffer &call) {
  CallArray array;
  for (int64_t extent : llvm::reverse(call.shape)) {
    array.dims.emplace_back(0, extent, array.count);
    array.count *= extent;
  }
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int64_t> uniform(call.low, call.high - 1);
  if (call.elementType.isF32())
    array.fill<float>(normal, {halide_type_float, 32, 1});
  else if (call.elementType.isSignlessInteger(64))
    array.fill<int64_t>(uniform, {halide_type_int, 64, 1});
  else if (call.elementType.isSignlessInteger(32))
    array.fill<int32_t>(uniform, {halide_type_int, 32, 1});
  else
    return llvm::createStringError(
        "a kernel has a buffer that is not of f32, i32 or i64");
  return array;
}

halide_buffer_t *CallArray::describe() {
  buffer.host =
      reinterpret_cast<uint8_t *>(llvm::alignAddr(memory.data(), kAlignment));
  buffer.type = type;
  buffer.dimensions = dims.size();
  buffer.dim = dims.data();
  return &buffer;
}
