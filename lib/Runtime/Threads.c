/*===-- Threads.c - On which threads kernels run ------------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Kernels call `halide_do_par_for` for loops whose iterations may run side by
|* side. Halide's definition, which hands them to the library's own pool, is
|* weak; this one takes its place and asks the context first: how many threads
|* the call may use, and whether the caller brings threads of its own.
|*
|* In both cases there are as many tasks as threads, and each takes iterations
|* until none is left, so that a slow thread delays nobody. An iteration
computes
|* the same whoever takes it: sums are never divided among iterations.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

/* Parts of Halide's runtime. */
typedef int (*iteration)(void *user_context, int number, uint8_t *closure);
extern int halide_set_num_threads(int threads);
extern int halide_default_do_par_for(void *user_context, iteration run, int min,
                                     int size, uint8_t *closure);

int halide_do_par_for(void *user_context, iteration run, int min, int size,
                      uint8_t *closure);

/* A loop while it runs. */
typedef struct loop {
  sylvite_context *context;
  iteration run;
  uint8_t *closure;
  int64_t min, size;
  _Atomic(int64_t) next;
  /* What the first iteration that failed returned. */
  _Atomic(int) code;
} loop;

/* Runs iterations until none is left, or one fails. */
static void take_iterations(void *argument, int32_t task) {
  (void)task;
  loop *l = argument;
  while (!atomic_load_explicit(&l->code, memory_order_relaxed)) {
    int64_t i = atomic_fetch_add_explicit(&l->next, 1, memory_order_relaxed);
    if (i >= l->size)
      return;
    int code = l->run(l->context, (int)(l->min + i), l->closure);
    int none = 0;
    if (code)
      atomic_compare_exchange_strong(&l->code, &none, code);
  }
}

/* The same as Halide's pool calls it. */
static int take_for_halide(void *user_context, int task, uint8_t *argument) {
  (void)user_context;
  take_iterations(argument, task);
  return 0;
}

static void share(sylvite_context *context, loop *l) {
  int64_t tasks = l->size;
  if (context->num_threads > 0 && context->num_threads < tasks)
    tasks = context->num_threads;
  if (tasks > 1 && context->parallel_for)
    context->parallel_for(context->pool, (int32_t)tasks, take_iterations, l);
  else if (tasks > 1)
    halide_default_do_par_for(context, take_for_halide, 0, (int)tasks,
                              (uint8_t *)l);
  /* All, for one thread; and what a pool has left out. */
  take_iterations(l, 0);
}

int halide_do_par_for(void *user_context, iteration run, int min, int size,
                      uint8_t *closure) {
  sylvite_context *context = user_context;
  if (!context || (!context->num_threads && !context->parallel_for))
    return halide_default_do_par_for(user_context, run, min, size, closure);
  loop l = {.context = context,
            .run = run,
            .closure = closure,
            .min = min,
            .size = size};
  /* A loop in an iteration of another one runs where it is: the threads have
     work, and a pool need not expect to be called from its own tasks. */
  if (atomic_exchange(&context->in_loop, true)) {
    take_iterations(&l, 0);
  } else {
    share(context, &l);
    atomic_store(&context->in_loop, false);
  }
  return atomic_load(&l.code);
}

void sylvite_set_num_threads(int threads) {
  /* Halide takes 0 for "one per processor". */
  halide_set_num_threads(threads > 0 ? threads : 0);
}

static int report_no_context(void) {
  return sylvite_fail(sylvite_thread_error(), SYLVITE_ERROR_NULL_ARGUMENT,
                      "the context is NULL");
}

int sylvite_context_set_num_threads(sylvite_context *context, int threads) {
  if (!context)
    return report_no_context();
  context->num_threads = threads > 0 ? threads : 0;
  return SYLVITE_OK;
}

int sylvite_context_set_parallel_for(sylvite_context *context,
                                     sylvite_parallel_for parallel_for,
                                     void *pool) {
  if (!context)
    return report_no_context();
  context->parallel_for = parallel_for;
  context->pool = pool;
  return SYLVITE_OK;
}
