//===- ModuleTarget.h - The target that a module names ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A module says itself what it is compiled for, so that IR can go on at any
/// phase.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_MODULETARGET_H
#define SYLVITE_SUPPORT_MODULETARGET_H

#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Support/Target.h"

namespace sylvite {

/// The module attribute that names the target.
constexpr llvm::StringLiteral kTargetAttr = "sylvite.target";

/// The name in the module, or empty without one.
llvm::StringRef getTargetName(mlir::ModuleOp module);

/// The target that the module names; without a name, the one whose kernels run
/// on all machines of the last ten years. An unknown name is an error.
mlir::FailureOr<const Target *> findTarget(mlir::ModuleOp module);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_MODULETARGET_H
