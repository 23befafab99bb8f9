/*===- Limits.h - What this machine can do at most ----------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The machine's own limits, to be measured in the run that they are compared
|* with, beside what is compared: clocks change within seconds.
|*
|* Each is the median of samples of about a millisecond, which is what a program
|* that runs for longer gets. The best sample would be a short burst of a clock
|* that no such program sees.
|*
|* The results are negative where nothing could be measured.
|*
\*===----------------------------------------------------------------------===*/

#ifndef SYLVITE_SUPPORT_LIMITS_H
#define SYLVITE_SUPPORT_LIMITS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Floating-point operations a second of so many threads that do nothing but
   multiply and add f32 vectors in registers for so many seconds. Of so many
   lanes: 4 (where multiplication and addition are instructions of their own),
   8, 16, or 0 for the widest that the processor has. */
double limits_fma(int threads, double seconds, int lanes);

/* The same for the instructions that multiply pairs of bf16 (VDPBF16PS) and add
   to f32, and fours of int8 (VPDPBUSD) and add to int32; negative where the
   processor has no such instruction of 512 bits. */
double limits_bf16(int threads, double seconds);
double limits_int8(int threads, double seconds);

/* Bytes a second that so many threads read from memory, beyond all caches. */
double limits_read(int threads, double seconds);

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_SUPPORT_LIMITS_H */
