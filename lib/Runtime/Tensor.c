/*===-- Tensor.c - Extents, sizes and defaults --------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Facts about one input or output of a function for given dimensions.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <string.h>

int64_t sylvite_extent(const sylvite_tensor *tensor, int64_t axis,
                       const int64_t *dims) {
  int64_t extent = tensor->shape[axis];
  return extent < 0 ? dims[-1 - extent] : extent;
}

uint64_t sylvite_num_elements(const sylvite_tensor *tensor,
                              const int64_t *dims) {
  uint64_t elements = 1;
  for (int64_t axis = 0; axis < tensor->rank; ++axis)
    elements = sylvite_multiply(elements,
                                (uint64_t)sylvite_extent(tensor, axis, dims));
  return elements;
}

uint64_t sylvite_element_bytes(int32_t element_type) {
  switch (element_type) {
#define SYLVITE_ELEMENT_TYPE(name, number, bytes, text, c_type, npy)           \
  case number:                                                                 \
    return bytes;
#include "sylvite/Runtime/ElementTypes.def"
  }
  return 0;
}

void sylvite_fill_default(const sylvite_tensor *tensor, uint64_t elements,
                          void *data) {
  uint64_t bytes = sylvite_element_bytes(tensor->element_type);
  for (uint64_t i = 0; i < elements; ++i)
    memcpy((uint8_t *)data + i * bytes, &tensor->default_bits, bytes);
}
