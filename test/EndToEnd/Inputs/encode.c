/* Uses nothing but the header of a compiled encoder: see c-program.test. */
#include "tiny.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { batch = 2, seq = 5, width = 8, rounds = 200 };

static const int64_t ids[batch * seq] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0};
static const int64_t mask[batch * seq] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
static const int32_t lengths[batch] = {5, 3};
static float expected[batch * width];

static void require(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

/* Many calls on a context of its own, beside another thread. */
static void *call_often(void *argument) {
  tiny_context *context = NULL;
  require(!tiny_context_create(argument, &context), "a context per thread");
  for (int i = 0; i < rounds; ++i) {
    float out[batch * width];
    require(!tiny_encode(context, batch, seq, ids, mask, NULL, NULL, out),
            "a call beside another");
    require(!memcmp(out, expected, sizeof out), "the same bits in every call");
  }
  tiny_context_destroy(context);
  return NULL;
}

int main(void) {
  tiny_model *model = NULL;
  tiny_context *context = NULL;
  require(tiny_open("no/such/file", &model) == TINY_ERROR_WEIGHTS_FILE,
          "a missing weights file is an error");
  printf("%s\n", tiny_last_error(NULL));
  require(!tiny_open(NULL, &model), "open");
  require(!tiny_context_create(model, &context), "context");

  require(!tiny_encode(context, batch, seq, ids, mask, NULL, NULL, expected),
          "encode");
  float sum = 0, out[batch * width];
  for (int i = 0; i < width; ++i)
    sum += expected[i] * expected[i];
  require(fabsf(sum - 1) < 1e-5f, "an embedding of unit length");
  require(!tiny_encode_lengths(context, batch, seq, ids, lengths, NULL, NULL,
                               out),
          "encode by lengths");
  require(!memcmp(out, expected, sizeof out), "lengths say what the mask says");
  require(tiny_encode_arena_bytes(batch, seq) > 0, "the arena's size");
  require(tiny_encode_arena_bytes(batch, 17) == UINT64_MAX,
          "no arena for a call that is refused");

  require(tiny_encode(context, batch, 17, ids, mask, NULL, NULL, out) != 0,
          "more tokens than the model knows");
  printf("%s\n", tiny_last_error(context));
  require(tiny_encode(context, 0, seq, ids, mask, NULL, NULL, out) != 0,
          "no row at all");
  printf("%s\n", tiny_last_error(context));
  require(tiny_encode(context, batch, seq, NULL, mask, NULL, NULL, out) != 0,
          "a required input that is NULL");
  printf("%s\n", tiny_last_error(context));
  int64_t wild[batch * seq] = {0};
  wild[6] = 23;
  require(tiny_encode(context, batch, seq, wild, mask, NULL, NULL, out) != 0,
          "an id outside the vocabulary");
  printf("%s\n", tiny_last_error(context));

  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    require(!pthread_create(&threads[i], NULL, call_often, model), "a thread");
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);

  tiny_context_destroy(context);
  tiny_close(model);
  puts("all right");
  return 0;
}
