/*===-- Internal.h - What the parts of the runtime share ----------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Everything here is hidden in a library and made local when it is packaged.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_LIB_RUNTIME_INTERNAL_H
#define SYLVITE_LIB_RUNTIME_INTERNAL_H

#include "sylvite/Runtime/Runtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Buffers handed to kernels begin on a cache line, the widest vector. */
#define SYLVITE_ALIGNMENT 64u

/* Tensors begin at multiples of this on a device: parts of one allocation are
   passed to kernels as allocations of their own, which drivers want aligned. */
#define SYLVITE_DEVICE_ALIGNMENT 512u

enum { SYLVITE_ERROR_BYTES = 512 };

/* How many blocks of memory a context keeps for its kernels. */
enum { SYLVITE_SCRATCH_BLOCKS = 32 };

/* The details of a failure; the text is cut where it is too long. */
typedef struct sylvite_error {
  char text[SYLVITE_ERROR_BYTES];
} sylvite_error;

struct sylvite_model {
  const sylvite_descriptor *descriptor;
  const uint8_t *weights;
  /* The mapped file, NULL for embedded weights. */
  void *mapping;
  size_t mapping_bytes;
  /* See DeviceMemory.h; NULL where kernels run on the processor. */
  struct sylvite_device_state *device;
};

struct sylvite_profile_log {
  sylvite_event *events;
  uint64_t capacity, count;
  uint32_t function;
  /* When the kernel before was done. */
  uint64_t last;
};

struct sylvite_context {
  /* `log` where a profile is wanted, else NULL. Compiled code looks here. */
  sylvite_profile_log *profile;
  const sylvite_model *model;
  uint8_t *arena;
  uint64_t arena_bytes;
  /* What lies behind the arena's addresses where kernels run on a device. */
  struct sylvite_device_arena *device_arena;
  sylvite_device_counts counts;
  /* Memory that no kernel uses now, see Scratch.c. */
  _Atomic(uintptr_t) scratch[SYLVITE_SCRATCH_BLOCKS];
  sylvite_error error;
  /* Set by the kernel that fails first and so may write `error`. */
  _Atomic(bool) failed;
  sylvite_profile_log log;
  /* Threads that a call may use; 0 for those of the library's pool. */
  int num_threads;
  /* Who runs them, or NULL for the library's pool. */
  sylvite_parallel_for parallel_for;
  void *pool;
  /* Whether a kernel's parallel loop is running. */
  _Atomic(bool) in_loop;
};

/* Error.c: formats the details and returns `code`. */
int sylvite_fail(sylvite_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The calling thread's place for failures outside of a context. */
sylvite_error *sylvite_thread_error(void);

/* Cpu.c: the instruction sets of this processor that the operating system
   lets programs use. */
uint64_t sylvite_cpu_features(void);
/* Whether `needed` holds a bit that `available` does not; writes what these
   are, as "avx2, fma", and cuts the text where it is too long. */
bool sylvite_list_missing(uint64_t needed, uint64_t available, char *names,
                          size_t size);

/* Variants.c: the variant called `wanted`, or for NULL the strongest that the
   processor can run. */
int sylvite_choose(const sylvite_descriptor *const *variants,
                   const char *wanted, uint64_t available,
                   const sylvite_descriptor **out, sylvite_error *error);

/* Size.c: products and sums that stay at UINT64_MAX once they overflow. The
   size functions of compiled code call these too. */
uint64_t sylvite_multiply(uint64_t a, uint64_t b);
uint64_t sylvite_add(uint64_t a, uint64_t b);
/* Up to the next multiple of SYLVITE_ALIGNMENT, or of what tensors of a device
   are aligned to. */
uint64_t sylvite_align(uint64_t bytes);
uint64_t sylvite_align_device(uint64_t bytes);
/* 0 for a tensor of so many elements, or UINT64_MAX where kernels, which index
   with 32 bits, cannot reach them all. */
uint64_t sylvite_check_elements(uint64_t elements);

/* Tensor.c: facts of an input or output. */
int64_t sylvite_extent(const sylvite_tensor *tensor, int64_t axis,
                       const int64_t *dims);
uint64_t sylvite_num_elements(const sylvite_tensor *tensor,
                              const int64_t *dims);
uint64_t sylvite_element_bytes(int32_t element_type);
/* Writes `tensor.default_bits` to all elements. */
void sylvite_fill_default(const sylvite_tensor *tensor, uint64_t elements,
                          void *data);

/* Check.c: what a caller may get wrong, found before any kernel runs. */
int sylvite_check_dims(const sylvite_function *function, const int64_t *dims,
                       sylvite_error *error);
int sylvite_check_input(const sylvite_tensor *input, const int64_t *dims,
                        const void *data, sylvite_error *error);
int sylvite_check_output(const sylvite_tensor *output, const void *data,
                         sylvite_error *error);
int sylvite_check_lengths(const sylvite_tensor *mask, const int64_t *dims,
                          const int32_t *lengths, sylvite_error *error);

/* Weights.c: fills in `weights`, `mapping` and `mapping_bytes` of `model`. */
int sylvite_map_weights(sylvite_model *model, const char *path,
                        sylvite_error *error);
void sylvite_unmap_weights(sylvite_model *model);

/* WeightsHeader.c: checks the start of a safetensors file of `size` bytes
   against what the library was compiled with and finds where its data lies. */
int sylvite_check_weights(const sylvite_weights *expected, const char *path,
                          const uint8_t *file, uint64_t size,
                          const uint8_t **data, sylvite_error *error);

/* Location.c: the path of the weights file that lies beside the library that
   holds `address`. Allocated with malloc. */
int sylvite_path_beside(const void *address, const char *file_name, char **path,
                        sylvite_error *error);

/* Profile.c: function number `function` begins. */
void sylvite_begin_profile(sylvite_context *context, uint32_t function);
/* Its call of a kernel number `call` is done. */
void sylvite_note_kernel(sylvite_profile_log *log, uint32_t call);

/* Arena.c: makes sure that the context has an arena of `bytes`. */
int sylvite_reserve(sylvite_context *context, uint64_t bytes);

/* Parts.c: the arena that a call on the processor needs, and its kernels on one
   part of the batch after the other. Where there are several parts, `inputs`
   and `outputs` end up as those of the last one. */
uint64_t sylvite_part_bytes(const sylvite_function *function,
                            const int64_t *dims);
int32_t sylvite_run_parts(sylvite_context *context,
                          const sylvite_function *function, const int64_t *dims,
                          const void **inputs, void **outputs);

/* Scratch.c: gives back what kernels have used. */
void sylvite_free_scratch(sylvite_context *context);

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_LIB_RUNTIME_INTERNAL_H */
