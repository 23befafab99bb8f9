/*===-- Device.c - Data on a device -------------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Where kernels run on a device, all that they touch stays there: weights are
|* copied when a kernel first asks for them, and once for all contexts; a
|* context's arena is one allocation, in which inputs and outputs have places,
|* too. A call copies its inputs there and its outputs back, and nothing else.
|*
|* Compiled code calculates with addresses, as it does for the processor. They
|* name places: the arena's are a range of addresses that is reserved and has no
|* memory, the weights' those of the mapped file. Before a kernel is called, its
|* buffers are turned into views of what lies at these places on the device.
|*
|* Allocations, views among them, are of whole units of some hundred bytes, also
|* those that kernels ask for while they run: Halide's runtime for Vulkan rounds
|* sizes down where it passes them to a kernel, and what is behind reads as 0.
|*
|* A view is a part of an allocation, which drivers want to begin at a multiple
|* of some hundred bytes. Rows in the middle of a tensor do not; such a buffer
|* goes through a copy of its own.
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Halide's types. */
static const halide_type byte_type = {1, 8, 1};

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

/* Held while memory is asked for, and from where the guard goes until its
   allocation is free. */
static pthread_mutex_t memory_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Models that use a device. */
static _Atomic(int) open_models;

static const void *get_interface(const sylvite_context *context) {
  return context->model->device->interface;
}

/* From here on the first thing that goes wrong is told. */
static void expect_errors(sylvite_context *context) {
  context->error.text[0] = '\0';
  atomic_store(&context->failed, false);
}

/* Halide has told the reason, as a rule. */
static int fail_device(sylvite_context *context, const char *what, int code) {
  if (!context->error.text[0])
    sylvite_fail(&context->error, SYLVITE_ERROR_DEVICE,
                 "%s failed on the device with code %d", what, code);
  return SYLVITE_ERROR_DEVICE;
}

static uint64_t round_up(uint64_t bytes) {
  uint64_t unit = SYLVITE_DEVICE_ALIGNMENT;
  return (bytes + unit - 1) / unit * unit;
}

static void describe_allocation(allocation *a, uint64_t bytes) {
  *a = (allocation){.buffer = {.type = byte_type, .dimensions = 2}};
  a->dims[0] = (halide_dimension){0, SYLVITE_DEVICE_ALIGNMENT, 1, 0};
  a->dims[1] =
      (halide_dimension){0,
                         (int32_t)((bytes + SYLVITE_DEVICE_ALIGNMENT - 1) /
                                   SYLVITE_DEVICE_ALIGNMENT),
                         SYLVITE_DEVICE_ALIGNMENT, 0};
  a->buffer.dim = a->dims;
}

static uint64_t count_elements(const halide_buffer *buffer) {
  uint64_t elements = 1;
  for (int32_t i = 0; i < buffer->dimensions; ++i)
    elements *= (uint64_t)buffer->dim[i].extent;
  return elements;
}

static uint64_t get_element_bytes(const halide_buffer *buffer) {
  return (buffer->type.bits + 7u) / 8;
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
  describe_allocation(&whole, elements * get_element_bytes(buffer));
  pthread_mutex_lock(&memory_mutex);
  int code = sylvite_halide_device_malloc(context, &whole.buffer, interface);
  pthread_mutex_unlock(&memory_mutex);
  buffer->device = whole.buffer.device;
  buffer->device_interface = whole.buffer.device_interface;
  return code;
}

/*===-- Opening -----------------------------------------------------------===*/

int sylvite_device_probe(const sylvite_device_api *api, const char *target,
                         sylvite_error *error) {
  /* Halide tells errors to a context. */
  sylvite_context *context = calloc(1, sizeof *context);
  if (!context)
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a context");
  allocation probe;
  describe_allocation(&probe, SYLVITE_DEVICE_ALIGNMENT);
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
    describe_allocation(&weight, device->weights[i].bytes);
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

/*===-- The arena ---------------------------------------------------------===*/

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
  describe_allocation(&arena->whole, bytes);
  if (halide_device_malloc(context, &arena->whole.buffer,
                           get_interface(context))) {
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
      .type = byte_type, .dimensions = 2, .dim = arena->guard_dims};
  memcpy(arena->guard_dims, arena->whole.dims, sizeof arena->guard_dims);
  int code = halide_device_crop(context, &arena->whole.buffer, &arena->guard);
  return code ? fail_device(context, "reserving the arena", code) : SYLVITE_OK;
}

/*===-- Views -------------------------------------------------------------===*/

/* A row of elements at a place of the arena, with what is left of the last unit
   behind it. */
