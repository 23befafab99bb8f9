/*===- Limits.c - What this machine can do at most ----------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* Loops of independent instructions, as many as keep every unit busy for the
|* time that one instruction takes, and a loop over a large array. Every thread
|* takes samples of its own; their medians are added.
|*
\*===----------------------------------------------------------------------===*/

#include "sylvite/Support/Limits.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { max_threads = 256, max_samples = 8192, steps = 250000, per_step = 14 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#define ALL_REGISTERS                                                          \
  "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",        \
      "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm15"

/* Multiplications or additions. */
static void loop4(int64_t left) {
  __asm__ volatile("xorps %%xmm15, %%xmm15\n"
                   "1:\n"
                   ".irp r, 0, 1, 2, 3, 4, 5, 6\n"
                   "mulps %%xmm15, %%xmm\\r\n"
                   ".endr\n"
                   ".irp r, 7, 8, 9, 10, 11, 12, 13\n"
                   "addps %%xmm15, %%xmm\\r\n"
                   ".endr\n"
                   "dec %0\n"
                   "jnz 1b\n"
                   : "+r"(left)
                   :
                   : ALL_REGISTERS);
}

/* Fused operations; registers begin at 0, as nothing else is known of them. */
#define FUSED_LOOP(INSTRUCTION, REGISTER)                                      \
  __asm__ volatile("vzeroall\n"                                                \
                   "1:\n"                                                      \
                   ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13\n"    \
                   INSTRUCTION " %%" REGISTER "15, %%" REGISTER                 \
                   "15, %%" REGISTER "\\r\n"                                   \
                   ".endr\n"                                                   \
                   "dec %0\n"                                                  \
                   "jnz 1b\n"                                                  \
                   "vzeroupper\n"                                              \
                   : "+r"(left)                                                \
                   :                                                           \
                   : ALL_REGISTERS, "xmm14")

__attribute__((target("avx2,fma"))) static void loop8(int64_t left) {
  FUSED_LOOP("vfmadd231ps", "ymm");
}

__attribute__((target("avx512f"))) static void loop16(int64_t left) {
  FUSED_LOOP("vfmadd231ps", "zmm");
}

__attribute__((target("avx512bf16"))) static void loop_bf16(int64_t left) {
  FUSED_LOOP("vdpbf16ps", "zmm");
}

__attribute__((target("avx512vnni"))) static void loop_int8(int64_t left) {
  FUSED_LOOP("vpdpbusd", "zmm");
}

/* What a loop repeats: one kind of instruction, and the operations of one. */
typedef struct kind {
  void (*loop)(int64_t left);
  double operations;
} kind;

static const kind fma4 = {loop4, 4}, fma8 = {loop8, 16}, fma16 = {loop16, 32},
                  dot_bf16 = {loop_bf16, 64}, dot_int8 = {loop_int8, 128};

typedef struct work {
  /* NULL: operations of that kind. */
  const char *buffer;
  size_t bytes;
  const kind *kind;
  double seconds;
  double rate;
  double samples[max_samples];
  volatile uint64_t sum;
} work;

/* Operations. */
static double multiply_add(const kind *kind) {
  kind->loop(steps);
  return (double)steps * per_step * kind->operations;
}

/* Bytes. */
static double read_buffer(work *w) {
  const uint64_t *at = (const uint64_t *)w->buffer;
  uint64_t sum[8] = {0};
  for (size_t i = 0; i + 8 <= w->bytes / 8; i += 8)
    for (int lane = 0; lane < 8; ++lane)
      sum[lane] += at[i + (size_t)lane];
  for (int lane = 1; lane < 8; ++lane)
    sum[0] += sum[lane];
  w->sum = sum[0];
  return (double)w->bytes;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void *measure(void *argument) {
  work *w = argument;
  size_t count = 0;
  double begin = now(), last = begin;
  do {
    double amount = w->buffer ? read_buffer(w) : multiply_add(w->kind);
    double end = now();
    w->samples[count++] = amount / (end - last);
    last = end;
  } while (last - begin < w->seconds && count < max_samples);
  qsort(w->samples, count, sizeof(double), compare);
  w->rate = w->samples[count / 2];
  return NULL;
}

static double measure_all(int threads, work like) {
  if (threads < 1 || threads > max_threads)
    return -1;
  work *works = calloc((size_t)threads, sizeof(work));
  pthread_t ids[max_threads];
  if (!works)
    return -1;
  int started = 1;
  for (int i = 0; i < threads; ++i) {
    works[i] = like;
    if (like.buffer)
      works[i].buffer = like.buffer + (size_t)i * like.bytes;
  }
  while (started < threads &&
         !pthread_create(&ids[started], NULL, measure, &works[started]))
    ++started;
  measure(&works[0]);
  double total = works[0].rate;
  for (int i = 1; i < started; ++i) {
    pthread_join(ids[i], NULL);
    total += works[i].rate;
  }
  free(works);
  return started == threads ? total : -1;
}

double limits_fma(int threads, double seconds, int lanes) {
  int widest = __builtin_cpu_supports("avx512f") ? 16
               : __builtin_cpu_supports("fma")   ? 8
                                                 : 4;
  if (!lanes)
    lanes = widest;
  if (lanes > widest || (lanes != 4 && lanes != 8 && lanes != 16))
    return -1;
  const kind *kind = lanes == 16 ? &fma16 : lanes == 8 ? &fma8 : &fma4;
  return measure_all(threads, (work){.kind = kind, .seconds = seconds});
}

double limits_bf16(int threads, double seconds) {
  if (!__builtin_cpu_supports("avx512bf16"))
    return -1;
  return measure_all(threads, (work){.kind = &dot_bf16, .seconds = seconds});
}

double limits_int8(int threads, double seconds) {
  if (!__builtin_cpu_supports("avx512vnni"))
    return -1;
  return measure_all(threads, (work){.kind = &dot_int8, .seconds = seconds});
}

double limits_read(int threads, double seconds) {
  size_t bytes = (size_t)128 << 20;
  char *buffer = malloc(bytes * (size_t)threads);
  if (!buffer)
    return -1;
  memset(buffer, 1, bytes * (size_t)threads);
  double rate = measure_all(
      threads, (work){.buffer = buffer, .bytes = bytes, .seconds = seconds});
  free(buffer);
  return rate;
}
