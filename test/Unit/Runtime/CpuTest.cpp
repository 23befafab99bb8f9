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
  sylvite_error error;
  EXPECT_EQ(sylvite_check_cpu(SYLVITE_CPU_AVX2, SYLVITE_CPU_AVX2, "x86-64-v3",
                              &error),
            SYLVITE_OK);
  EXPECT_EQ(sylvite_check_cpu(SYLVITE_CPU_AVX2 | SYLVITE_CPU_AVX512F |
                                  SYLVITE_CPU_AVX512BW,
                              SYLVITE_CPU_AVX2, "x86-64-v4", &error),
            SYLVITE_ERROR_UNSUPPORTED_CPU);
  EXPECT_STREQ(error.text,
               "the library was compiled for x86-64-v4; this processor lacks "
               "avx512f, avx512bw; compile with another --target");
}

TEST(Cpu, AllNamesFitTheMessage) {
  sylvite_error error;
  EXPECT_EQ(sylvite_check_cpu(UINT64_MAX, 0, "x86-64-v4", &error),
            SYLVITE_ERROR_UNSUPPORTED_CPU);
  EXPECT_NE(std::string(error.text).find("avxvnni; compile"),
            std::string::npos);
}
