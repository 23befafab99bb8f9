/*===-- Cpu.c - Does this processor have the instructions? --------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Code for an instruction set that is not there ends in SIGILL. A library
|* knows what it was compiled for and looks before it runs anything. This file
|* is compiled for plain x86-64.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <cpuid.h>
#include <stdio.h>

/* What the operating system saves of the vector registers. */
enum register_state { NONE, AVX, AVX512 };

static enum register_state saved_state(void) {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE))
    return NONE;
  /* XGETBV by its bytes: the mnemonic needs a compiler flag. */
  unsigned low, high;
  __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 0x6) != 0x6)
    return NONE;
  return (low & 0xe0) == 0xe0 ? AVX512 : AVX;
}

static bool has_bit(unsigned leaf, char reg, unsigned bit) {
  /* 0x70001 stands for leaf 7, sub-leaf 1. */
  unsigned subleaf = leaf == 0x70001;
  if (subleaf)
    leaf = 7;
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid_count(leaf, subleaf, &eax, &ebx, &ecx, &edx))
    return false;
  unsigned value = reg == 'A' ? eax : reg == 'B' ? ebx : reg == 'C' ? ecx : edx;
  return value >> bit & 1;
}

uint64_t sylvite_cpu_features(void) {
  uint64_t features = 0;
  enum register_state saved = saved_state();
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state)      \
  if (state <= saved && has_bit(leaf, #reg[1], cpuid_bit))                     \
    features |= SYLVITE_CPU_##name;
#include "sylvite/Runtime/CpuFeatures.def"
  return features;
}

bool sylvite_list_missing(uint64_t needed, uint64_t available, char *names,
                          size_t size) {
  uint64_t missing = needed & ~available;
  if (!missing)
    return false;
  size_t used = 0;
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state)      \
  if (missing & SYLVITE_CPU_##name && used < size)                             \
    used += (size_t)snprintf(names + used, size - used, "%s%s",                \
                             used ? ", " : "", text);
#include "sylvite/Runtime/CpuFeatures.def"
  if (!used)
    snprintf(names, size, "an instruction set newer than this runtime");
  return true;
}
