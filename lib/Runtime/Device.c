/*===-- Device.c - Models on a device -----------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Where kernels run on a device, all that they touch stays there: see
|* DeviceMemory.c, DeviceWeights.c, DeviceCalls.c and DeviceCopies.c. Here
models
|* are opened, and what they do is waited for and told.
|*
\*===--------------------------------------------------------------------===*/

#include "DeviceMemory.h"

#include <stdlib.h>

/* Models that use a device. */
static _Atomic(int) open_models;

int sylvite_device_probe(const sylvite_device_api *api, const char *target,
                         sylvite_error *error) {
  /* Halide tells errors to a context. */
  sylvite_context *context = calloc(1, sizeof *context);
  if (!context)
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a context");
  allocation probe;
  sylvite_describe_allocation(&probe, SYLVITE_DEVICE_ALIGNMENT);
  int code = halide_device_malloc(context, &probe.buffer, api->get_interface());
  if (!code)
    halide_device_free(context, &probe.buffer);
  if (code)
    sylvite_fail(
        error, SYLVITE_ERROR_NO_DEVICE,
        "the code for %s cannot run here: no %s device can be used%s%s", target,
        api->name, context->error.text[0] ? ": " : "", context->error.text);
  free(context);
  return code ? SYLVITE_ERROR_NO_DEVICE : SYLVITE_OK;
}

int sylvite_device_open(sylvite_model *model, sylvite_error *error) {
  struct sylvite_device_state *device = calloc(1, sizeof *device);
  if (!device || pthread_mutex_init(&device->mutex, NULL)) {
    free(device);
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a model");
  }
  device->interface = model->descriptor->device->get_interface();
  model->device = device;
  /* What kernels keep between their stages is kept for the next call. */
  if (atomic_fetch_add(&open_models, 1) == 0)
    halide_reuse_device_allocations(NULL, 1);
  return SYLVITE_OK;
}

void sylvite_device_close(sylvite_model *model) {
  struct sylvite_device_state *device = model->device;
  if (!device)
    return;
  for (size_t i = 0; i < device->num_weights; ++i) {
    allocation weight;
    sylvite_describe_allocation(&weight, device->weights[i].bytes);
    weight.buffer.device = device->weights[i].handle;
    weight.buffer.device_interface = device->interface;
    halide_device_free(NULL, &weight.buffer);
  }
  if (atomic_fetch_sub(&open_models, 1) == 1)
    halide_reuse_device_allocations(NULL, 0);
  pthread_mutex_destroy(&device->mutex);
  free(device->weights);
  free(device);
  model->device = NULL;
}

int sylvite_device_wait(sylvite_context *context) {
  int code =
      halide_device_sync_global(context, sylvite_device_interface(context));
  return code ? sylvite_device_fail(context, "waiting", code) : SYLVITE_OK;
}

void sylvite_note_device_kernel(sylvite_context *context, uint32_t call) {
  if (!context->profile)
    return;
  sylvite_device_wait(context);
  sylvite_note_kernel(context->profile, call);
}

void sylvite_count_launch(void *context) {
  if (context)
    ++((sylvite_context *)context)->counts.launches;
}

int sylvite_get_device_counts(const sylvite_context *context,
                              sylvite_device_counts *counts) {
  if (!context || !counts)
    return sylvite_fail(sylvite_thread_error(), SYLVITE_ERROR_NULL_ARGUMENT,
                        !context ? "the context is NULL"
                                 : "the place for the counts is NULL");
  *counts = context->counts;
  return SYLVITE_OK;
}
