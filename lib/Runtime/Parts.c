/*===-- Parts.c - A call as one part of its batch after the other -*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* What a large batch gives does not fit into a cache: each kernel would read
|* from memory what the one before wrote there. Where rows of a batch do not
|* depend on each other, the function is run on some of them at a time.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <alloca.h>
#include <string.h>

/* How much of the batch makes one part; 0 for a function without one. */
static int64_t get_part(const sylvite_function *function, const int64_t *dims) {
  if (function->batch_dim < 0)
    return 0;
  int64_t rows = function->batch_rows;
  if (rows < 0)
    rows = dims[-1 - rows];
  int64_t part = SYLVITE_PART_ROWS / rows, all = dims[function->batch_dim];
  part = part < 1 ? 1 : part;
  return part < all ? part : all;
}

/* The dimensions of a part of that extent, in `part_dims`. */
static void set_part(const sylvite_function *function, const int64_t *dims,
                     int64_t part, int64_t *part_dims) {
  memcpy(part_dims, dims, sizeof(int64_t) * (size_t)function->num_dims);
  part_dims[function->batch_dim] = part;
}

uint64_t sylvite_part_bytes(const sylvite_function *function,
                            const int64_t *dims) {
  int64_t part = get_part(function, dims);
  if (!part)
    return function->arena(dims);
  int64_t *part_dims = alloca(sizeof(int64_t) * (size_t)function->num_dims);
  set_part(function, dims, part, part_dims);
  return function->arena(part_dims);
}

/* Bytes from one part to the next; `dims` are those of a part. */
static uint64_t get_step(const sylvite_function *function,
                         const sylvite_tensor *tensor, const int64_t *dims) {
  if (!tensor->rank || tensor->shape[0] != -1 - (int64_t)function->batch_dim)
    return 0;
  return sylvite_num_elements(tensor, dims) *
         sylvite_element_bytes(tensor->element_type);
}

int32_t sylvite_run_parts(sylvite_context *context,
                          const sylvite_function *function, const int64_t *dims,
                          const void **inputs, void **outputs) {
  const uint8_t *weights = context->model->weights;
  int64_t part = get_part(function, dims);
  if (!part || part == dims[function->batch_dim])
    return function->impl(context, dims, weights, context->arena, inputs,
                          outputs);
  int64_t *part_dims = alloca(sizeof(int64_t) * (size_t)function->num_dims);
  int64_t rest = dims[function->batch_dim];
  set_part(function, dims, part, part_dims);
  for (;;) {
    int32_t code = function->impl(context, part_dims, weights, context->arena,
                                  inputs, outputs);
    rest -= part;
    if (code || rest <= 0)
      return code;
    for (int32_t i = 0; i < function->num_inputs; ++i)
      inputs[i] = (const uint8_t *)inputs[i] +
                  get_step(function, &function->inputs[i], part_dims);
    for (int32_t i = 0; i < function->num_outputs; ++i)
      outputs[i] = (uint8_t *)outputs[i] +
                   get_step(function, &function->outputs[i], part_dims);
    /* All but the last one are alike. */
    part_dims[function->batch_dim] = part < rest ? part : rest;
  }
}
