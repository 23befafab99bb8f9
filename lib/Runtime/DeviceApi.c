/*===-- DeviceApi.c - One kind of device --------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Compiled once for each kind of device, with its name: API is opencl, vulkan
|* or cuda, API_NAME a text, IS_VULKAN 0 or 1. Kernels of Halide call
halide_API_run to launch
|* themselves; the definition here counts that and passes it on to Halide's,
|* which the build has given another name.
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#define JOIN_(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN_(a, b, c)

extern const void *JOIN(halide_, API, _device_interface)(void);

extern const sylvite_device_api JOIN(sylvite_, API, );
const sylvite_device_api JOIN(sylvite_, API, ) = {
    API_NAME, JOIN(halide_, API, _device_interface), IS_VULKAN,
    /* Halide's runtime for Vulkan finds no memory to copy other sizes through.
     */
    IS_VULKAN ? 64 : 1};

extern int JOIN(sylvite_halide_, API,
                _run)(void *context, void *state, const char *entry,
                      int blocks_x, int blocks_y, int blocks_z, int threads_x,
                      int threads_y, int threads_z, int shared_bytes,
                      size_t *sizes, void **arguments, int8_t *are_buffers);

int JOIN(halide_, API, _run)(void *context, void *state, const char *entry,
                             int blocks_x, int blocks_y, int blocks_z,
                             int threads_x, int threads_y, int threads_z,
                             int shared_bytes, size_t *sizes, void **arguments,
                             int8_t *are_buffers);

#if IS_VULKAN
/* Halide's runtime for Vulkan rounds the size of the block of a kernel's
   numbers down to a multiple of 64 bytes and still writes all of them. So they
   are filled up to one. */
enum { BLOCK = 64, MOST_ARGUMENTS = 256, PLACES = MOST_ARGUMENTS + BLOCK + 1 };

/* A copy of the arguments with the filling behind, or the arguments where they
   are too many for that. */
typedef struct padded {
  size_t sizes[PLACES];
  void *arguments[PLACES];
  int8_t are_buffers[PLACES];
} padded;

static bool pad(padded *copy, const size_t *sizes, void *const *arguments,
                const int8_t *are_buffers) {
  static uint32_t zero;
  size_t bytes = 0;
  int count = 0;
  for (; sizes[count]; ++count) {
    if (count == MOST_ARGUMENTS)
      return false;
    copy->sizes[count] = sizes[count];
    copy->arguments[count] = arguments[count];
    copy->are_buffers[count] = are_buffers[count];
    bytes += are_buffers[count] ? 0 : sizes[count];
  }
  for (size_t size; bytes % BLOCK; bytes += size, ++count) {
    size = bytes % sizeof zero ? 1 : sizeof zero;
    copy->sizes[count] = size;
    copy->arguments[count] = &zero;
    copy->are_buffers[count] = 0;
  }
  copy->sizes[count] = 0;
  copy->arguments[count] = NULL;
  copy->are_buffers[count] = 0;
  return true;
}

#define PAD_NUMBERS                                                            \
  padded copy;                                                                 \
  if (pad(&copy, sizes, arguments, are_buffers)) {                             \
    sizes = copy.sizes;                                                        \
    arguments = copy.arguments;                                                \
    are_buffers = copy.are_buffers;                                            \
  }
#else
#define PAD_NUMBERS
#endif

int JOIN(halide_, API, _run)(void *context, void *state, const char *entry,
                             int blocks_x, int blocks_y, int blocks_z,
                             int threads_x, int threads_y, int threads_z,
                             int shared_bytes, size_t *sizes, void **arguments,
                             int8_t *are_buffers) {
  PAD_NUMBERS
  sylvite_count_launch(context);
  return JOIN(sylvite_halide_, API, _run)(
      context, state, entry, blocks_x, blocks_y, blocks_z, threads_x, threads_y,
      threads_z, shared_bytes, sizes, arguments, are_buffers);
}
