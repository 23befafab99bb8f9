//===- TraceOps.h - A look at ops before they are gone ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is known of ops and wanted of kernels: ops are numbered before kernels
/// are formed, and whoever wants to know something looks at them then.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_TRACEOPS_H
#define SYLVITE_PIPELINES_TRACEOPS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <functional>

namespace sylvite {

/// Looks at the graph just before kernels are formed.
using OpTracer = std::function<llvm::LogicalResult(mlir::ModuleOp)>;

/// A pass that numbers all ops that cost something and calls `trace`.
std::unique_ptr<mlir::Pass> createTraceOpsPass(OpTracer trace);

/// Takes the numbers away from calls of kernels.
void dropOpNumbers(mlir::ModuleOp module);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_TRACEOPS_H
