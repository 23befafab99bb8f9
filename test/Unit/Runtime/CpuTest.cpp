//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Instruction sets of the processor.
///
//===----------------------------------------------------------------------===//

#include "Internal.h"

#include <gtest/gtest.h>

#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

// LLVM reads the same facts from CPUID by code of its own.
TEST(Cpu, AgreesWithLLVM) {
  uint64_t features = sylvite_cpu_features();
  llvm::StringMap<bool> expected = llvm::sys::getHostCPUFeatures();
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state)      \
  EXPECT_EQ((features & SYLVITE_CPU_##name) != 0, expected.lookup(text))       \
      << text;
#include "sylvite/Runtime/CpuFeatures.def"
}

TEST(Cpu, NamesWhatIsMissing) {
  char names[64] = "unchanged";
  EXPECT_FALSE(sylvite_list_missing(SYLVITE_CPU_AVX2, SYLVITE_CPU_AVX2, names,
                                    sizeof names));
  EXPECT_STREQ(names, "unchanged");
  EXPECT_TRUE(sylvite_list_missing(SYLVITE_CPU_AVX2 | SYLVITE_CPU_AVX512F |
                                       SYLVITE_CPU_AVX512BW,
                                   SYLVITE_CPU_AVX2, names, sizeof names));
  EXPECT_STREQ(names, "avx512f, avx512bw");
  EXPECT_TRUE(sylvite_list_missing(UINT64_C(1) << 63, 0, names, sizeof names));
  EXPECT_STREQ(names, "an instruction set newer than this runtime");
}

TEST(Cpu, NamesAreCutToFit) {
  char names[20];
  EXPECT_TRUE(sylvite_list_missing(UINT64_MAX, 0, names, sizeof names));
  EXPECT_STREQ(names, "sse3, ssse3, sse4.1");
}
