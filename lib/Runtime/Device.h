/*===-- Device.h - Data on a device -------------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* What the runtime does for code whose kernels run on a device. See Device.c.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_LIB_RUNTIME_DEVICE_H
#define SYLVITE_LIB_RUNTIME_DEVICE_H

#include "Internal.h"
#include "KernelBuffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a kind of device is reached. Compiled code refers to it by a symbol of
   its own, sylvite_opencl for example, which the runtime for it defines. */
struct sylvite_device_api {
  const char *name; /* "OpenCL" */
  const void *(*get_interface)(void);
  /* Is an allocation free when its last view is returned? */
  bool frees_with_last_view;
  /* Copies between it and the processor are of a multiple of so many bytes, or
     of less. */
  uint32_t copy_unit;
};

/* Whether there is such a device and it can be used; else the reason. */
int sylvite_device_probe(const sylvite_device_api *api, const char *target,
                         sylvite_error *error);

/* Of a model that runs on a device. */
int sylvite_device_open(sylvite_model *model, sylvite_error *error);
void sylvite_device_close(sylvite_model *model);

/* Like sylvite_reserve, on the device: `arena` is then a range of addresses
   with nothing behind them. */
int sylvite_device_reserve(sylvite_context *context, uint64_t bytes);
void sylvite_device_free_arena(sylvite_context *context);

/* Brings the elements of an input or output to its place in the arena, or from
   there. */
int sylvite_device_upload(sylvite_context *context, void *place,
                          const void *from, uint64_t elements,
                          uint64_t element_bytes);
int sylvite_device_download(sylvite_context *context, void *to,
                            const void *place, uint64_t elements,
                            uint64_t element_bytes);
/* Waits until all kernels are done. */
int sylvite_device_wait(sylvite_context *context);

/* For compiled code. Makes views of the device's memory of all buffers, of
   which `inputs` are only read; each names its place by `host`. Then gives them
   back, whether the kernel failed or not, and returns `code` or the first
   error. */
int32_t sylvite_device_bind(sylvite_context *context, halide_buffer *buffers,
                            int32_t count, int32_t inputs);
int32_t sylvite_device_unbind(sylvite_context *context, halide_buffer *buffers,
                              int32_t count, int32_t inputs, int32_t code);
/* Copies bytes from one place to another, or a number from there or to
   there. */
int32_t sylvite_device_copy(sylvite_context *context, uint8_t *to,
                            const uint8_t *from, uint64_t bytes);
int32_t sylvite_device_read(sylvite_context *context, void *to,
                            const uint8_t *from, uint64_t bytes);
int32_t sylvite_device_write(sylvite_context *context, uint8_t *to,
                             const void *from, uint64_t bytes);
/* Waits for the kernel and notes it. */
void sylvite_note_device_kernel(sylvite_context *context, uint32_t call);

/* What a launch of a kernel is counted by. */
void sylvite_count_launch(void *context);

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_LIB_RUNTIME_DEVICE_H */
