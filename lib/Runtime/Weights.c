/*===-- Weights.c - Mapping the weights ---------------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Weights are mapped read-only and shared: processes that use the same model
|* hold them in memory once, and pages that are never used are never read.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Maps the file at `path`; `model.mapping` stays NULL on failure. */
static int map_file(sylvite_model *model, const char *path,
                    sylvite_error *error) {
  /* Without O_NONBLOCK a pipe would be waited for. */
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FILE, "%s: %s", path,
                        strerror(errno));
  struct stat status;
  if (fstat(file, &status) || !S_ISREG(status.st_mode)) {
    close(file);
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FILE,
                        "%s: is not a regular file", path);
  }
  if (status.st_size == 0) {
    close(file);
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FORMAT, "%s: is empty",
                        path);
  }
  size_t bytes = (size_t)status.st_size;
  void *mapping = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, file, 0);
  int reason = errno;
  close(file);
  if (mapping == MAP_FAILED)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FILE, "%s: %s", path,
                        strerror(reason));
  model->mapping = mapping;
  model->mapping_bytes = bytes;
  return SYLVITE_OK;
}

/* Maps the file and checks that it is the one that belongs to the model. */
static int use_file(sylvite_model *model, const char *path,
                    sylvite_error *error) {
  int code = map_file(model, path, error);
  if (code)
    return code;
  code = sylvite_check_weights(model->descriptor->weights, path, model->mapping,
                               model->mapping_bytes, &model->weights, error);
  if (!code && (uintptr_t)model->weights % SYLVITE_ALIGNMENT)
    code = sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FORMAT,
                        "%s: its data does not begin at a multiple of %u bytes",
                        path, SYLVITE_ALIGNMENT);
  if (code)
    sylvite_unmap_weights(model);
  return code;
}

int sylvite_map_weights(sylvite_model *model, const char *path,
                        sylvite_error *error) {
  const sylvite_weights *weights = model->descriptor->weights;
  if (path)
    return use_file(model, path, error);
  /* A model without weights has nothing to map. */
  if (weights->embedded || weights->bytes == 0) {
    model->weights = weights->embedded;
    return SYLVITE_OK;
  }
  char *beside;
  int code = sylvite_path_beside(weights, weights->file_name, &beside, error);
  if (code)
    return code;
  code = use_file(model, beside, error);
  free(beside);
  return code;
}

void sylvite_unmap_weights(sylvite_model *model) {
  if (model->mapping)
    munmap(model->mapping, model->mapping_bytes);
  model->mapping = NULL;
  model->weights = NULL;
}
