/*===-- DeviceCalls.c - Buffers of kernels on a device ------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Before a kernel is called, its buffers are turned into views of what lies at
|* their places on the device.
|*
|* A view is a part of an allocation, which drivers want to begin at a multiple
|* of some hundred bytes. Rows in the middle of a tensor do not; such a buffer
|* goes through a copy of its own.
|*
\*===--------------------------------------------------------------------===*/

#include "DeviceMemory.h"

/* Makes a view a copy of a row in the middle of a tensor, or writes it back. */
static int sylvite_copy_row(sylvite_context *context, uint64_t offset,
                            const halide_buffer *copy, uint64_t elements,
                            bool back) {
  halide_buffer part, from, to;
  halide_dimension from_dim, to_dim;
  int code = sylvite_crop_arena(context, offset, copy->type, elements, &part);
  if (code)
    return code;
  sylvite_describe_row(&from, &from_dim, back ? copy : &part, elements, NULL);
  sylvite_describe_row(&to, &to_dim, back ? &part : copy, elements, NULL);
  from.flags = HALIDE_DEVICE_DIRTY;
  ++context->counts.copies;
  code = halide_buffer_copy(context, &from, sylvite_device_interface(context),
                            &to);
  halide_device_release_crop(context, &part);
  return code;
}

static int bind_row(sylvite_context *context, halide_buffer *buffer,
                    uint64_t offset) {
  uint64_t elements = sylvite_count_elements(buffer);
  halide_buffer copy = {.type = buffer->type}, row;
  halide_dimension dim;
  sylvite_describe_row(&row, &dim, &copy, elements, NULL);
  int code =
      halide_device_malloc(context, &row, sylvite_device_interface(context));
  if (code)
    return code;
  buffer->device = row.device;
  sylvite_set_kind(buffer, IS_COPY);
  copy.device = row.device;
  copy.device_interface = sylvite_device_interface(context);
  return sylvite_copy_row(context, offset, &copy, elements, /*back=*/false);
}

static int bind_one(sylvite_context *context, halide_buffer *buffer) {
  if (!sylvite_is_in_arena(context, buffer->host)) {
    sylvite_set_kind(buffer, IS_WEIGHT);
    return sylvite_bind_weight(context, buffer);
  }
  uint64_t offset = (uint64_t)(buffer->host - context->arena);
  if (offset % SYLVITE_DEVICE_ALIGNMENT)
    return bind_row(context, buffer, offset);
  halide_buffer view;
  int code = sylvite_crop_arena(context, offset, buffer->type,
                                sylvite_count_elements(buffer), &view);
  if (code)
    return code;
  buffer->device = view.device;
  sylvite_set_kind(buffer, IS_VIEW);
  return 0;
}

/* Where the place of buffer i is kept while it is bound: no kernel on a device
   sees an address of the processor. */
int32_t sylvite_device_bind(sylvite_context *context, halide_buffer *buffers,
                            int32_t count, int32_t inputs) {
  (void)inputs;
  for (int32_t i = 0; i < count; ++i)
    sylvite_set_kind(&buffers[i], IS_UNBOUND);
  for (int32_t i = 0; i < count; ++i) {
    int code = bind_one(context, &buffers[i]);
    if (code) {
      sylvite_device_unbind(context, buffers, i + 1, i + 1, code);
      return sylvite_device_fail(context, "passing a tensor to a kernel", code);
    }
    buffers[i].device_interface = sylvite_device_interface(context);
    buffers[i].flags = 0;
  }
  return 0;
}

static int unbind_one(sylvite_context *context, halide_buffer *buffer,
                      bool is_written) {
  halide_buffer view = {.device = buffer->device,
                        .device_interface = sylvite_device_interface(context),
                        .type = buffer->type};
  int code = 0;
  switch ((uintptr_t)buffer->padding) {
  case IS_VIEW:
    code = halide_device_release_crop(context, &view);
    break;
  case IS_COPY: {
    uint64_t elements = sylvite_count_elements(buffer);
    if (is_written)
      code =
          sylvite_copy_row(context, (uint64_t)(buffer->host - context->arena),
                           &view, elements, /*back=*/true);
    halide_buffer row;
    halide_dimension dim;
    sylvite_describe_row(&row, &dim, &view, elements, NULL);
    halide_device_free(context, &row);
    break;
  }
  }
  buffer->device = 0;
  buffer->device_interface = NULL;
  buffer->flags = 0;
  buffer->padding = NULL;
  return code;
}

int32_t sylvite_device_unbind(sylvite_context *context, halide_buffer *buffers,
                              int32_t count, int32_t inputs, int32_t code) {
  for (int32_t i = 0; i < count; ++i) {
    int failed = unbind_one(context, &buffers[i], !code && i >= inputs);
    if (failed && !code)
      code = sylvite_device_fail(context, "returning a tensor of a kernel",
                                 failed);
  }
  return code;
}
