/*===-- Location.c - Where the library's own file is --------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The weights file lies beside the library. In a program that was linked with
|* the archive, the "library" is the program itself.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Copies the path of the file that holds `address` to `path`. */
static bool find_file(const void *address, char *path, size_t size) {
  Dl_info info;
  if (!dladdr(address, &info) || !info.dli_fname)
    return false;
  /* For a program dladdr tells argv[0], which need not be a path. */
  if (strchr(info.dli_fname, '/')) {
    if (strlen(info.dli_fname) >= size)
      return false;
    strcpy(path, info.dli_fname);
    return true;
  }
  ssize_t length = readlink("/proc/self/exe", path, size - 1);
  if (length <= 0)
    return false;
  path[length] = '\0';
  return true;
}

int sylvite_path_beside(const void *address, const char *file_name, char **path,
                        sylvite_error *error) {
  char library[4096];
  if (!find_file(address, library, sizeof library))
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FILE,
                        "cannot tell in which folder the library lies; pass "
                        "the path of %s when opening it",
                        file_name);
  char *slash = strrchr(library, '/');
  size_t folder = slash ? (size_t)(slash - library) + 1 : 0;
  size_t name = strlen(file_name) + 1;
  *path = malloc(folder + name);
  if (!*path)
    return sylvite_fail(error, SYLVITE_ERROR_OUT_OF_MEMORY,
                        "not enough memory for a path");
  memcpy(*path, library, folder);
  memcpy(*path + folder, file_name, name);
  return SYLVITE_OK;
}
