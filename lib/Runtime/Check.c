/*===-- Check.c - Arguments are checked before any kernel runs ----*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Kernels trust their arguments: an id outside the vocabulary would read
|* outside the embedding table. So everything that a caller may get wrong is
|* found here, and the message says which argument and which value it was.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The extent that a name made of others stands for, such as `2*batch*seq` or
   `batch*(past+seq)`: sums of products, all positive. The text is read on to
   `*name`, and is what the compiler wrote. Too large a number is INT64_MAX. */
static int64_t get_composed(const sylvite_function *function,
                            const int64_t *dims, const char **name) {
  int64_t sum = 0;
  for (;;) {
    int64_t product = 1, factor = 1;
    for (;;) {
      if (**name == '(') {
        ++*name;
        factor = get_composed(function, dims, name);
        ++*name;
      } else {
        size_t length = strcspn(*name, "*+()");
        factor = 0;
        for (int32_t i = 0; i < function->num_dims; ++i)
          if (strlen(function->dims[i].name) == length &&
              memcmp(function->dims[i].name, *name, length) == 0)
            factor = dims[i];
        if (factor == 0)
          factor = strtoll(*name, NULL, 10);
        *name += length;
      }
      if (__builtin_mul_overflow(product, factor, &product))
        product = INT64_MAX;
      if (**name != '*')
        break;
      ++*name;
    }
    if (__builtin_add_overflow(sum, product, &sum))
      sum = INT64_MAX;
    if (**name != '+')
      return sum;
    ++*name;
  }
}

int sylvite_check_dims(const sylvite_function *function, const int64_t *dims,
                       sylvite_error *error) {
  for (int32_t i = 0; i < function->num_dims; ++i) {
    const sylvite_dim *dim = &function->dims[i];
    /* Kernels index with 32 bits, so that is a limit for every dimension. */
    int64_t max = dim->max > 0 ? dim->max : INT32_MAX;
    if (dims[i] < 1 || dims[i] > max)
      return sylvite_fail(error, SYLVITE_ERROR_DIMENSION,
                          "%s = %" PRId64 " is outside [1, %" PRId64 "]",
                          dim->name, dims[i], max);
  }
  for (int32_t i = 0; i < function->num_dims; ++i) {
    const char *name = function->dims[i].name;
    if (!name[strcspn(name, "*(")])
      continue;
    int64_t extent = get_composed(function, dims, &name);
    if (dims[i] != extent)
      return sylvite_fail(error, SYLVITE_ERROR_DIMENSION,
                          "%s = %" PRId64 " should be %" PRId64,
                          function->dims[i].name, dims[i], extent);
  }
  return SYLVITE_OK;
}

/* Fails unless `data` is a multiple of the element's size. */
static int check_alignment(const sylvite_tensor *tensor, const void *data,
                           sylvite_error *error) {
  uint64_t bytes = sylvite_element_bytes(tensor->element_type);
  if ((uintptr_t)data % bytes == 0)
    return SYLVITE_OK;
  return sylvite_fail(error, SYLVITE_ERROR_ALIGNMENT,
                      "%s = %p is not aligned to the %" PRIu64
                      " bytes of its elements",
                      tensor->name, data, bytes);
}

/* Writes the position of element `index` as "[0, 3]". */
static void print_position(const sylvite_tensor *tensor, const int64_t *dims,
                           uint64_t index, char *text, size_t size) {
  uint64_t stride = sylvite_num_elements(tensor, dims);
  size_t used = 0;
  for (int64_t axis = 0; axis < tensor->rank && used < size; ++axis) {
    stride /= (uint64_t)sylvite_extent(tensor, axis, dims);
    used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64,
                             axis ? ", " : "[", index / stride);
    index %= stride;
  }
  if (used < size)
    snprintf(text + used, size - used, tensor->rank ? "]" : "[]");
}

static int report_value(const sylvite_tensor *input, const int64_t *dims,
                        uint64_t index, int64_t value, sylvite_error *error) {
  char position[128];
  print_position(input, dims, index, position, sizeof position);
  return sylvite_fail(
      error, SYLVITE_ERROR_VALUE,
      "%s%s = %" PRId64 " is outside [%" PRId64 ", %" PRId64 ")", input->name,
      position, value, input->range_low, input->range_high);
}

/* One loop per integer type, simple enough to be vectorised: count first, look
   for the culprit only where there is one. */
#define CHECK_RANGE(TYPE)                                                      \
  do {                                                                         \
    const TYPE *values = data;                                                 \
    uint64_t outside = 0;                                                      \
    for (uint64_t i = 0; i < elements; ++i)                                    \
      outside |= (uint64_t)(values[i] < low) | (uint64_t)(values[i] >= high);  \
    if (!outside)                                                              \
      return SYLVITE_OK;                                                       \
    for (uint64_t i = 0; i < elements; ++i)                                    \
      if (values[i] < low || values[i] >= high)                                \
        return report_value(input, dims, i, values[i], error);                 \
    return SYLVITE_OK;                                                         \
  } while (false)

static int check_range(const sylvite_tensor *input, const int64_t *dims,
                       const void *data, sylvite_error *error) {
  uint64_t elements = sylvite_num_elements(input, dims);
  int64_t low = input->range_low, high = input->range_high;
  switch (input->element_type) {
  case SYLVITE_I8:
    CHECK_RANGE(int8_t);
  case SYLVITE_I16:
    CHECK_RANGE(int16_t);
  case SYLVITE_I32:
    CHECK_RANGE(int32_t);
  case SYLVITE_I64:
    CHECK_RANGE(int64_t);
  case SYLVITE_U16:
    CHECK_RANGE(uint16_t);
  case SYLVITE_U32:
    CHECK_RANGE(uint32_t);
  case SYLVITE_U8:
  case SYLVITE_BOOL:
    CHECK_RANGE(uint8_t);
  default:
    /* Ranges are for integers; the compiler gives floats none. */
    return SYLVITE_OK;
  }
}

int sylvite_check_input(const sylvite_tensor *input, const int64_t *dims,
                        const void *data, sylvite_error *error) {
  if (!data) {
    if (input->flags & SYLVITE_HAS_DEFAULT)
      return SYLVITE_OK;
    return sylvite_fail(error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "%s is NULL and has no default", input->name);
  }
  int code = check_alignment(input, data, error);
  if (code || !(input->flags & SYLVITE_HAS_RANGE))
    return code;
  return check_range(input, dims, data, error);
}

int sylvite_check_output(const sylvite_tensor *output, const void *data,
                         sylvite_error *error) {
  return data ? check_alignment(output, data, error) : SYLVITE_OK;
}

int sylvite_check_lengths(const sylvite_tensor *mask, const int64_t *dims,
                          const int32_t *lengths, sylvite_error *error) {
  if (!lengths)
    return sylvite_fail(error, SYLVITE_ERROR_NULL_ARGUMENT, "lengths is NULL");
  int64_t rows = sylvite_extent(mask, 0, dims);
  int64_t columns = sylvite_extent(mask, 1, dims);
  for (int64_t row = 0; row < rows; ++row)
    if (lengths[row] < 0 || lengths[row] > columns)
      return sylvite_fail(error, SYLVITE_ERROR_VALUE,
                          "lengths[%" PRId64 "] = %" PRId32
                          " is outside [0, %" PRId64 "]",
                          row, lengths[row], columns);
  return SYLVITE_OK;
}
