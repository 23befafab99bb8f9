/*===-- DeviceMemory.c - Memory of a device -----------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A context's arena is one allocation, in which inputs and outputs have places,
|* too. Compiled code calculates with addresses; the arena's are a range that is
|* reserved and has no memory.
|*
|* Allocations, views among them, are of whole units of some hundred bytes, also
|* those that kernels ask for while they run: Halide's runtime for Vulkan rounds
|* sizes down where it passes them to a kernel, and what is behind reads as 0.
|*
\*===--------------------------------------------------------------------===*/

#include "DeviceMemory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Held while memory is asked for, and from where the guard goes until its
   allocation is free. */
static pthread_mutex_t memory_mutex = PTHREAD_MUTEX_INITIALIZER;

/* From here on the first thing that goes wrong is told. */
static void expect_errors(sylvite_context *context) {
  context->error.text[0] = '\0';
  atomic_store(&context->failed, false);
}

/* Halide has told the reason, as a rule. */
int sylvite_device_fail(sylvite_context *context, const char *what, int code) {
  if (!context->error.text[0])
    sylvite_fail(&context->error, SYLVITE_ERROR_DEVICE,
                 "%s failed on the device with code %d", what, code);
  return SYLVITE_ERROR_DEVICE;
}

void sylvite_describe_allocation(allocation *a, uint64_t bytes) {
  *a = (allocation){.buffer = {.type = sylvite_byte_type, .dimensions = 2}};
  a->dims[0] = (halide_dimension){0, SYLVITE_DEVICE_ALIGNMENT, 1, 0};
  a->dims[1] =
      (halide_dimension){0,
                         (int32_t)((bytes + SYLVITE_DEVICE_ALIGNMENT - 1) /
                                   SYLVITE_DEVICE_ALIGNMENT),
                         SYLVITE_DEVICE_ALIGNMENT, 0};
  a->buffer.dim = a->dims;
}

/* Kernels call this for what they keep between their launches. Halide's has
   another name; see CMakeLists.txt. */
int halide_device_malloc(void *context, halide_buffer *buffer,
                         const void *interface) {
  if (buffer->device)
    return 0;
  /* From the first element to the last. */
  uint64_t elements = 1;
  for (int32_t i = 0; i < buffer->dimensions; ++i)
    elements +=
        (uint64_t)(buffer->dim[i].extent - 1) * (uint64_t)buffer->dim[i].stride;
  allocation whole;
  sylvite_describe_allocation(&whole,
                              elements * sylvite_buffer_element_bytes(buffer));
  pthread_mutex_lock(&memory_mutex);
  int code = sylvite_halide_device_malloc(context, &whole.buffer, interface);
  pthread_mutex_unlock(&memory_mutex);
  buffer->device = whole.buffer.device;
  buffer->device_interface = whole.buffer.device_interface;
  return code;
}

void sylvite_device_free_arena(sylvite_context *context) {
  if (context->device_arena) {
    pthread_mutex_lock(&memory_mutex);
    bool is_free = false;
    if (context->device_arena->guard.device) {
      halide_device_release_crop(context, &context->device_arena->guard);
      is_free = context->model->descriptor->device->frees_with_last_view;
    }
    if (!is_free)
      halide_device_free(context, &context->device_arena->whole.buffer);
    pthread_mutex_unlock(&memory_mutex);
    free(context->device_arena);
  }
  if (context->arena)
    munmap(context->arena, context->arena_bytes);
  context->device_arena = NULL;
  context->arena = NULL;
  context->arena_bytes = 0;
}

int sylvite_device_reserve(sylvite_context *context, uint64_t bytes) {
  if (bytes <= context->arena_bytes && context->device_arena)
    return SYLVITE_OK;
  expect_errors(context);
  sylvite_device_free_arena(context);
  uint64_t unit = SYLVITE_DEVICE_ALIGNMENT;
  bytes = bytes ? bytes : unit;
  struct sylvite_device_arena *arena = calloc(1, sizeof *arena);
  void *addresses = MAP_FAILED;
  if (arena && bytes / unit < INT32_MAX)
    addresses = mmap(NULL, bytes, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (addresses == MAP_FAILED) {
    free(arena);
    return sylvite_fail(&context->error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for an arena of %" PRIu64 " bytes",
                        bytes);
  }
  sylvite_describe_allocation(&arena->whole, bytes);
  if (halide_device_malloc(context, &arena->whole.buffer,
                           sylvite_device_interface(context))) {
    munmap(addresses, bytes);
    free(arena);
    return sylvite_fail(
        &context->error, SYLVITE_ERROR_OUT_OF_MEMORY,
        "not enough memory on the device for an arena of %" PRIu64 " bytes",
        bytes);
  }
  context->arena = addresses;
  context->arena_bytes = bytes;
  context->device_arena = arena;
  arena->guard = (halide_buffer){
      .type = sylvite_byte_type, .dimensions = 2, .dim = arena->guard_dims};
  memcpy(arena->guard_dims, arena->whole.dims, sizeof arena->guard_dims);
  int code = halide_device_crop(context, &arena->whole.buffer, &arena->guard);
  return code ? sylvite_device_fail(context, "reserving the arena", code)
              : SYLVITE_OK;
}

/* A row of elements at a place of the arena, with what is left of the last unit
   behind it. */
int sylvite_crop_arena(sylvite_context *context, uint64_t offset,
                       halide_type type, uint64_t elements,
                       halide_buffer *view) {
  int32_t unit = SYLVITE_DEVICE_ALIGNMENT;
  uint64_t bytes = (type.bits + 7u) / 8;
  elements = (sylvite_round_up(offset + elements * bytes) - offset) / bytes;
  halide_dimension dims[2] = {
      {(int32_t)(offset % SYLVITE_DEVICE_ALIGNMENT), (int32_t)elements, 1, 0},
      {(int32_t)(offset / SYLVITE_DEVICE_ALIGNMENT), 1, unit, 0}};
  *view = (halide_buffer){.type = type, .dimensions = 2, .dim = dims};
  int code =
      halide_device_crop(context, &context->device_arena->whole.buffer, view);
  view->dim = NULL;
  view->dimensions = 0;
  return code;
}
