/*===-- Profile.c - When kernels ran ------------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Compiled code looks at one pointer behind each kernel, which is NULL unless a
|* profile is wanted. The caller gives the memory, so that noting a kernel is
|* reading a clock and writing three words.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <time.h>

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int sylvite_profile(sylvite_context *context, sylvite_event *events,
                    uint64_t capacity) {
  if (!context)
    return sylvite_fail(sylvite_thread_error(), SYLVITE_ERROR_NULL_ARGUMENT,
                        "the context is NULL");
  context->log = (sylvite_profile_log){.events = events, .capacity = capacity};
  context->profile = events ? &context->log : NULL;
  return SYLVITE_OK;
}

uint64_t sylvite_profile_count(const sylvite_context *context) {
  return context ? context->log.count : 0;
}

void sylvite_begin_profile(sylvite_context *context, uint32_t function) {
  context->log.function = function;
  context->log.last = now();
}

void sylvite_note_kernel(sylvite_profile_log *log, uint32_t call) {
  uint64_t end = now();
  if (log->count < log->capacity)
    log->events[log->count] =
        (sylvite_event){log->function, call, log->last, end};
  ++log->count;
  log->last = end;
}
