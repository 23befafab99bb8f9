//===- ProgramNames.h - Names in programs for devices -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Programs for devices that are the same in every process.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_PROGRAMNAMES_H
#define SYLVITE_LIB_EMIT_HALIDE_PROGRAMNAMES_H

#include "Halide.h"

namespace sylvite::emit {

/// Makes the names in the programs that a lowered kernel has for devices, and
/// those by which it launches them, depend on the kernel alone.
void renamePrograms(Halide::Module &module);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_PROGRAMNAMES_H
