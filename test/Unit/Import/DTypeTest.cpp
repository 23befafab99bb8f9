//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Element types and their widening.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/DType.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace sylvite;

TEST(DType, EveryNameIsParsedBack) {
#define SYLVITE_DTYPE(NAME, BITS)                                              \
  EXPECT_EQ(getName(DType::NAME), #NAME);                                      \
  EXPECT_EQ(parseDType(#NAME), DType::NAME);                                   \
  EXPECT_EQ(getBitWidth(DType::NAME), unsigned(BITS));
#include "sylvite/Import/SafeTensors/DTypes.def"
  EXPECT_EQ(parseDType("f32"), std::nullopt);
  EXPECT_EQ(parseDType(""), std::nullopt);
}

/// What LLVM's own soft floats make of 16 bits.
static float widenByAPFloat(const llvm::fltSemantics &semantics,
                            uint16_t bits) {
  llvm::APFloat value(semantics, llvm::APInt(16, bits));
  bool losesInfo;
  value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven,
                &losesInfo);
  EXPECT_FALSE(losesInfo);
  return value.convertToFloat();
}

static void compareAll(const llvm::fltSemantics &semantics,
                       float (*widen)(uint16_t)) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    float expected = widenByAPFloat(semantics, bits);
    float actual = widen(bits);
    // The payload of a NaN is nobody's business.
    if (std::isnan(expected))
      ASSERT_TRUE(std::isnan(actual)) << bits;
    else
      ASSERT_EQ(llvm::bit_cast<uint32_t>(expected),
                llvm::bit_cast<uint32_t>(actual))
          << bits;
  }
}

TEST(DType, EveryHalfWidensExactly) {
  compareAll(llvm::APFloat::IEEEhalf(), halfToFloat);
}

TEST(DType, EveryBFloat16WidensExactly) {
  compareAll(llvm::APFloat::BFloat(), bfloat16ToFloat);
}

TEST(DType, WideningNeedsNoAlignment) {
  // 1.5 and -2 as halves, from an odd address.
  const uint8_t bytes[] = {0xAA, 0x00, 0x3E, 0x00, 0xC0};
  float out[2];
  widenToF32(DType::F16, bytes + 1, out);
  EXPECT_EQ(out[0], 1.5f);
  EXPECT_EQ(out[1], -2.0f);
}
