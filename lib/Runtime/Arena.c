/*===-- Arena.c - Contexts and their memory -----------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* All intermediate values of a call lie in one arena, which belongs to the
|* context. It grows to the largest call so far and is then used again, so that
|* calls after the first allocate nothing.
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#include <inttypes.h>
#include <stdlib.h>

int sylvite_context_create(const sylvite_model *model, sylvite_context **out) {
  sylvite_error *error = sylvite_thread_error();
  if (!out)
    return sylvite_fail(error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "the place for the context is NULL");
  *out = NULL;
  if (!model)
    return sylvite_fail(error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "the model is NULL");
  sylvite_context *context = calloc(1, sizeof *context);
  if (!context)
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a context");
  context->model = model;
  *out = context;
  return SYLVITE_OK;
}

void sylvite_context_destroy(sylvite_context *context) {
  if (!context)
    return;
  sylvite_free_scratch(context);
  if (context->model->device)
    sylvite_device_free_arena(context);
  else
    free(context->arena);
  free(context);
}

int sylvite_reserve(sylvite_context *context, uint64_t bytes) {
  if (context->model->device)
    return sylvite_device_reserve(context, bytes);
  if (bytes <= context->arena_bytes)
    return SYLVITE_OK;
  /* Nothing in the old arena is needed: free first, so that both never exist
     at the same time. */
  free(context->arena);
  context->arena_bytes = 0;
  context->arena = bytes > PTRDIFF_MAX
                       ? NULL
                       : aligned_alloc(SYLVITE_ALIGNMENT, sylvite_align(bytes));
  if (!context->arena)
    return sylvite_fail(&context->error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for an arena of %" PRIu64 " bytes",
                        bytes);
  context->arena_bytes = bytes;
  return SYLVITE_OK;
}
