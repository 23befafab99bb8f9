//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels as text: for people who want to see what Halide is told, and what it
/// makes of it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HALIDE_PRINTKERNELS_H
#define SYLVITE_EMIT_HALIDE_PRINTKERNELS_H

#include "sylvite/Emit/Halide/EmitKernels.h"

namespace sylvite {

/// Prints the loops of each kernel after all of Halide's lowering, as Halide's
/// own statements.
mlir::LogicalResult printHalideStmts(mlir::ModuleOp module,
                                     llvm::raw_ostream &os,
                                     const EmitKernelsOptions &options);

/// Prints the kernels as the program of Halide that a person would have
/// written: one function per kernel, and a main function that compiles them.
mlir::LogicalResult printHalideCpp(mlir::ModuleOp module, llvm::raw_ostream &os,
                                   const EmitKernelsOptions &options);

/// What the kernels are on the target's device: OpenCL C or PTX, and SPIR-V as
/// `spirv-dis` prints it. With a folder, each program is a file of its own in it,
/// KERNEL.cl, KERNEL.ptx or KERNEL.N.spv, the last one binary.
mlir::LogicalResult printDevicePrograms(mlir::ModuleOp module,
                                        llvm::raw_ostream &os,
                                        llvm::StringRef folder,
                                        const EmitKernelsOptions &options);

} // namespace sylvite

#endif // SYLVITE_EMIT_HALIDE_PRINTKERNELS_H
