/*===-- Size.c - Sizes that cannot overflow -----------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Extents come from the caller, so every size made from them may be absurd.
|* UINT64_MAX stands for "too large" and no operation leaves it again.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

uint64_t sylvite_multiply(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

uint64_t sylvite_add(uint64_t a, uint64_t b) {
  uint64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* `to` is a power of two. */
static uint64_t align_to(uint64_t bytes, uint64_t to) {
  uint64_t padded = sylvite_add(bytes, to - 1);
  return padded == UINT64_MAX ? UINT64_MAX : padded & ~(to - 1);
}

uint64_t sylvite_align(uint64_t bytes) {
  return align_to(bytes, SYLVITE_ALIGNMENT);
}

uint64_t sylvite_align_device(uint64_t bytes) {
  return align_to(bytes, SYLVITE_DEVICE_ALIGNMENT);
}

uint64_t sylvite_check_elements(uint64_t elements) {
  return elements > INT32_MAX ? UINT64_MAX : 0;
}
