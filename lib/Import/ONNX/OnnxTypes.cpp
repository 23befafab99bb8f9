//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The table of element types.
///
//===----------------------------------------------------------------------===//

#include "OnnxTypes.h"

using namespace sylvite;

static const OnnxType table[] = {
    {1, "float", 32, true, 4, DType::F32},
    {2, "uint8", 8, false, 5, DType::U8},
    {3, "int8", 8, true, 5, DType::I8},
    {4, "uint16", 16, false, 5, DType::U16},
    {5, "int16", 16, true, 5, DType::I16},
    {6, "int32", 32, true, 5, DType::I32},
    {7, "int64", 64, true, 7, DType::I64},
    {8, "string", 0, false, 0, std::nullopt},
    {9, "bool", 8, false, 5, DType::BOOL},
    {10, "float16", 16, true, 5, DType::F16},
    {11, "double", 64, true, 10, DType::F64},
    {12, "uint32", 32, false, 11, DType::U32},
    {13, "uint64", 64, false, 11, DType::U64},
    {14, "complex64", 64, true, 4, std::nullopt},
    {15, "complex128", 128, true, 10, std::nullopt},
    {16, "bfloat16", 16, true, 5, DType::BF16},
    {17, "float8e4m3fn", 8, true, 5, DType::F8_E4M3},
    {18, "float8e4m3fnuz", 8, true, 5, std::nullopt},
    {19, "float8e5m2", 8, true, 5, DType::F8_E5M2},
    {20, "float8e5m2fnuz", 8, true, 5, std::nullopt},
    {21, "uint4", 4, false, 5, DType::U8},
    {22, "int4", 4, true, 5, DType::I8},
    {23, "float4e2m1", 4, true, 5, std::nullopt},
    {24, "float8e8m0", 8, false, 5, DType::F8_E8M0},
    {25, "uint2", 2, false, 5, DType::U8},
    {26, "int2", 2, true, 5, DType::I8},
};

const OnnxType *sylvite::lookupOnnxType(uint64_t number) {
  for (const OnnxType &type : table)
    if (type.number == number)
      return &type;
  return nullptr;
}
