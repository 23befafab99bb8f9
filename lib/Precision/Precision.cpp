//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The precisions by their names.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Precision/Precision.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;

static constexpr PrecisionInfo kPrecisions[] = {
    {Precision::F32, "f32"},
    {Precision::BF16, "bf16"},
    {Precision::F16, "f16"},
    {Precision::Int8, "int8"},
};

llvm::ArrayRef<PrecisionInfo> sylvite::getPrecisions() { return kPrecisions; }

llvm::StringRef sylvite::getPrecisionName(Precision precision) {
  return kPrecisions[unsigned(precision)].name;
}

llvm::Expected<Precision> sylvite::parsePrecision(llvm::StringRef name) {
  for (const PrecisionInfo &info : kPrecisions)
    if (info.name == name)
      return info.precision;
  auto names = llvm::map_range(
      kPrecisions, [](const PrecisionInfo &info) { return info.name; });
  return llvm::createStringError("unknown precision '" + name.str() +
                                 "': expected " + llvm::join(names, ", "));
}
