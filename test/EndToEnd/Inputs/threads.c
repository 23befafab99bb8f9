/* Calls on all kinds of threads, with nothing but the header: see threads.test. */
#include "tiny.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { batch = 24, seq = 16, width = 8, workers = 3, rounds = 20 };

static int64_t ids[batch * seq];
static float expected[batch * width];

static void require(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

/* Threads of this process. */
static int count_threads(void) {
  DIR *folder = opendir("/proc/self/task");
  int count = -2; /* "." and ".." */
  require(folder != NULL, "opening the list of threads");
  while (readdir(folder))
    ++count;
  closedir(folder);
  return count;
}

/* A pool of the program's: workers wait for a loop and take its tasks, the
   thread that called takes tasks, too. Loops of several callers wait in turn. */
typedef struct pool {
  pthread_mutex_t turn, lock;
  pthread_cond_t work, done;
  tiny_task task;
  void *closure;
  int32_t next, count, finished, most;
  int stop, loops;
  pthread_t threads[workers];
} pool;

/* Takes tasks until none is left. `lock` is held before and afterwards. */
static void take_tasks(pool *p) {
  while (p->next < p->count) {
    int32_t i = p->next++;
    pthread_mutex_unlock(&p->lock);
    p->task(p->closure, i);
    pthread_mutex_lock(&p->lock);
    if (++p->finished == p->count)
      pthread_cond_signal(&p->done);
  }
}

static void *work(void *argument) {
  pool *p = argument;
  pthread_mutex_lock(&p->lock);
  while (!p->stop) {
    take_tasks(p);
    pthread_cond_wait(&p->work, &p->lock);
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

static void parallel_for(void *argument, int32_t count, tiny_task task,
                         void *closure) {
  pool *p = argument;
  pthread_mutex_lock(&p->turn);
  pthread_mutex_lock(&p->lock);
  p->task = task;
  p->closure = closure;
  p->next = p->finished = 0;
  p->count = count;
  p->most = count > p->most ? count : p->most;
  ++p->loops;
  pthread_cond_broadcast(&p->work);
  take_tasks(p);
  while (p->finished < p->count)
    pthread_cond_wait(&p->done, &p->lock);
  p->count = 0;
  pthread_mutex_unlock(&p->lock);
  pthread_mutex_unlock(&p->turn);
}

static void start(pool *p) {
  memset(p, 0, sizeof *p);
  pthread_mutex_init(&p->turn, NULL);
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->work, NULL);
  pthread_cond_init(&p->done, NULL);
  for (int i = 0; i < workers; ++i)
    require(!pthread_create(&p->threads[i], NULL, work, p), "a worker");
}

static void stop(pool *p) {
  pthread_mutex_lock(&p->lock);
  p->stop = 1;
  pthread_cond_broadcast(&p->work);
  pthread_mutex_unlock(&p->lock);
  for (int i = 0; i < workers; ++i)
    pthread_join(p->threads[i], NULL);
}

/* The simplest pool that there is: no threads, and the last task first. */
static void one_after_the_other(void *loops, int32_t count, tiny_task task,
                                void *closure) {
  ++*(int *)loops;
  while (count-- > 0)
    task(closure, count);
}

static void call(tiny_context *context, const char *what) {
  float out[batch * width];
  memset(out, 0xff, sizeof out);
  if (tiny_encode(context, batch, seq, ids, NULL, NULL, NULL, out)) {
    fprintf(stderr, "%s: %s\n", what, tiny_last_error(context));
    exit(1);
  }
  require(!memcmp(out, expected, sizeof out), what);
}

typedef struct caller {
  tiny_model *model;
  pool *p;
} caller;

static void *call_often(void *argument) {
  caller *c = argument;
  tiny_context *context = NULL;
  require(!tiny_context_create(c->model, &context), "a context per thread");
  tiny_context_set_parallel_for(context, parallel_for, c->p);
  for (int i = 0; i < rounds; ++i)
    call(context, "the same bits beside another call");
  tiny_context_destroy(context);
  return NULL;
}

int main(void) {
  for (int i = 0; i < batch * seq; ++i)
    ids[i] = i * 7 % 23;
  tiny_model *model = NULL;
  tiny_context *context = NULL;
  require(!tiny_open(NULL, &model), "open");
  require(!tiny_context_create(model, &context), "context");

  /* One thread, and none is made. */
  require(!tiny_context_set_num_threads(context, 1), "one thread");
  require(!tiny_encode(context, batch, seq, ids, NULL, NULL, NULL, expected),
          "encode");
  require(count_threads() == 1, "one thread stays one");

  /* The program's pool, and no thread besides. */
  pool own;
  start(&own);
  require(!tiny_context_set_parallel_for(context, parallel_for, &own), "pool");
  for (int threads = 0; threads <= workers + 1; ++threads) {
    own.loops = own.most = 0;
    tiny_context_set_num_threads(context, threads);
    call(context, "the same bits on the program's pool");
    require(own.loops ? threads != 1 : threads == 1, "the pool is used");
    require(!threads || own.most <= threads, "no more tasks than threads");
  }
  caller both = {model, &own};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    require(!pthread_create(&threads[i], NULL, call_often, &both), "a thread");
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  require(count_threads() == 1 + workers, "no thread but the program's");
  stop(&own);

  int loops = 0;
  tiny_context_set_num_threads(context, 0);
  tiny_context_set_parallel_for(context, one_after_the_other, &loops);
  call(context, "the same bits backwards");
  require(loops > 0, "a loop that runs backwards");

  /* The library's own pool, all of it and parts. */
  tiny_context_set_parallel_for(context, NULL, NULL);
  tiny_set_num_threads(4);
  for (int n = 0; n <= 6; ++n) {
    tiny_context_set_num_threads(context, n);
    for (int i = 0; i < rounds; ++i)
      call(context, "the same bits on the library's pool");
  }
  require(count_threads() <= 4, "no more threads than were asked for");
  require(tiny_context_set_num_threads(NULL, 1) == TINY_ERROR_NULL_ARGUMENT,
          "no context, no threads");

  tiny_context_destroy(context);
  tiny_close(model);
  puts("all right");
  return 0;
}