static int crop_arena(sylvite_context *context, uint64_t offset,
                      halide_type type, uint64_t elements,
                      halide_buffer *view) {
  int32_t unit = SYLVITE_DEVICE_ALIGNMENT;
  uint64_t bytes = (type.bits + 7u) / 8;
  elements = (round_up(offset + elements * bytes) - offset) / bytes;
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

static bool is_in_arena(const sylvite_context *context, const uint8_t *place) {
  return (uintptr_t)place - (uintptr_t)context->arena < context->arena_bytes;
}

/* A row of elements of a view, and of the processor's memory if there is any.
 */
static void describe_row(halide_buffer *row, halide_dimension *dim,
                         const halide_buffer *view, uint64_t elements,
                         const void *host) {
  *dim = (halide_dimension){0, (int32_t)elements, 1, 0};
  *row = *view;
  row->dimensions = 1;
  row->dim = dim;
  row->host = (uint8_t *)host;
}

/* Makes a view a copy of a row in the middle of a tensor, or writes it back. */
static int copy_row(sylvite_context *context, uint64_t offset,
                    const halide_buffer *copy, uint64_t elements, bool back) {
  halide_buffer part, from, to;
  halide_dimension from_dim, to_dim;
  int code = crop_arena(context, offset, copy->type, elements, &part);
  if (code)
    return code;
  describe_row(&from, &from_dim, back ? copy : &part, elements, NULL);
  describe_row(&to, &to_dim, back ? &part : copy, elements, NULL);
  from.flags = HALIDE_DEVICE_DIRTY;
  ++context->counts.copies;
  code = halide_buffer_copy(context, &from, get_interface(context), &to);
  halide_device_release_crop(context, &part);
  return code;
}

/*===-- Weights -----------------------------------------------------------===*/

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
    return fail_device(context, "keeping a weight", 0);
  halide_buffer none = {.type = buffer->type}, weight;
  halide_dimension dim;
  describe_row(&weight, &dim, &none, elements, buffer->host);
  int code = halide_device_malloc(context, &weight, device->interface);
  if (code)
    return code;
  weight.flags = HALIDE_HOST_DIRTY;
  code = halide_copy_to_device(context, &weight, device->interface);
  if (code) {
    halide_device_free(context, &weight);
    return code;
  }
  memmove(&device->weights[place + 1], &device->weights[place],
          (device->num_weights - place) * sizeof(device_weight));
  ++device->num_weights;
  uint64_t bytes = elements * get_element_bytes(buffer);
  device->weights[place] = (device_weight){
      (uint64_t)(buffer->host - context->model->weights), bytes, weight.device};
  ++context->counts.weights;
  context->counts.weight_bytes += bytes;
  return 0;
}

