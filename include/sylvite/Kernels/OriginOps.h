//===- OriginOps.h - Which ops a kernel computes ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers by which the calls of kernels can be traced to ops of the graph. Who
/// wants to know gives ops numbers before kernels are formed; the call that
/// makes an op's result then carries that op's number, and those of the ops
/// whose expressions are part of the kernel.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_ORIGINOPS_H
#define SYLVITE_KERNELS_ORIGINOPS_H

#include "mlir/IR/Operation.h"

namespace sylvite {

void setOriginNumber(mlir::Operation *op, int64_t number);
std::optional<int64_t> getOriginNumber(mlir::Operation *op);

/// The numbers of the ops that a call of a kernel computes; empty for one that
/// nobody has numbered, or that only moves elements.
llvm::SmallVector<int64_t> getOrigins(mlir::Operation *call);
void setOrigins(mlir::Operation *call, llvm::ArrayRef<int64_t> numbers);
void dropOrigins(mlir::Operation *call);

} // namespace sylvite

#endif // SYLVITE_KERNELS_ORIGINOPS_H
