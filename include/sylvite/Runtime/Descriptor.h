/*===-- Descriptor.h - What compiled code tells the runtime -----*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The binary interface between the objects that the compiler makes for a model
|* and the runtime that is linked beside them. The compiler lays one constant
|* `sylvite_descriptor` into each library for each instruction set that it was
|* compiled for; the runtime chooses one of them, and reads it to check
|* arguments, to fill in defaults and to find the weights.
|*
|* Every library carries its own copy of the runtime, under local symbols, so
|* that the two always agree. `abi_version` guards against mixed build trees.
|* Any change here must be repeated in lib/Emit/Host, which builds the same
|* structures as LLVM constants.
|*
\*===--------------------------------------------------------------------===*/

#ifndef SYLVITE_RUNTIME_DESCRIPTOR_H
#define SYLVITE_RUNTIME_DESCRIPTOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYLVITE_ABI_VERSION 4u

enum sylvite_status {
#define SYLVITE_STATUS(name, number, message) SYLVITE_##name = number,
#include "sylvite/Runtime/Status.def"
};

enum sylvite_element_type {
#define SYLVITE_ELEMENT_TYPE(name, number, bytes, text, c_type, npy)           \
  SYLVITE_##name = number,
#include "sylvite/Runtime/ElementTypes.def"
};

/* Bits of `sylvite_descriptor.cpu_features`. */
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state)      \
  static const uint64_t SYLVITE_CPU_##name = UINT64_C(1) << bit;
#include "sylvite/Runtime/CpuFeatures.def"

/* A named dynamic dimension of a function. */
typedef struct sylvite_dim {
  const char *name;
  int64_t max; /* largest extent, 0 where there is no limit */
} sylvite_dim;

/* Bits of `sylvite_tensor.flags`. */
enum {
  SYLVITE_HAS_DEFAULT = 1,
  SYLVITE_HAS_RANGE = 2,
  /* Of an input that a call writes as well. */
  SYLVITE_IS_WRITTEN = 4
};

/* An input or an output: dense, row-major. */
typedef struct sylvite_tensor {
  const char *name;
  int32_t element_type; /* enum sylvite_element_type */
  uint32_t flags;
  /* Per axis a constant extent, or -1-i for the function's dimension i. */
  const int64_t *shape;
  int64_t rank;
  /* The element that fills an input passed as NULL (SYLVITE_HAS_DEFAULT), as
     its bit pattern in the low bytes. */
  uint64_t default_bits;
  /* Integer inputs: every value v has range_low <= v < range_high. */
  int64_t range_low, range_high;
} sylvite_tensor;

/* Where times of kernels go; see Profile.c. */
typedef struct sylvite_profile_log sylvite_profile_log;

/* Rows of layers that a part of a call has: what they give stays in the caches of
   a core or two, and weights that come from memory cost little by the side. */
#define SYLVITE_PART_ROWS 256

/* Runs the kernels of a function. `user_context` is handed to every kernel and
   comes back in `halide_error`. It begins with a pointer to a
   sylvite_profile_log; unless that is NULL, sylvite_note_kernel is called
   behind each kernel. Pointers in `inputs` and `outputs` are valid
   for the extents; `arena` has the size told by the arena function and is 64
   byte aligned. On a device all of them but the weights lie in the arena, whose
   addresses have no memory. Returns 0, or the code of the kernel that failed. */
typedef int32_t (*sylvite_impl)(void *user_context, const int64_t *dims,
                                const uint8_t *weights, uint8_t *arena,
                                const void *const *inputs,
                                void *const *outputs);

/* Bytes of arena that a function needs; UINT64_MAX where the extents make a
   tensor that kernels cannot index (2^31 elements and more). */
typedef uint64_t (*sylvite_arena)(const int64_t *dims);

typedef struct sylvite_function {
  const char *name;
  const sylvite_dim *dims;
  const sylvite_tensor *inputs;
  const sylvite_tensor *outputs;
  int32_t num_dims, num_inputs, num_outputs;
  /* The input that lengths can stand for: [rows, columns], 1 for the first
     lengths[row] columns and 0 for the others. -1 where there is none. */
  int32_t lengths_input;
  /* The dimension along which a call may run the function on one part after the
     other, or -1: it is the first axis of each input and output that has it, and
     what is calculated of a row depends on that row alone. */
  int32_t batch_dim;
  /* Rows of layers for one of its extent, as in `shape` of a tensor. */
  int64_t batch_rows;
  sylvite_impl impl;
  sylvite_arena arena;
} sylvite_function;

/* Where the weights are and how to know that they are the right ones. Made
   when the weights are written, later than the rest of the descriptor. */
typedef struct sylvite_weights {
  /* Embedded weights, 64 byte aligned, or NULL. */
  const uint8_t *embedded;
  uint64_t bytes;
  /* The safetensors file beside the library, for example "bert.safetensors". */
  const char *file_name;
  /* Metadata entry `sylvite.hash` of that file. */
  const char *hash;
  /* 64-bit FNV-1a over the JSON header: another tool may keep the metadata and
     still move the tensors. */
  uint64_t header_checksum;
} sylvite_weights;

/* How kernels reach a device; see lib/Runtime/Device.h. */
typedef struct sylvite_device_api sylvite_device_api;

/* The code for one instruction set. What callers see of the functions is the
   same for all. */
typedef struct sylvite_descriptor {
  uint32_t abi_version; /* SYLVITE_ABI_VERSION */
  uint32_t num_functions;
  const sylvite_function *functions;
  const sylvite_weights *weights;
  const char *target; /* its name, for example "x86-64-v3" */
  /* What the processor must have. */
  uint64_t cpu_features;
  /* Where the kernels run, or NULL for the processor. */
  const sylvite_device_api *device;
} sylvite_descriptor;

#ifdef __cplusplus
}
#endif

#endif /* SYLVITE_RUNTIME_DESCRIPTOR_H */
