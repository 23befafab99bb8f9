/*===-- WeightsHeader.c - Is this the right weights file? ---------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A safetensors file is an 8-byte little-endian length, a JSON header of that
|* length, then the data. Nothing in it is believed: the length is compared
|* with the file's size before the header is read, the data's size with what
|* the library expects.
|*
|* Compiled code holds the offset of each tensor, so the file must be exactly
|* the one that was written with the library. Its metadata entry
|* `sylvite.hash` tells; the header's checksum catches a tool that rewrote the
|* file, kept the metadata and moved the tensors.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <inttypes.h>
#include <string.h>

static const char *skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
    ++at;
  return at;
}

/* Finds the string value of metadata entry `sylvite.hash`; false where there is
   none. A look for the key is enough: no tensor of ours has that name, and in
   a foreign file any outcome but the right hash is an error. */
static bool find_hash(const char *header, const char *end, const char **hash,
                      size_t *length) {
  static const char key[] = "\"sylvite.hash\"";
  const char *at = memmem(header, (size_t)(end - header), key, sizeof key - 1);
  if (!at)
    return false;
  at = skip_space(at + sizeof key - 1, end);
  if (at == end || *at != ':')
    return false;
  at = skip_space(at + 1, end);
  if (at == end || *at != '"')
    return false;
  const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
  if (!close)
    return false;
  *hash = at + 1;
  *length = (size_t)(close - at - 1);
  return true;
}

static uint64_t checksum(const uint8_t *bytes, uint64_t size) {
  uint64_t sum = UINT64_C(0xcbf29ce484222325);
  for (uint64_t i = 0; i < size; ++i)
    sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
  return sum;
}

int sylvite_check_weights(const sylvite_weights *expected, const char *path,
                          const uint8_t *file, uint64_t size,
                          const uint8_t **data, sylvite_error *error) {
  if (size < 8)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FORMAT,
                        "%s: has %" PRIu64
                        " bytes, a safetensors file has 8 at least",
                        path, size);
  uint64_t length = 0;
  for (unsigned i = 0; i < 8; ++i)
    length |= (uint64_t)file[i] << (8 * i);
  if (length > size - 8)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FORMAT,
                        "%s: the header's length, %" PRIu64
                        ", is more than the file's %" PRIu64 " bytes",
                        path, length, size);

  const char *header = (const char *)file + 8;
  const char *hash;
  size_t hash_length;
  if (!find_hash(header, header + length, &hash, &hash_length))
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_MISMATCH,
                        "%s: is no weights file of a compiled library (its "
                        "metadata has no sylvite.hash)",
                        path);
  if (hash_length != strlen(expected->hash) ||
      memcmp(hash, expected->hash, hash_length))
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_MISMATCH,
                        "%s: was written for another library (sylvite.hash is "
                        "%.*s, expected %s)",
                        path, hash_length > 64 ? 64 : (int)hash_length, hash,
                        expected->hash);
  if (checksum(file + 8, length) != expected->header_checksum)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_MISMATCH,
                        "%s: was rewritten by another tool; use the file as "
                        "the compiler wrote it",
                        path);
  if (size - 8 - length != expected->bytes)
    return sylvite_fail(error, SYLVITE_ERROR_WEIGHTS_FORMAT,
                        "%s: holds %" PRIu64 " bytes of data, expected %" PRIu64
                        "; is it truncated?",
                        path, size - 8 - length, expected->bytes);
  *data = file + 8 + length;
  return SYLVITE_OK;
}
