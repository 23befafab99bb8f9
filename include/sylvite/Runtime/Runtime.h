/*===-- Runtime.h - The runtime's entry points ------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* What the public functions of a compiled library call. Their names carry the
|* library's prefix and are made by lib/Emit/Host; these here are hidden.
|*
|* Functions that return `int` return a code of Status.def. A failure leaves a
|* sentence with the details behind, which `sylvite_last_error` returns: for
|* failures of a context in the context, else per thread.
|*
|* A model may be shared by threads; a context serves one call at a time.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_RUNTIME_RUNTIME_H
#define SYLVITE_RUNTIME_RUNTIME_H

#include "sylvite/Runtime/Descriptor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sylvite_model sylvite_model;
typedef struct sylvite_context sylvite_context;

/* Chooses among the library's variants, the strongest first and NULL behind the
   last, and maps the weights. `weights_path` NULL means the embedded weights,
   or the weights file beside the library; `target` NULL means the strongest
   variant that the processor can run. */
int sylvite_open(const sylvite_descriptor *const *variants,
                 const char *weights_path, const char *target,
                 sylvite_model **out);

/* The name of the variant that the model runs; without a model, of the one that
   would be chosen, or NULL, of which sylvite_last_error(NULL) tells. */
const char *sylvite_target(const sylvite_descriptor *const *variants,
                           const sylvite_model *model);

/* Unmaps the weights. The model's contexts must be gone. NULL is allowed. */
void sylvite_close(sylvite_model *model);

int sylvite_context_create(const sylvite_model *model, sylvite_context **out);

/* Frees the context and its arena. NULL is allowed. */
void sylvite_context_destroy(sylvite_context *context);

/* Runs function number `function`: checks the dimensions and the inputs, fills
   in defaults, computes. `dims`, `inputs` and `outputs` are in the
   descriptor's order; NULL inputs take their default, NULL outputs are not
   returned. */
int sylvite_call(sylvite_context *context, uint32_t function,
                 const int64_t *dims, const void *const *inputs,
                 void *const *outputs);

/* The same, where the input `lengths_input` is made from `lengths`, one per
   row. The pointer at its place in `inputs` is ignored. */
int sylvite_call_lengths(sylvite_context *context, uint32_t function,
                         const int64_t *dims, const void *const *inputs,
                         const int32_t *lengths, void *const *outputs);

/* The same as sylvite_call, for a function given by name. */
int sylvite_invoke(sylvite_context *context, const char *function,
                   const int64_t *dims, const void *const *inputs,
                   void *const *outputs);

/* Bytes that a context needs for the intermediate values of a call, whichever
   variant runs, or UINT64_MAX for dimensions that a call would refuse. */
uint64_t sylvite_arena_bytes(const sylvite_descriptor *const *variants,
                             uint32_t function, const int64_t *dims);

/* What a code means. Never NULL. */
const char *sylvite_error_message(int code);

/* What the last failing call on this context reported, empty before the first.
   With NULL: the last failure on this thread that had no context, for example
   of sylvite_open. Valid until the next call. Never NULL. */
const char *sylvite_last_error(const sylvite_context *context);

/* One call of a kernel: the number of the function and, within it, of the place
   that calls the kernel, and nanoseconds of the system's monotonic clock. What
   happens between two kernels counts to the latter. */
typedef struct sylvite_event {
  uint32_t function, call;
  uint64_t begin, end;
} sylvite_event;

/* From now on the kernels that calls on this context run are noted in `events`,
   which must live until the next call of this function; NULL ends it. */
int sylvite_profile(sylvite_context *context, sylvite_event *events,
                    uint64_t capacity);

/* Kernels that ran since: more than `capacity` where the last ones found no
   place. */
uint64_t sylvite_profile_count(const sylvite_context *context);

/* What calls on a context have done on a device, since it was made: launches of
   kernels; inputs and outputs that were copied, and their bytes; copies from one
   place of the device to another; weights that were copied because no call
   before had needed them. */
typedef struct sylvite_device_counts {
  uint64_t launches;
  uint64_t uploads, upload_bytes;
  uint64_t downloads, download_bytes;
  uint64_t copies;
  uint64_t weights, weight_bytes;
} sylvite_device_counts;

/* All zero where kernels run on the processor. */
int sylvite_get_device_counts(const sylvite_context *context,
                              sylvite_device_counts *counts);

/* Threads of the library's own pool, which calls use together, the threads of
   the callers among them; 0 or less means one per processor. */
void sylvite_set_num_threads(int threads);

/* Threads that calls on this context use at most, the calling thread among
   them; 0 or less means all of the pool. One means the calling thread alone. */
int sylvite_context_set_num_threads(sylvite_context *context, int threads);

/* A pool of the caller's: calls task(closure, i) for all i from 0 to count - 1,
   on any threads in any order, and returns when all have returned. */
typedef void (*sylvite_task)(void *closure, int32_t i);
typedef void (*sylvite_parallel_for)(void *pool, int32_t count,
                                     sylvite_task task, void *closure);

/* Calls on this context run on `pool`, not on the library's own; NULL goes back
   to that. It is called from the thread that calls, never from its own tasks,
   and with at most as many tasks as the context's number of threads. */
int sylvite_context_set_parallel_for(sylvite_context *context,
                                     sylvite_parallel_for parallel_for,
                                     void *pool);

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_RUNTIME_RUNTIME_H */
