//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Loops of independent instructions, as many as keep every unit busy for the
/// time that one instruction takes.
///
//===----------------------------------------------------------------------===//

#include "Peak.h"

#include <chrono>

using namespace sylvite;

/// 14 multiplications or additions a step.
static void loop4(int64_t steps) {
  asm volatile("xorps %%xmm15, %%xmm15\n"
               "1:\n"
               ".irp r, 0, 1, 2, 3, 4, 5, 6\n"
               "mulps %%xmm15, %%xmm\\r\n"
               ".endr\n"
               ".irp r, 7, 8, 9, 10, 11, 12, 13\n"
               "addps %%xmm15, %%xmm\\r\n"
               ".endr\n"
               "dec %0\n"
               "jnz 1b\n"
               : "+r"(steps)
               :
               : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
                 "xmm15");
}

/// 14 fused operations a step.
__attribute__((target("avx2,fma"))) static void loop8(int64_t steps) {
  asm volatile("vxorps %%ymm15, %%ymm15, %%ymm15\n"
               "1:\n"
               ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13\n"
               "vfmadd231ps %%ymm15, %%ymm15, %%ymm\\r\n"
               ".endr\n"
               "dec %0\n"
               "jnz 1b\n"
               "vzeroupper\n"
               : "+r"(steps)
               :
               : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
                 "xmm14", "xmm15");
}

/// 14 fused operations a step.
__attribute__((target("avx512f"))) static void loop16(int64_t steps) {
  asm volatile("vxorps %%xmm15, %%xmm15, %%xmm15\n"
               "1:\n"
               ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13\n"
               "vfmadd231ps %%zmm15, %%zmm15, %%zmm\\r\n"
               ".endr\n"
               "dec %0\n"
               "jnz 1b\n"
               "vzeroupper\n"
               : "+r"(steps)
               :
               : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
                 "xmm14", "xmm15");
}

double sylvite::measurePeak(int64_t lanes) {
  constexpr int64_t steps = 200000;
  auto start = std::chrono::steady_clock::now();
  (lanes == 16 ? loop16 : lanes == 8 ? loop8 : loop4)(steps);
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return double(steps) * 14 * lanes * (lanes == 4 ? 1 : 2) / time.count();
}
