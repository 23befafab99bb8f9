/*===-- limits.c - What this machine can do at most ---------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The machine's own limits, measured in the run that they are compared with:
|* multiply-adds in registers, and reads from memory. Built as a library that the
|* benchmark loads.
|*
\*===--------------------------------------------------------------------===*/

#include <immintrin.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { max_threads = 256, lines_of_work = 20000 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Twelve independent sums hide the latency of two units. */
#define FMA_LOOP(VECTOR, FMA, SET, STORE, LANES)                               \
  VECTOR sum[12];                                                              \
  VECTOR factor = SET(0.999f), summand = SET(0.001f);                          \
  for (int i = 0; i < 12; ++i)                                                 \
    sum[i] = SET((float)i);                                                    \
  for (int n = 0; n < lines_of_work; ++n)                                      \
    for (int i = 0; i < 12; ++i)                                               \
      sum[i] = FMA(sum[i], factor, summand);                                   \
  float out[LANES];                                                            \
  float total = 0;                                                             \
  for (int i = 0; i < 12; ++i) {                                               \
    STORE(out, sum[i]);                                                        \
    total += out[0];                                                           \
  }                                                                            \
  *keep = total;                                                               \
  return 2.0 * LANES * 12 * lines_of_work

__attribute__((target("avx512f"))) static double fma512(volatile float *keep) {
  FMA_LOOP(__m512, _mm512_fmadd_ps, _mm512_set1_ps, _mm512_storeu_ps, 16);
}

__attribute__((target("avx2,fma"))) static double fma256(volatile float *keep) {
  FMA_LOOP(__m256, _mm256_fmadd_ps, _mm256_set1_ps, _mm256_storeu_ps, 8);
}

typedef struct work {
  const char *buffer; /* NULL: multiply-adds */
  size_t bytes;
  double seconds;
  double rate;
  volatile float keep;
} work;

static double read_buffer(work *w) {
  const uint64_t *at = (const uint64_t *)w->buffer;
  uint64_t sum[8] = {0};
  for (size_t i = 0; i + 8 <= w->bytes / 8; i += 8)
    for (int lane = 0; lane < 8; ++lane)
      sum[lane] += at[i + (size_t)lane];
  for (int lane = 1; lane < 8; ++lane)
    sum[0] += sum[lane];
  w->keep = (float)sum[0];
  return (double)w->bytes;
}

/* The best of many short samples: anything else that runs makes a sample worse,
   nothing makes it better. */
static void *measure(void *argument) {
  work *w = argument;
  double begin = now(), last = begin;
  while (last - begin < w->seconds) {
    double amount = w->buffer ? read_buffer(w)
                    : __builtin_cpu_supports("avx512f") ? fma512(&w->keep)
                                                        : fma256(&w->keep);
    double end = now();
    if (amount / (end - last) > w->rate)
      w->rate = amount / (end - last);
    last = now();
  }
  return NULL;
}

static double measure_all(int threads, double seconds, char *buffer,
                          size_t bytes) {
  static work works[max_threads];
  pthread_t ids[max_threads];
  if (threads < 1 || threads > max_threads)
    return -1;
  for (int i = 0; i < threads; ++i) {
    works[i] = (work){.seconds = seconds, .bytes = bytes};
    if (buffer)
      works[i].buffer = buffer + (size_t)i * bytes;
    if (i && pthread_create(&ids[i], NULL, measure, &works[i]))
      return -1;
  }
  measure(&works[0]);
  double total = works[0].rate;
  for (int i = 1; i < threads; ++i) {
    pthread_join(ids[i], NULL);
    total += works[i].rate;
  }
  return total;
}

/* f32 multiply-adds of so many threads, in FLOP per second; negative where it
   could not be measured. */
double limits_fma(int threads, double seconds) {
  return measure_all(threads, seconds, NULL, 0);
}

/* Reads from memory, beyond all caches, in bytes per second. */
double limits_read(int threads, double seconds) {
  size_t bytes = (size_t)128 << 20;
  char *buffer = malloc(bytes * (size_t)threads);
  if (!buffer)
    return -1;
  memset(buffer, 1, bytes * (size_t)threads);
  double rate = measure_all(threads, seconds, buffer, bytes);
  free(buffer);
  return rate;
}
