/*===-- Call.c - From a public call to the kernels ----------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The steps of a call: check the dimensions and every pointer, reserve the
|* arena, put defaults and unwanted outputs into the arena's tail, run. Where
|* kernels run on a device, all inputs and outputs have their places there, and
|* are copied before and after.
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#include <alloca.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Arguments of one call, as they travel through the steps. */
typedef struct call {
  sylvite_context *context;
  const sylvite_function *function;
  const int64_t *dims;
  /* NULL where the caller gave none; replaced by a place in the arena. */
  const void **inputs;
  void **outputs;
  const int32_t *lengths; /* or NULL */
  /* Where kernels run on a device, what the caller gave. */
  const void *const *given_inputs;
  void *const *given_outputs;
  /* Arena that the kernels need. */
  uint64_t kernel_bytes;
} call;

static bool is_lengths_input(const call *c, int32_t input) {
  return c->lengths && input == c->function->lengths_input;
}

static bool is_on_device(const call *c) {
  return c->context->model->device != NULL;
}

static uint64_t align(const call *c, uint64_t bytes) {
  return is_on_device(c) ? sylvite_align_device(bytes) : sylvite_align(bytes);
}

/* Does the input's place lie in the arena? */
static bool has_own_place(const call *c, int32_t input) {
  return !c->given_inputs[input] || is_lengths_input(c, input) ||
         is_on_device(c);
}

static bool has_own_output(const call *c, int32_t output) {
  return !c->given_outputs[output] || is_on_device(c);
}

static int report_too_large(const call *c) {
  char dims[256] = "";
  size_t used = 0;
  for (int32_t i = 0; i < c->function->num_dims && used < sizeof dims; ++i)
    used +=
        (size_t)snprintf(dims + used, sizeof dims - used, "%s%s = %" PRId64,
                         i ? ", " : "", c->function->dims[i].name, c->dims[i]);
  return sylvite_fail(&c->context->error, SYLVITE_ERROR_TOO_LARGE,
                      "with %s a tensor has 2^31 elements or more", dims);
}

/* Dimensions first: nothing of the arrays is read for ones that make no call.
 */
static int check(call *c) {
  const sylvite_function *function = c->function;
  sylvite_error *error = &c->context->error;
  int code = sylvite_check_dims(function, c->dims, error);
  if (code)
    return code;
  c->kernel_bytes = is_on_device(c) ? function->arena(c->dims)
                                    : sylvite_part_bytes(function, c->dims);
  if (c->kernel_bytes == UINT64_MAX)
    return report_too_large(c);
  for (int32_t i = 0; !code && i < function->num_inputs; ++i)
    code = is_lengths_input(c, i)
               ? sylvite_check_lengths(&function->inputs[i], c->dims,
                                       c->lengths, error)
               : sylvite_check_input(&function->inputs[i], c->dims,
                                     c->inputs[i], error);
  for (int32_t i = 0; !code && i < function->num_outputs; ++i)
    code = sylvite_check_output(&function->outputs[i], c->outputs[i], error);
  return code;
}

/* Adds room for `tensor` to `bytes` and returns where it begins. */
static uint64_t append(const call *c, const sylvite_tensor *tensor,
                       uint64_t *bytes) {
  uint64_t offset = *bytes;
  uint64_t size = sylvite_multiply(sylvite_num_elements(tensor, c->dims),
                                   sylvite_element_bytes(tensor->element_type));
  *bytes = sylvite_add(offset, align(c, size));
  return offset;
}

static void fill_from_lengths(const call *c, void *mask) {
  const sylvite_tensor *tensor =
      &c->function->inputs[c->function->lengths_input];
  uint64_t rows = (uint64_t)sylvite_extent(tensor, 0, c->dims);
  uint64_t columns = (uint64_t)sylvite_extent(tensor, 1, c->dims);
  uint64_t bytes = sylvite_element_bytes(tensor->element_type);
  uint8_t *at = mask;
  memset(mask, 0, rows * columns * bytes);
  /* Integers are little-endian: the lowest byte alone makes a 1. */
  for (uint64_t row = 0; row < rows; ++row, at += columns * bytes)
    for (uint64_t i = 0; i < (uint64_t)c->lengths[row]; ++i)
      at[i * bytes] = 1;
}

