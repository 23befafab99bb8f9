/*===-- DeviceWeights.c - Weights on a device ---------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Weights are copied when a kernel first asks for them, and once for all
contexts
|* of a model.
|*
\*===--------------------------------------------------------------------===*/

#include "DeviceMemory.h"

#include <stdlib.h>
#include <string.h>

/* Where the weight is in the list, or would be. */
static size_t find_weight(const struct sylvite_device_state *device,
                          uint64_t offset, uint64_t bytes) {
  size_t low = 0, high = device->num_weights;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const device_weight *weight = &device->weights[middle];
    if (weight->offset < offset ||
        (weight->offset == offset && weight->bytes < bytes))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int grow_weights(struct sylvite_device_state *device) {
  if (device->num_weights < device->capacity)
    return 0;
  size_t capacity = device->capacity ? 2 * device->capacity : 64;
  void *grown = realloc(device->weights, capacity * sizeof(device_weight));
  if (!grown)
    return 1;
  device->weights = grown;
  device->capacity = capacity;
  return 0;
}

/* Copies a weight to the device, at `place` in the list. */
static int upload_weight(sylvite_context *context, size_t place,
                         const halide_buffer *buffer, uint64_t elements) {
  struct sylvite_device_state *device = context->model->device;
  if (grow_weights(device))
    return sylvite_device_fail(context, "keeping a weight", 0);
  halide_buffer none = {.type = buffer->type}, weight;
  halide_dimension dim;
  uint64_t bytes = elements * sylvite_buffer_element_bytes(buffer);
  uint64_t unit = context->model->descriptor->device->copy_unit;
  uint64_t rest = bytes % unit;
  void *padded = NULL;
  if (rest) {
    /* The allocation has room for it. */
    padded = calloc(1, bytes + unit - rest);
    if (!padded)
      return sylvite_device_fail(context, "copying a weight", 0);
    memcpy(padded, buffer->host, bytes);
    elements = (bytes + unit - rest) / sylvite_buffer_element_bytes(buffer);
  }
  sylvite_describe_row(&weight, &dim, &none, elements,
                       padded ? padded : (void *)buffer->host);
  int code = halide_device_malloc(context, &weight, device->interface);
  if (!code) {
    weight.flags = HALIDE_HOST_DIRTY;
    code = halide_copy_to_device(context, &weight, device->interface);
    if (code)
      halide_device_free(context, &weight);
  }
  free(padded);
  if (code)
    return code;
  memmove(&device->weights[place + 1], &device->weights[place],
          (device->num_weights - place) * sizeof(device_weight));
  ++device->num_weights;
  device->weights[place] = (device_weight){
      (uint64_t)(buffer->host - context->model->weights), bytes, weight.device};
  ++context->counts.weights;
  context->counts.weight_bytes += bytes;
  return 0;
}

int sylvite_bind_weight(sylvite_context *context, halide_buffer *buffer) {
  struct sylvite_device_state *device = context->model->device;
  uint64_t offset = (uint64_t)(buffer->host - context->model->weights);
  uint64_t elements = sylvite_count_elements(buffer);
  uint64_t bytes = elements * sylvite_buffer_element_bytes(buffer);
  pthread_mutex_lock(&device->mutex);
  size_t place = find_weight(device, offset, bytes);
  int code = 0;
  if (place == device->num_weights || device->weights[place].offset != offset ||
      device->weights[place].bytes != bytes)
    code = upload_weight(context, place, buffer, elements);
  if (!code)
    buffer->device = device->weights[place].handle;
  pthread_mutex_unlock(&device->mutex);
  return code;
}
