//===- HostSignature.h - The signature of a host program --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The first step of bufferization: a function on tensors gets the arguments of
/// a program, dimensions and memrefs.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_HOSTSIGNATURE_H
#define SYLVITE_LIB_EMIT_HOST_HOSTSIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sylvite {

/// Gives a function the signature of a program; see sylvite-bufferize-host. The
/// body still calculates with tensors, which it reads from the memrefs and, at
/// its end, materializes in them.
mlir::LogicalResult rewriteSignature(mlir::func::FuncOp function);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_HOSTSIGNATURE_H
