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
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
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

TEST(DType, HoldsTheElementsOfTensors) {
  mlir::MLIRContext context;
  auto integer = [&](unsigned bits,
                     mlir::IntegerType::SignednessSemantics sign) {
    return getDType(mlir::IntegerType::get(&context, bits, sign));
  };
  EXPECT_EQ(getDType(mlir::BFloat16Type::get(&context)), DType::BF16);
  EXPECT_EQ(getDType(mlir::Float64Type::get(&context)), DType::F64);
  EXPECT_EQ(integer(1, mlir::IntegerType::Signless), DType::BOOL);
  EXPECT_EQ(integer(8, mlir::IntegerType::Signless), DType::I8);
  EXPECT_EQ(integer(8, mlir::IntegerType::Unsigned), DType::U8);
  EXPECT_EQ(integer(64, mlir::IntegerType::Signed), DType::I64);
  EXPECT_EQ(integer(24, mlir::IntegerType::Signless), std::nullopt);
  EXPECT_EQ(integer(32, mlir::IntegerType::Unsigned), DType::U32);
  EXPECT_EQ(integer(4, mlir::IntegerType::Unsigned), std::nullopt);
  EXPECT_EQ(getDType(mlir::IndexType::get(&context)), std::nullopt);
  EXPECT_EQ(getDType(mlir::Float8E5M2Type::get(&context)), std::nullopt);
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

/// Rounds each value that has as many bits of mantissa and one more, and its
/// neighbours: ties, and both sides of them.
static void roundAll(const llvm::fltSemantics &semantics,
                     uint16_t (*round)(float), float (*widen)(uint16_t)) {
  auto check = [&](float value) {
    llvm::APFloat expected(value);
    bool losesInfo;
    expected.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    if (expected.isNaN())
      EXPECT_TRUE(std::isnan(widen(round(value))));
    else
      EXPECT_EQ(expected.bitcastToAPInt().getZExtValue(), round(value))
          << value;
  };
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    float value = widen(bits), next = widen(bits + 1);
    for (float each : {value, (value + next) / 2}) {
      check(each);
      check(std::nextafter(each, INFINITY));
      check(std::nextafter(each, -INFINITY));
    }
  }
  // A NaN whose payload is in the low bits alone, and numbers out of range.
  check(llvm::bit_cast<float>(0x7F800001u));
  check(llvm::bit_cast<float>(0xFFFFFFFFu));
  check(65519.0f);
  check(65520.0f);
  check(3.4e38f);
  check(-1e-30f);
}

TEST(DType, HalvesRoundToNearestEven) {
  roundAll(llvm::APFloat::IEEEhalf(), floatToHalf, halfToFloat);
}

TEST(DType, BFloat16RoundsToNearestEven) {
  roundAll(llvm::APFloat::BFloat(), floatToBfloat16, bfloat16ToFloat);
}

TEST(DType, WideningNeedsNoAlignment) {
  // 1.5 and -2 as halves, from an odd address.
  const uint8_t bytes[] = {0xAA, 0x00, 0x3E, 0x00, 0xC0};
  float out[2];
  widenToF32(DType::F16, bytes + 1, out);
  EXPECT_EQ(out[0], 1.5f);
  EXPECT_EQ(out[1], -2.0f);
}
