//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels are compiled without Halide's runtime (threads, memory, errors); a
/// compiled model holds it once. Making it takes Halide about a second,
/// whatever the model, so this program makes it while Sylvite itself is built:
///
///   sylvite-halide-runtime TARGET FILE.o
///
//===----------------------------------------------------------------------===//

#include "Halide.h"

#include <cstdio>

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s TARGET FILE.o\n", argv[0]);
    return 2;
  }
  try {
    Halide::compile_standalone_runtime(argv[2], Halide::Target(argv[1]));
  } catch (const Halide::Error &error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}
