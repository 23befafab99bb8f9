//===- TaskNames.h - Names of parallel loops' functions ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names inside of objects that are the same in every process.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_TASKNAMES_H
#define SYLVITE_LIB_EMIT_HALIDE_TASKNAMES_H

#include "Halide.h"

namespace sylvite::emit {

/// Makes the names of the functions that Halide makes of parallel loops depend
/// on the kernel alone. Halide numbers them through the process, and they stand
/// in the object.
void renameTasks(Halide::Module &module);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_TASKNAMES_H
