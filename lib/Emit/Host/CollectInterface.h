//===- CollectInterface.h - What callers need to know -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads the interface of a library off the signatures of its host functions,
/// and checks that names can be names in C.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_COLLECTINTERFACE_H
#define SYLVITE_LIB_EMIT_HOST_COLLECTINTERFACE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Support/ModelInterface.h"

namespace sylvite {

/// Collects the interface of the planned host functions of a module. Errors
/// stand at the function they are about.
mlir::FailureOr<ModelInterface>
collectInterface(mlir::ModuleOp module,
                 llvm::ArrayRef<mlir::func::FuncOp> functions,
                 llvm::StringRef prefix);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_COLLECTINTERFACE_H
