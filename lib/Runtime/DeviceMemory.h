/*===-- DeviceMemory.h - Memory of a device -----------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* What the files that deal with data on a device have in common: allocations,
|* their parts, and how they are described to Halide.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_LIB_RUNTIME_DEVICEMEMORY_H
#define SYLVITE_LIB_RUNTIME_DEVICEMEMORY_H

#include "Device.h"

#include <pthread.h>

/* What allocations and copies are of. */
static const halide_type sylvite_byte_type = {1, 8, 1};

/* A weight on the device. */
typedef struct device_weight {
  uint64_t offset, bytes;
  uint64_t handle;
} device_weight;

struct sylvite_device_state {
  const void *interface;
  pthread_mutex_t mutex;
  /* By offset, then bytes. */
  device_weight *weights;
  size_t num_weights, capacity;
};

/* An allocation of whole units of the alignment, so that its extents are less
   than 2^31 and the place of a byte is (byte in the unit, unit). */
typedef struct allocation {
  halide_buffer buffer;
  halide_dimension dims[2];
} allocation;

struct sylvite_device_arena {
  allocation whole;
  /* A view that stays until the end: Halide's runtime for Vulkan frees an
     allocation with its last view. */
  halide_buffer guard;
  halide_dimension guard_dims[2];
};

static inline const void *
sylvite_device_interface(const sylvite_context *context) {
  return context->model->device->interface;
}

static inline uint64_t sylvite_round_up(uint64_t bytes) {
  uint64_t unit = SYLVITE_DEVICE_ALIGNMENT;
  return (bytes + unit - 1) / unit * unit;
}

static inline uint64_t sylvite_count_elements(const halide_buffer *buffer) {
  uint64_t elements = 1;
  for (int32_t i = 0; i < buffer->dimensions; ++i)
    elements *= (uint64_t)buffer->dim[i].extent;
  return elements;
}

static inline uint64_t
sylvite_buffer_element_bytes(const halide_buffer *buffer) {
  return (buffer->type.bits + 7u) / 8;
}

static inline bool sylvite_is_in_arena(const sylvite_context *context,
                                       const uint8_t *place) {
  return (uintptr_t)place - (uintptr_t)context->arena < context->arena_bytes;
}

/* A row of elements of a view, and of the processor's memory if there is any.
 */
static inline void sylvite_describe_row(halide_buffer *row,
                                        halide_dimension *dim,
                                        const halide_buffer *view,
                                        uint64_t elements, const void *host) {
  *dim = (halide_dimension){0, (int32_t)elements, 1, 0};
  *row = *view;
  row->dimensions = 1;
  row->dim = dim;
  row->host = (uint8_t *)host;
}

/* How a buffer was bound; stands in `padding`, which kernels leave alone. */
enum { IS_UNBOUND, IS_WEIGHT, IS_VIEW, IS_COPY };

/* Its place while it is bound. */
static inline void sylvite_set_kind(halide_buffer *buffer, uintptr_t kind) {
  buffer->padding = (void *)kind;
}

/* Halide has told the reason, as a rule. */
int sylvite_device_fail(sylvite_context *context, const char *what, int code);

/* An allocation of so many bytes, without memory yet. */
void sylvite_describe_allocation(allocation *a, uint64_t bytes);

/* A row of elements at a place of the arena, with what is left of the last unit
   behind it. */
int sylvite_crop_arena(sylvite_context *context, uint64_t offset,
                       halide_type type, uint64_t elements,
                       halide_buffer *view);

/* Makes the buffer, which names a weight by its place in the mapped file, one
   on the device. */
int sylvite_bind_weight(sylvite_context *context, halide_buffer *buffer);

#endif /* SYLVITE_LIB_RUNTIME_DEVICEMEMORY_H */
