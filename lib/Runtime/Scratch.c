/*===-- Scratch.c - Memory that kernels use while they run --------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* What a kernel keeps between its stages (packed keys, scores) it asks for with
|* `halide_malloc`. The definitions here take the place of Halide's weak ones:
|* a context keeps the blocks for its next call, so that no call but the first
|* asks the system for memory and has its pages made anew.
|*
|* Blocks have a few sizes, and one is used again only for its own size, so that
|* calls of the same dimensions find what they need. Threads of one call take
|* and return blocks without waiting: a place of the context holds 0 or a
|* block's address and, in the bits that its alignment leaves, its size. Who
|* exchanges it owns the block.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <stdlib.h>

enum {
  /* Of blocks and of what kernels get, which a header stands in front of. */
  alignment = 128,
  least_log2 = 10,
};

/* In front of what a kernel gets. */
typedef struct header {
  uintptr_t size_class;
} header;

void *halide_malloc(void *user_context, size_t bytes);
void halide_free(void *user_context, void *data);

/* Sizes are powers of two, and these and a half: no more than a third of a
   block is unused. */
static uint64_t get_size(unsigned size_class) {
  uint64_t power = (uint64_t)1 << (least_log2 + size_class / 2);
  return size_class % 2 ? power / 2 * 3 : power;
}

void *halide_malloc(void *user_context, size_t bytes) {
  sylvite_context *context = user_context;
  if (bytes > PTRDIFF_MAX / 2 - alignment)
    return NULL;
  unsigned size_class = 0;
  while (get_size(size_class) < bytes + alignment)
    ++size_class;
  for (unsigned i = 0; context && i < SYLVITE_SCRATCH_BLOCKS; ++i) {
    uintptr_t held =
        atomic_load_explicit(&context->scratch[i], memory_order_relaxed);
    if (held && held % alignment == size_class &&
        atomic_compare_exchange_strong(&context->scratch[i], &held, 0))
      return (char *)(held - size_class) + alignment;
  }
  header *block = aligned_alloc(alignment, get_size(size_class));
  if (!block)
    return NULL;
  block->size_class = size_class;
  return (char *)block + alignment;
}

void halide_free(void *user_context, void *data) {
  sylvite_context *context = user_context;
  if (!data)
    return;
  header *block = (header *)((char *)data - alignment);
  for (unsigned i = 0; context && i < SYLVITE_SCRATCH_BLOCKS; ++i) {
    uintptr_t none = 0;
    if (!atomic_load_explicit(&context->scratch[i], memory_order_relaxed) &&
        atomic_compare_exchange_strong(&context->scratch[i], &none,
                                       (uintptr_t)block + block->size_class))
      return;
  }
  free(block);
}

void sylvite_free_scratch(sylvite_context *context) {
  for (unsigned i = 0; i < SYLVITE_SCRATCH_BLOCKS; ++i) {
    uintptr_t held = context->scratch[i];
    free((void *)(held - held % alignment));
  }
}
