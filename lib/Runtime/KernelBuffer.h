/*===-- KernelBuffer.h - What kernels take ------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The structures of Halide's kernels, and the functions of its runtime that
|* move data between a processor and a device, the same for all devices.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_LIB_RUNTIME_KERNELBUFFER_H
#define SYLVITE_LIB_RUNTIME_KERNELBUFFER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct halide_dimension {
  int32_t min, extent, stride;
  uint32_t flags;
} halide_dimension;

/* Bits of `halide_buffer.flags`: where the data is newer. */
enum { HALIDE_HOST_DIRTY = 1, HALIDE_DEVICE_DIRTY = 2 };

typedef struct halide_type {
  uint8_t code, bits;
  uint16_t lanes;
} halide_type;

typedef struct halide_buffer {
  uint64_t device;
  const void *device_interface;
  uint8_t *host;
  uint64_t flags;
  halide_type type;
  int32_t dimensions;
  halide_dimension *dim;
  void *padding;
} halide_buffer;

/* All return 0 or an error, of which halide_error has told. */
int halide_device_malloc(void *context, halide_buffer *, const void *interface);
int sylvite_halide_device_malloc(void *context, halide_buffer *,
                                 const void *interface);
int halide_device_free(void *context, halide_buffer *);
int halide_device_sync_global(void *context, const void *interface);
int halide_copy_to_device(void *context, halide_buffer *,
                          const void *interface);
int halide_copy_to_host(void *context, halide_buffer *);
int halide_buffer_copy(void *context, halide_buffer *from,
                       const void *interface, halide_buffer *to);
/* Makes `part`, by its coordinates, a view of `whole`. */
int halide_device_crop(void *context, const halide_buffer *whole,
                       halide_buffer *part);
int halide_device_release_crop(void *context, halide_buffer *part);
/* Whether memory that is freed is kept for the next allocation. */
int halide_reuse_device_allocations(void *context, _Bool reuse);

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_LIB_RUNTIME_KERNELBUFFER_H */
