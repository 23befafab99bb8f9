/*===-- DeviceCopies.c - Copies to and from a device --------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A call copies its inputs to the device and its outputs back, and nothing else
|* but numbers that loops depend on.
|*
\*===--------------------------------------------------------------------===*/

#include "DeviceMemory.h"

/* Copies elements between the processor and a place of the arena, as many as
   one copy can be of. */
static int transfer_part(sylvite_context *context, const uint8_t *place,
                         const void *host, uint64_t elements,
                         uint64_t element_bytes, bool to_device) {
  halide_type type = {1, (uint8_t)(8 * element_bytes), 1};
  halide_buffer view, row;
  halide_dimension dim;
  int code = sylvite_crop_arena(context, (uint64_t)(place - context->arena),
                                type, elements, &view);
  if (code)
    return sylvite_device_fail(context, "a copy", code);
  sylvite_describe_row(&row, &dim, &view, elements, host);
  if (to_device) {
    row.flags = HALIDE_HOST_DIRTY;
    code =
        halide_copy_to_device(context, &row, sylvite_device_interface(context));
  } else {
    row.flags = HALIDE_DEVICE_DIRTY;
    code = halide_copy_to_host(context, &row);
  }
  halide_device_release_crop(context, &view);
  return code ? sylvite_device_fail(context, "a copy", code) : SYLVITE_OK;
}

/* The same of any number: a part of whole units of copies, and the rest. */
static int transfer(sylvite_context *context, const uint8_t *place,
                    const void *host, uint64_t elements, uint64_t element_bytes,
                    bool to_device) {
  uint64_t unit = context->model->descriptor->device->copy_unit / element_bytes;
  uint64_t rest = unit > 1 ? elements % unit : 0;
  uint64_t first = elements - rest;
  int code = SYLVITE_OK;
  if (first)
    code = transfer_part(context, place, host, first, element_bytes, to_device);
  if (!code && rest)
    code = transfer_part(context, place + first * element_bytes,
                         (const uint8_t *)host + first * element_bytes, rest,
                         element_bytes, to_device);
  return code;
}

int sylvite_device_upload(sylvite_context *context, void *place,
                          const void *from, uint64_t elements,
                          uint64_t element_bytes) {
  ++context->counts.uploads;
  context->counts.upload_bytes += elements * element_bytes;
  return transfer(context, place, from, elements, element_bytes, true);
}

int sylvite_device_download(sylvite_context *context, void *to,
                            const void *place, uint64_t elements,
                            uint64_t element_bytes) {
  ++context->counts.downloads;
  context->counts.download_bytes += elements * element_bytes;
  return transfer(context, place, to, elements, element_bytes, false);
}

int32_t sylvite_device_read(sylvite_context *context, void *to,
                            const uint8_t *from, uint64_t bytes) {
  return sylvite_device_download(context, to, from, 1, bytes);
}

int32_t sylvite_device_write(sylvite_context *context, uint8_t *to,
                             const void *from, uint64_t bytes) {
  return sylvite_device_upload(context, to, from, 1, bytes);
}

int32_t sylvite_device_copy(sylvite_context *context, uint8_t *to,
                            const uint8_t *from, uint64_t bytes) {
  halide_dimension dim = {0, (int32_t)bytes, 1, 0};
  if (bytes > INT32_MAX)
    return sylvite_device_fail(context, "a copy of 2 GiB or more", 0);
  if (!bytes)
    return 0;
  halide_buffer source = {.host = (uint8_t *)from,
                          .type = sylvite_byte_type,
                          .dimensions = 1,
                          .dim = &dim};
  halide_buffer target = source;
  target.host = to;
  /* Parts of the arena, wherever they begin: a copy of bytes needs no
     alignment. */
  int code;
  if (sylvite_is_in_arena(context, from)) {
    code = sylvite_crop_arena(context, (uint64_t)(from - context->arena),
                              sylvite_byte_type, bytes, &source);
    sylvite_set_kind(&source, IS_VIEW);
  } else {
    code = sylvite_bind_weight(context, &source);
    sylvite_set_kind(&source, IS_WEIGHT);
  }
  if (code)
    return sylvite_device_fail(context, "a copy", code);
  halide_buffer from_row, to_row;
  halide_dimension from_dim, to_dim;
  source.device_interface = sylvite_device_interface(context);
  sylvite_describe_row(&from_row, &from_dim, &source, bytes, NULL);
  from_row.flags = HALIDE_DEVICE_DIRTY;
  code = sylvite_crop_arena(context, (uint64_t)(to - context->arena),
                            sylvite_byte_type, bytes, &target);
  if (!code) {
    sylvite_describe_row(&to_row, &to_dim, &target, bytes, NULL);
    ++context->counts.copies;
    code = halide_buffer_copy(context, &from_row,
                              sylvite_device_interface(context), &to_row);
    halide_device_release_crop(context, &target);
  }
  if ((uintptr_t)source.padding == IS_VIEW)
    halide_device_release_crop(context, &source);
  return code ? sylvite_device_fail(context, "a copy", code) : 0;
}
