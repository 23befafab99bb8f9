/*===-- Variants.c - Which of a library's codes runs here ---------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A library holds code for one instruction set or for several. The strongest
|* that runs here is taken, unless the caller names another: code for a device
|* where there is one, else that for the best instruction set. A name is an
|* order: where its code is missing, or cannot run, the answer is an error and
|* not the next best. A device's name alone stands for the strongest code that
|* goes with it, "opencl" for "zen4+opencl".
|*
\*===--------------------------------------------------------------------===*/

#include "Device.h"

#include <stdio.h>
#include <string.h>

/* Writes the names of all variants as "zen4, x86-64-v4". */
static void list_names(const sylvite_descriptor *const *variants, char *text,
                       size_t size) {
  size_t used = 0;
  for (size_t i = 0; variants[i] && used < size; ++i)
    used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
                             variants[i]->target);
}

/* Is it the name of the variant, or that of its device? */
static bool is_called(const sylvite_descriptor *variant, const char *wanted) {
  const char *device = strchr(variant->target, '+');
  return !strcmp(variant->target, wanted) ||
         (device && !strcmp(device + 1, wanted));
}

/* Whether there is the variant's device; it has one. */
static int probe(const sylvite_descriptor *variant, sylvite_error *error) {
  return sylvite_device_probe(variant->device, variant->target, error);
}

static int find_named(const sylvite_descriptor *const *variants,
                      const char *wanted, uint64_t available,
                      const sylvite_descriptor **out, sylvite_error *error) {
  char names[256] = "";
  const sylvite_descriptor *weakest = NULL;
  for (size_t i = 0; variants[i]; ++i) {
    if (!is_called(variants[i], wanted))
      continue;
    *out = weakest = variants[i];
    if (!sylvite_list_missing(variants[i]->cpu_features, available, names,
                              sizeof names))
      return variants[i]->device ? probe(variants[i], error) : SYLVITE_OK;
  }
  if (weakest)
    return sylvite_fail(error, SYLVITE_ERROR_UNSUPPORTED_CPU,
                        "the code for %s cannot run here: this processor lacks "
                        "%s",
                        weakest->target, names);
  list_names(variants, names, sizeof names);
  return sylvite_fail(error, SYLVITE_ERROR_UNKNOWN_TARGET,
                      "the library was not compiled for %s, but for %s", wanted,
                      names);
}

int sylvite_choose(const sylvite_descriptor *const *variants,
                   const char *wanted, uint64_t available,
                   const sylvite_descriptor **out, sylvite_error *error) {
  *out = NULL;
  if (wanted)
    return find_named(variants, wanted, available, out, error);
  char missing[256] = "", names[128] = "";
  int device_code = SYLVITE_OK;
  for (size_t i = 0; variants[i]; ++i) {
    *out = variants[i];
    if (sylvite_list_missing(variants[i]->cpu_features, available, missing,
                             sizeof missing))
      continue;
    device_code = variants[i]->device ? probe(variants[i], error) : SYLVITE_OK;
    if (!device_code)
      return SYLVITE_OK;
  }
  /* A device was all that was missing. */
  if (device_code)
    return device_code;
  list_names(variants, names, sizeof names);
  const char *weakest = (*out)->target;
  return sylvite_fail(error, SYLVITE_ERROR_UNSUPPORTED_CPU,
                      "the library was compiled for %s; this processor lacks "
                      "%s%s%s; compile with another --target",
                      names, missing, variants[1] ? " for " : "",
                      variants[1] ? weakest : "");
}

const char *sylvite_target(const sylvite_descriptor *const *variants,
                           const sylvite_model *model) {
  if (model)
    return model->descriptor->target;
  const sylvite_descriptor *chosen;
  int code = sylvite_choose(variants, NULL, sylvite_cpu_features(), &chosen,
                            sylvite_thread_error());
  return code ? NULL : chosen->target;
}