static int bind_weight(sylvite_context *context, halide_buffer *buffer) {
  struct sylvite_device_state *device = context->model->device;
  uint64_t offset = (uint64_t)(buffer->host - context->model->weights);
  uint64_t elements = count_elements(buffer);
  uint64_t bytes = elements * get_element_bytes(buffer);
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

/*===-- Calls of kernels --------------------------------------------------===*/

/* How a buffer was bound; stands in `padding`, which kernels leave alone. */
enum { IS_UNBOUND, IS_WEIGHT, IS_VIEW, IS_COPY };

/* Its place while it is bound. */
static void set_kind(halide_buffer *buffer, uintptr_t kind) {
  buffer->padding = (void *)kind;
}

static int bind_row(sylvite_context *context, halide_buffer *buffer,
                    uint64_t offset) {
  uint64_t elements = count_elements(buffer);
  halide_buffer copy = {.type = buffer->type}, row;
  halide_dimension dim;
  describe_row(&row, &dim, &copy, elements, NULL);
  int code = halide_device_malloc(context, &row, get_interface(context));
  if (code)
    return code;
  buffer->device = row.device;
  set_kind(buffer, IS_COPY);
  copy.device = row.device;
  copy.device_interface = get_interface(context);
  return copy_row(context, offset, &copy, elements, /*back=*/false);
}

static int bind_one(sylvite_context *context, halide_buffer *buffer) {
  if (!is_in_arena(context, buffer->host)) {
    set_kind(buffer, IS_WEIGHT);
    return bind_weight(context, buffer);
  }
  uint64_t offset = (uint64_t)(buffer->host - context->arena);
  if (offset % SYLVITE_DEVICE_ALIGNMENT)
    return bind_row(context, buffer, offset);
  halide_buffer view;
  int code =
      crop_arena(context, offset, buffer->type, count_elements(buffer), &view);
  if (code)
    return code;
  buffer->device = view.device;
  set_kind(buffer, IS_VIEW);
  return 0;
}

/* Where the place of buffer i is kept while it is bound: no kernel on a device
   sees an address of the processor. */
int32_t sylvite_device_bind(sylvite_context *context, halide_buffer *buffers,
                            int32_t count, int32_t inputs) {
  (void)inputs;
  for (int32_t i = 0; i < count; ++i)
    set_kind(&buffers[i], IS_UNBOUND);
  for (int32_t i = 0; i < count; ++i) {
    int code = bind_one(context, &buffers[i]);
    if (code) {
      sylvite_device_unbind(context, buffers, i + 1, i + 1, code);
      return fail_device(context, "passing a tensor to a kernel", code);
    }
    buffers[i].device_interface = get_interface(context);
    buffers[i].flags = 0;
  }
  return 0;
}

static int unbind_one(sylvite_context *context, halide_buffer *buffer,
                      bool is_written) {
  halide_buffer view = {.device = buffer->device,
                        .device_interface = get_interface(context),
                        .type = buffer->type};
  int code = 0;
  switch ((uintptr_t)buffer->padding) {
  case IS_VIEW:
    code = halide_device_release_crop(context, &view);
    break;
  case IS_COPY: {
    uint64_t elements = count_elements(buffer);
    if (is_written)
      code = copy_row(context, (uint64_t)(buffer->host - context->arena), &view,
                      elements, /*back=*/true);
    halide_buffer row;
    halide_dimension dim;
    describe_row(&row, &dim, &view, elements, NULL);
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
      code = fail_device(context, "returning a tensor of a kernel", failed);
  }
  return code;
}

/*===-- Copies ------------------------------------------------------------===*/

/* Copies elements between the processor and a place of the arena. */
static int transfer(sylvite_context *context, const uint8_t *place,
                    const void *host, uint64_t elements, uint64_t element_bytes,
                    bool to_device) {
  halide_type type = {1, (uint8_t)(8 * element_bytes), 1};
  halide_buffer view, row;
  halide_dimension dim;
  int code = crop_arena(context, (uint64_t)(place - context->arena), type,
                        elements, &view);
  if (code)
    return fail_device(context, "a copy", code);
  describe_row(&row, &dim, &view, elements, host);
  if (to_device) {
    row.flags = HALIDE_HOST_DIRTY;
    code = halide_copy_to_device(context, &row, get_interface(context));
  } else {
    row.flags = HALIDE_DEVICE_DIRTY;
    code = halide_copy_to_host(context, &row);
  }
  halide_device_release_crop(context, &view);
  return code ? fail_device(context, "a copy", code) : SYLVITE_OK;
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
    return fail_device(context, "a copy of 2 GiB or more", 0);
  if (!bytes)
    return 0;
  halide_buffer source = {
      .host = (uint8_t *)from, .type = byte_type, .dimensions = 1, .dim = &dim};
  halide_buffer target = source;
  target.host = to;
  /* Parts of the arena, wherever they begin: a copy of bytes needs no
     alignment. */
  int code;
  if (is_in_arena(context, from)) {
    code = crop_arena(context, (uint64_t)(from - context->arena), byte_type,
                      bytes, &source);
    set_kind(&source, IS_VIEW);
  } else {
    code = bind_weight(context, &source);
    set_kind(&source, IS_WEIGHT);
  }
  if (code)
    return fail_device(context, "a copy", code);
  halide_buffer from_row, to_row;
  halide_dimension from_dim, to_dim;
  source.device_interface = get_interface(context);
  describe_row(&from_row, &from_dim, &source, bytes, NULL);
  from_row.flags = HALIDE_DEVICE_DIRTY;
  code = crop_arena(context, (uint64_t)(to - context->arena), byte_type, bytes,
                    &target);
  if (!code) {
    describe_row(&to_row, &to_dim, &target, bytes, NULL);
    ++context->counts.copies;
    code =
        halide_buffer_copy(context, &from_row, get_interface(context), &to_row);
    halide_device_release_crop(context, &target);
  }
  if ((uintptr_t)source.padding == IS_VIEW)
    halide_device_release_crop(context, &source);
  return code ? fail_device(context, "a copy", code) : 0;
}

/*===-- Knowing -----------------------------------------------------------===*/

int sylvite_device_wait(sylvite_context *context) {
  int code = halide_device_sync_global(context, get_interface(context));
  return code ? fail_device(context, "waiting", code) : SYLVITE_OK;
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
