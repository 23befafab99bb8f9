//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Element types in Halide.
///
//===----------------------------------------------------------------------===//

#include "Types.h"

using namespace mlir;
using namespace sylvite;

Halide::Type emit::convertType(Type type) {
  if (type.isBF16())
    return Halide::BFloat(16);
  if (type.isF16() || type.isF32() || type.isF64())
    return Halide::Float(type.getIntOrFloatBitWidth());
  if (type.isIndex())
    return Halide::Int(32);
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return {};
  if (integer.getWidth() == 1)
    return Halide::Bool();
  if (!llvm::is_contained({8, 16, 32, 64}, integer.getWidth()))
    return {};
  return integer.isUnsigned() ? Halide::UInt(integer.getWidth())
                              : Halide::Int(integer.getWidth());
}

bool emit::isNarrowFloat(Type type) { return type.isF16() || type.isBF16(); }
