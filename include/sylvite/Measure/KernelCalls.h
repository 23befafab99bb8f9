//===- KernelCalls.h - What a model calls its kernels with ------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The calls of kernels in a host program, for inputs of given extents: with
/// which shapes each kernel runs, and how often.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_MEASURE_KERNELCALLS_H
#define SYLVITE_MEASURE_KERNELCALLS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace sylvite {

/// One buffer of a call.
struct CallBuffer {
  mlir::Type elementType;
  /// As a tensor: outermost dimension first.
  llvm::SmallVector<int64_t> shape;
  /// Integers lie in [low, high).
  int64_t low = 0, high = 1;

  int64_t getNumElements() const;
  bool operator==(const CallBuffer &) const = default;
};

/// Calls of one kernel with the same shapes.
struct KernelCall {
  halide::PipelineOp kernel;
  /// Inputs, then outputs.
  std::vector<CallBuffer> buffers;
  unsigned count = 1;
};

/// The calls of a function, those of the same kernel and shapes as one, in the
/// order of their first. `dims` has the extents of the function's named
/// dimensions. An op whose extents are not known is an error.
mlir::FailureOr<std::vector<KernelCall>>
findKernelCalls(mlir::func::FuncOp function,
                const llvm::StringMap<int64_t> &dims);

/// Multiplications and additions of the matrix products of a call; 0 for other
/// kernels. What else kernels compute does not count.
double countProductFlop(const KernelCall &call);

} // namespace sylvite

#endif // SYLVITE_MEASURE_KERNELCALLS_H
