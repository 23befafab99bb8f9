//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// By integer arithmetic, because devices flush numbers to zero that f32 has no
/// leading one for.
///
//===----------------------------------------------------------------------===//

#include "NarrowFloats.h"
#include "Types.h"

using namespace mlir;
using namespace sylvite;
using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::select;

bool emit::areIntegers(Type type, const Device *device) {
  if (!device || !isNarrowFloat(type))
    return false;
  return type.isBF16() || device->api != Device::Api::Cuda;
}

/// A constant with these bits.
static Expr bits(uint32_t value) {
  return Halide::Internal::make_const(Halide::UInt(32), uint64_t(value));
}

static Expr toBits(Expr number) { return reinterpret<uint32_t>(number); }

Expr emit::widenBits(Expr narrow, Type type) {
  Expr wide = cast<uint32_t>(narrow);
  if (type.isBF16())
    return reinterpret<float>(wide << bits(16));
  Expr sign = (wide & bits(0x8000)) << bits(16);
  Expr exponent = wide & bits(0x7c00);
  Expr shifted = (wide & bits(0x7fff)) << bits(13);
  // Without a leading one the fraction counts 2^-24.
  Expr small =
      toBits(cast<float>(cast<int32_t>(wide & bits(0x3ff))) * 0x1p-24f);
  // The exponent is 112 less than that of f32, and twice that for infinity.
  Expr magnitude =
      select(exponent == bits(0), small, exponent == bits(0x7c00),
             shifted + bits(0x70000000), shifted + bits(0x38000000));
  return reinterpret<float>(magnitude | sign);
}

/// Drops the low bits, to the nearest, and to even.
static Expr dropBits(Expr value, int count) {
  Expr odd = (value >> bits(count)) & bits(1);
  return (value + bits((1u << (count - 1)) - 1) + odd) >> bits(count);
}

Expr emit::roundToBits(Expr number, Type type) {
  Expr wide = toBits(cast<float>(number));
  Expr magnitude = wide & bits(0x7fffffff);
  Expr isNan = magnitude > bits(0x7f800000);
  if (type.isBF16()) {
    // A NaN whose high bits are those of infinity would become it.
    Expr nan = (wide >> bits(16)) | bits(0x40);
    return cast<uint16_t>(select(isNan, nan, dropBits(wide, 16)));
  }
  Expr sign = (wide >> bits(16)) & bits(0x8000);
  // 0.5 has 2^-24 as its last bit: a sum with it is rounded there.
  Expr small = toBits(reinterpret<float>(magnitude) + 0.5f) - bits(0x3f000000);
  Expr normal = dropBits(magnitude - bits(0x38000000), 13);
  Expr rounded =
      select(isNan, bits(0x7e00), magnitude >= bits(0x47800000), bits(0x7c00),
             magnitude < bits(0x38800000), small, normal);
  return cast<uint16_t>(rounded | sign);
}

Expr emit::takeResult(Expr result, Type type) {
  using namespace Halide::Internal;
  if (result.type().is_float() && result.type().bits() == 32)
    return result;
  if (auto *rounded = result.as<Cast>())
    return widenBits(roundToBits(rounded->value, type), type);
  if (auto *same = result.as<Reinterpret>())
    return widenBits(reinterpret<uint16_t>(same->value), type);
  // A constant.
  return cast<float>(result);
}
