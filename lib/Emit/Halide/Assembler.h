//===- Assembler.h - What a program takes of a device -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Registers of programs for CUDA, which only the vendor's assembler knows.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_ASSEMBLER_H
#define SYLVITE_LIB_EMIT_HALIDE_ASSEMBLER_H

#include "sylvite/Emit/Halide/Launches.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// Has ptxas assemble a program of PTX, and notes registers and spills at the
/// launches of its entries. Does nothing where there is no ptxas, or where it
/// fails.
void assemble(llvm::StringRef program, const Device &device,
              std::vector<KernelLaunch> &launches);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_ASSEMBLER_H
