//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Spellings of element types, and the widening of f16 and bf16 by their bits.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/DType.h"
#include "sylvite/Support/ElementType.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/ErrorHandling.h"
#include <cstring>

using namespace sylvite;

llvm::StringRef sylvite::getName(DType dtype) {
  switch (dtype) {
#define SYLVITE_DTYPE(NAME, BITS)                                              \
  case DType::NAME:                                                            \
    return #NAME;
#include "sylvite/Import/SafeTensors/DTypes.def"
  }
  llvm_unreachable("all types are listed");
}

unsigned sylvite::getBitWidth(DType dtype) {
  switch (dtype) {
#define SYLVITE_DTYPE(NAME, BITS)                                              \
  case DType::NAME:                                                            \
    return BITS;
#include "sylvite/Import/SafeTensors/DTypes.def"
  }
  llvm_unreachable("all types are listed");
}

std::optional<DType> sylvite::parseDType(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<DType>>(name)
#define SYLVITE_DTYPE(NAME, BITS) .Case(#NAME, DType::NAME)
#include "sylvite/Import/SafeTensors/DTypes.def"
      .Default(std::nullopt);
}

std::optional<DType> sylvite::getDType(mlir::Type type) {
  // The spellings are the names of element types in capitals.
  std::optional<ElementType> element = getElementType(type);
  return element ? parseDType(getElementName(*element).upper()) : std::nullopt;
}

std::string sylvite::listDTypes() {
  std::string list;
#define SYLVITE_DTYPE(NAME, BITS)                                              \
  list += list.empty() ? "" : ", ";                                            \
  list += #NAME;
#include "sylvite/Import/SafeTensors/DTypes.def"
  return list;
}

bool sylvite::widensToF32(DType dtype) {
  return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16;
}

float sylvite::bfloat16ToFloat(uint16_t bits) {
  return llvm::bit_cast<float>(uint32_t(bits) << 16);
}

float sylvite::halfToFloat(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t magnitude = bits & 0x7FFF;
  // Infinity and NaN: all bits of the wider exponent are set as well.
  if (magnitude >= 0x7C00)
    return llvm::bit_cast<float>(sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
  // A subnormal counts units of 2^-24, which a float holds exactly.
  if (magnitude < 0x0400) {
    float value = float(magnitude) * 0x1p-24f;
    return sign ? -value : value;
  }
  // Otherwise the exponent's bias grows from 15 to 127.
  return llvm::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
}

/// Widens elements of two bytes with `convert`.
template <typename Convert>
static void widenEach(const uint8_t *bytes, llvm::MutableArrayRef<float> out,
                      Convert convert) {
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = convert(llvm::support::endian::read16le(bytes + 2 * i));
}

void sylvite::widenToF32(DType dtype, const uint8_t *bytes,
                         llvm::MutableArrayRef<float> out) {
  switch (dtype) {
  case DType::F32:
    // Memory holds floats as the file does: the compiler runs on little-endian
    // machines only.
    static_assert(llvm::endianness::native == llvm::endianness::little);
    if (!out.empty())
      std::memcpy(out.data(), bytes, out.size() * sizeof(float));
    return;
  case DType::F16:
    return widenEach(bytes, out, halfToFloat);
  case DType::BF16:
    return widenEach(bytes, out, bfloat16ToFloat);
  default:
    llvm_unreachable("the caller asks widensToF32 first");
  }
}

bool sylvite::roundsFromF32(DType dtype) {
  return dtype == DType::F16 || dtype == DType::BF16;
}

uint16_t sylvite::floatToBfloat16(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  // A quiet NaN, lest rounding carries it into the exponent.
  if ((bits & 0x7FFFFFFF) > 0x7F800000)
    return bits >> 16 | 0x40;
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

uint16_t sylvite::floatToHalf(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint32_t sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000)
    return sign | 0x7E00 | (magnitude >> 13 & 0x3FF);
  // 65536 and beyond.
  if (magnitude >= 0x47800000)
    return sign | 0x7C00;
  // Below 2^-14 a half counts units of 2^-24, and so do floats from 0.5 to 1:
  // the sum with 0.5 is rounded as the half is.
  if (magnitude < 0x38800000) {
    float sum = llvm::bit_cast<float>(magnitude) + 0.5f;
    return sign | (llvm::bit_cast<uint32_t>(sum) - 0x3F000000);
  }
  // Otherwise the exponent's bias goes from 127 to 15. A carry out of the
  // mantissa is right: the next exponent, and infinity behind the last.
  magnitude -= 112u << 23;
  return sign | (magnitude + 0xFFF + (magnitude >> 13 & 1)) >> 13;
}

void sylvite::roundFromF32(DType dtype, llvm::ArrayRef<float> values,
                           llvm::MutableArrayRef<uint16_t> out) {
  auto *round = dtype == DType::F16 ? floatToHalf : floatToBfloat16;
  for (auto [value, bits] : llvm::zip_equal(values, out))
    bits = round(value);
}
