/*===-- Model.c - Opening a library -------------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A model is the opened library: the descriptor of the code that was chosen and
|* the mapped weights, both read-only and shared by all contexts.
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#include <stdlib.h>

int sylvite_open(const sylvite_descriptor *const *variants,
                 const char *weights_path, const char *target,
                 sylvite_model **out) {
  sylvite_error *error = sylvite_thread_error();
  if (!out)
    return sylvite_fail(error, SYLVITE_ERROR_NULL_ARGUMENT,
                        "the place for the opened model is NULL");
  *out = NULL;
  for (size_t i = 0; variants[i]; ++i)
    if (variants[i]->abi_version != SYLVITE_ABI_VERSION)
      return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_MISMATCH,
                          "compiled code and runtime are of different "
                          "versions");
  const sylvite_descriptor *descriptor;
  int code = sylvite_choose(variants, target, sylvite_cpu_features(),
                            &descriptor, error);
  if (code)
    return code;
  sylvite_model *model = calloc(1, sizeof *model);
  if (!model)
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a model");
  model->descriptor = descriptor;
  code = sylvite_map_weights(model, weights_path, error);
  if (!code && descriptor->device && (code = sylvite_device_open(model, error)))
    sylvite_unmap_weights(model);
  if (code) {
    free(model);
    return code;
  }
  *out = model;
  return SYLVITE_OK;
}

void sylvite_close(sylvite_model *model) {
  if (!model)
    return;
  sylvite_device_close(model);
  sylvite_unmap_weights(model);
  free(model);
}
