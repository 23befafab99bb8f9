/*===-- HalideError.c - What Halide's own runtime asks of ours ----*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Halide's runtime calls `halide_error` when a kernel fails and by default ends
|* the process. This definition takes the place of its weak one: the text goes
|* to the context of the call and the kernel returns its code, which travels up
|* as an ordinary failure. Kernels are compiled so that they pass the context
|* along, also from worker threads.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <string.h>

void halide_error(void *user_context, const char *message);

void halide_error(void *user_context, const char *message) {
  sylvite_context *context = user_context;
  /* Several threads may fail in one call; the first one tells. */
  if (!context || atomic_exchange(&context->failed, true))
    return;
  size_t length = strcspn(message, "\n");
  sylvite_fail(&context->error, SYLVITE_ERROR_KERNEL, "%.*s", (int)length,
               message);
}
