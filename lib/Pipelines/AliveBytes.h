//===- AliveBytes.h - Intermediate tensors in memory ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How many bytes of intermediate tensors are in memory while an op runs.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PIPELINES_ALIVEBYTES_H
#define SYLVITE_LIB_PIPELINES_ALIVEBYTES_H

#include "mlir/IR/Operation.h"

#include <functional>

namespace sylvite {

/// What of a program makes tensors, and what only gives them another shape.
struct TensorUses {
  std::function<bool(mlir::Operation *)> makesTensors, isView;
  std::function<double(mlir::Value)> getBytes;
};

/// Bytes of the tensors that ops up to `op` have written, and that are read in
/// `op` or later. Those that the function returns are none of them: they lie in
/// the caller's memory.
double getAliveBytes(mlir::Operation *op, const TensorUses &uses);

} // namespace sylvite

#endif // SYLVITE_LIB_PIPELINES_ALIVEBYTES_H