/* Brings what the caller did not give, or gave as lengths, to its place. */
static int fill_input(const call *c, int32_t input, void *place) {
  const sylvite_tensor *tensor = &c->function->inputs[input];
  uint64_t elements = sylvite_num_elements(tensor, c->dims);
  uint64_t bytes = sylvite_element_bytes(tensor->element_type);
  bool is_given = c->given_inputs[input] && !is_lengths_input(c, input);
  void *data = place;
  if (is_on_device(c) && is_given)
    return sylvite_device_upload(c->context, place, c->given_inputs[input],
                                 elements, bytes);
  if (is_on_device(c) && !(data = malloc(elements * bytes)))
    return sylvite_fail(&c->context->error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for %s", tensor->name);
  if (is_lengths_input(c, input))
    fill_from_lengths(c, data);
  else
    sylvite_fill_default(tensor, elements, data);
  if (!is_on_device(c))
    return SYLVITE_OK;
  int code = sylvite_device_upload(c->context, place, data, elements, bytes);
  free(data);
  return code;
}

/* Reserves the arena and gives every input and output that needs one a place
   behind the part that the kernels use. */
static int provide_memory(const call *c) {
  const sylvite_function *function = c->function;
  sylvite_context *context = c->context;

  /* Twice the same walk: sizes first, places when the arena has its address. */
  uint64_t bytes = align(c, c->kernel_bytes);
  for (int32_t i = 0; i < function->num_inputs; ++i)
    if (has_own_place(c, i))
      append(c, &function->inputs[i], &bytes);
  for (int32_t i = 0; i < function->num_outputs; ++i)
    if (has_own_output(c, i))
      append(c, &function->outputs[i], &bytes);
  if (bytes == UINT64_MAX)
    return report_too_large(c);
  int code = sylvite_reserve(context, bytes);
  if (code)
    return code;

  bytes = align(c, c->kernel_bytes);
  for (int32_t i = 0; i < function->num_inputs; ++i) {
    if (!has_own_place(c, i))
      continue;
    void *data = context->arena + append(c, &function->inputs[i], &bytes);
    code = fill_input(c, i, data);
    if (code)
      return code;
    c->inputs[i] = data;
  }
  for (int32_t i = 0; i < function->num_outputs; ++i)
    if (has_own_output(c, i))
      c->outputs[i] = context->arena + append(c, &function->outputs[i], &bytes);
  return SYLVITE_OK;
}

/* From now on a kernel's error is told by the kernel. */
static void expect_errors(sylvite_context *context) {
  context->error.text[0] = '\0';
  atomic_store(&context->failed, false);
}

/* Brings what a call has written from the device to the caller. */
static int fetch_results(const call *c) {
  const sylvite_function *function = c->function;
  bool any = false;
  int code = SYLVITE_OK;
  for (int32_t i = 0; !code && i < function->num_inputs; ++i) {
    const sylvite_tensor *input = &function->inputs[i];
    if (!(input->flags & SYLVITE_IS_WRITTEN) || !c->given_inputs[i])
      continue;
    any = true;
    code = sylvite_device_download(c->context, (void *)c->given_inputs[i],
                                   c->inputs[i],
                                   sylvite_num_elements(input, c->dims),
                                   sylvite_element_bytes(input->element_type));
  }
  for (int32_t i = 0; !code && i < function->num_outputs; ++i) {
    const sylvite_tensor *output = &function->outputs[i];
    if (!c->given_outputs[i])
      continue;
    any = true;
    code =
        sylvite_device_download(c->context, c->given_outputs[i], c->outputs[i],
                                sylvite_num_elements(output, c->dims),
                                sylvite_element_bytes(output->element_type));
  }
  /* A copy has waited for the kernels. */
  return any ? code : sylvite_device_wait(c->context);
}

static int run(const call *c) {
  sylvite_context *context = c->context;
  expect_errors(context);
  if (context->profile)
    sylvite_begin_profile(
        context,
        (uint32_t)(c->function - context->model->descriptor->functions));
  int32_t code;
  if (is_on_device(c))
    code = c->function->impl(context, c->dims, context->model->weights,
                             context->arena, c->inputs, c->outputs);
  else
    code =
        sylvite_run_parts(context, c->function, c->dims, c->inputs, c->outputs);
  if (!code)
    return is_on_device(c) ? fetch_results(c) : SYLVITE_OK;
  /* A kernel that reports an error leaves its own text; see HalideError.c. */
  if (!context->error.text[0])
    sylvite_fail(&context->error, SYLVITE_ERROR_KERNEL,
                 "a kernel of %s failed with code %" PRId32, c->function->name,
                 code);
  return SYLVITE_ERROR_KERNEL;
}

static int call_function(sylvite_context *context,
                         const sylvite_function *function, const int64_t *dims,
                         const void *const *inputs, const int32_t *lengths,
                         void *const *outputs) {
  if (!dims || !inputs || !outputs)
    return sylvite_fail(&context->error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "the array of %s is NULL",
                        !dims     ? "dimensions"
                        : !inputs ? "inputs"
                                  : "outputs");
  /* Copies, because places in the arena are filled in. The counts are those of
     the compiled function, a handful. */
  size_t input_bytes = sizeof(void *) * (size_t)function->num_inputs;
  size_t output_bytes = sizeof(void *) * (size_t)function->num_outputs;
  call c = {.context = context,
            .function = function,
            .dims = dims,
            .inputs = alloca(input_bytes),
            .outputs = alloca(output_bytes),
            .lengths = lengths,
            .given_inputs = inputs,
            .given_outputs = outputs};
  memcpy(c.inputs, inputs, input_bytes);
  memcpy(c.outputs, outputs, output_bytes);
  expect_errors(context);
  int code = check(&c);
  if (!code)
    code = provide_memory(&c);
  return code ? code : run(&c);
}

/* For calls without a context there is only the thread to tell. */
static int report_no_context(void) {
  return sylvite_fail(sylvite_thread_error(), SYLVITE_ERROR_NULL_ARGUMENT,
                      "the context is NULL");
}

int sylvite_call(sylvite_context *context, uint32_t function,
                 const int64_t *dims, const void *const *inputs,
                 void *const *outputs) {
  if (!context)
    return report_no_context();
  const sylvite_descriptor *descriptor = context->model->descriptor;
  return call_function(context, &descriptor->functions[function], dims, inputs,
                       NULL, outputs);
}

int sylvite_call_lengths(sylvite_context *context, uint32_t function,
                         const int64_t *dims, const void *const *inputs,
                         const int32_t *lengths, void *const *outputs) {
  if (!context)
    return report_no_context();
  if (!lengths)
    return sylvite_fail(&context->error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "lengths is NULL");
  const sylvite_descriptor *descriptor = context->model->descriptor;
  return call_function(context, &descriptor->functions[function], dims, inputs,
                       lengths, outputs);
}

int sylvite_invoke(sylvite_context *context, const char *function,
                   const int64_t *dims, const void *const *inputs,
                   void *const *outputs) {
  if (!context)
    return report_no_context();
  if (!function)
    return sylvite_fail(&context->error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "the function's name is NULL");
  const sylvite_descriptor *descriptor = context->model->descriptor;
  for (uint32_t i = 0; i < descriptor->num_functions; ++i)
    if (!strcmp(descriptor->functions[i].name, function))
      return call_function(context, &descriptor->functions[i], dims, inputs,
                           NULL, outputs);
  return sylvite_fail(&context->error, SYLVITE_ERROR_UNKNOWN_FUNCTION,
                      "there is no function %s", function);
}

uint64_t sylvite_arena_bytes(const sylvite_descriptor *const *variants,
                             uint32_t function, const int64_t *dims) {
  sylvite_error ignored;
  if (sylvite_check_dims(&variants[0]->functions[function], dims, &ignored))
    return UINT64_MAX;
  uint64_t most = 0;
  for (; *variants; ++variants) {
    const sylvite_function *variant = &(*variants)->functions[function];
    uint64_t bytes = (*variants)->device ? variant->arena(dims)
                                         : sylvite_part_bytes(variant, dims);
    most = bytes > most ? bytes : most;
  }
  return most;
}
