/*===-- Variants.c - Which of a library's codes runs here ---------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A library holds code for one instruction set or for several. The strongest
|* that the processor has is taken, unless the caller names another. A name is
an
|* order: where its code is missing, or cannot run, the answer is an error and
|* not the next best.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

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

static int find_named(const sylvite_descriptor *const *variants,
                      const char *wanted, uint64_t available,
                      const sylvite_descriptor **out, sylvite_error *error) {
  char names[256] = "";
  for (size_t i = 0; variants[i]; ++i) {
    if (strcmp(variants[i]->target, wanted))
      continue;
    *out = variants[i];
    if (!sylvite_list_missing(variants[i]->cpu_features, available, names,
                              sizeof names))
      return SYLVITE_OK;
    return sylvite_fail(error, SYLVITE_ERROR_UNSUPPORTED_CPU,
                        "the code for %s cannot run here: this processor lacks "
                        "%s",
                        wanted, names);
  }
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
  for (size_t i = 0; variants[i]; ++i) {
    *out = variants[i];
    if (!sylvite_list_missing(variants[i]->cpu_features, available, missing,
                              sizeof missing))
      return SYLVITE_OK;
  }
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
