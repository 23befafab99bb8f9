/*===-- DeviceApi.c - One kind of device --------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Compiled once for each kind of device, with its name: API is opencl, vulkan
|* or cuda, API_NAME a text. Kernels of Halide call halide_API_run to launch
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
    API_NAME, JOIN(halide_, API, _device_interface)};

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

#ifdef PADS_NUMBERS
/* Halide's runtime for Vulkan rounds the size of the block of a kernel's numbers
   down to a multiple of 64 bytes; what is behind reads as zero. So there are as
   many bytes more. */
enum { PADDING = 16, MOST_ARGUMENTS = 256 };

#define PAD_NUMBERS                                                            \
  static uint32_t zero;                                                        \
  size_t padded_sizes[MOST_ARGUMENTS + PADDING + 1];                           \
  void *padded_arguments[MOST_ARGUMENTS + PADDING + 1];                        \
  int8_t padded_are_buffers[MOST_ARGUMENTS + PADDING + 1];                     \
  int count = 0;                                                               \
  for (; sizes[count] && count < MOST_ARGUMENTS; ++count) {                    \
    padded_sizes[count] = sizes[count];                                        \
    padded_arguments[count] = arguments[count];                                \
    padded_are_buffers[count] = are_buffers[count];                            \
  }                                                                            \
  if (!sizes[count]) {                                                         \
    for (int i = 0; i < PADDING; ++i, ++count) {                               \
      padded_sizes[count] = sizeof zero;                                       \
      padded_arguments[count] = &zero;                                         \
      padded_are_buffers[count] = 0;                                           \
    }                                                                          \
    padded_sizes[count] = 0;                                                   \
    padded_arguments[count] = NULL;                                            \
    padded_are_buffers[count] = 0;                                             \
    sizes = padded_sizes;                                                      \
    arguments = padded_arguments;                                              \
    are_buffers = padded_are_buffers;                                          \
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
