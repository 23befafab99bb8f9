//===- LetNames.h - Names of intermediate values ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names inside of kernels that are the same in every process.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_LETNAMES_H
#define SYLVITE_LIB_EMIT_HALIDE_LETNAMES_H

#include "Halide.h"

namespace sylvite::emit {

/// Has Halide name the values that it calculates once, "t137", by their order
/// in the kernel, when it lowers the pipeline. Arguments of programs for
/// devices are called after them, and sorted by name.
void numberLets(Halide::Pipeline &pipeline);

/// Has Halide choose the names of a device's threads and blocks. It does once
/// in a process, with a number where it has used a name of the same hash; so
/// this is called before it can have used any.
void nameThreads();

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_LETNAMES_H
