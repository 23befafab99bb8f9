//===- HostModule.h - The host program of a module --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The host phase as a whole: the pipeline of its passes, and the program that
/// they leave, a module in the LLVM dialect called `host` beside the kernels.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_HOSTMODULE_H
#define SYLVITE_EMIT_HOST_HOSTMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "sylvite/Support/ModelInterface.h"
#include "llvm/Support/MemoryBuffer.h"

namespace sylvite {

/// The name of the module with the host program.
constexpr llvm::StringLiteral kHostModule = "host";
/// Its attribute with the interface as JSON.
constexpr llvm::StringLiteral kInterfaceAttr = "sylvite.interface";
/// Its attribute where it is the program of one of a library's targets, without
/// public functions.
constexpr llvm::StringLiteral kVariantAttr = "sylvite.variant";

struct HostOptions {
  /// With which all names of the library begin; a C identifier.
  std::string prefix = "model";
  /// Whether the library has programs for other targets, too.
  bool variant = false;
};

/// The passes from functions that call kernels on tensors to the host program.
void populateHostPipeline(mlir::OpPassManager &passes,
                          const HostOptions &options);

/// The interface that the host phase left, or an error where there is none.
mlir::FailureOr<ModelInterface> getInterface(mlir::ModuleOp module);

/// Compiles the host program that the host phase left. The module is not
/// changed.
mlir::FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
emitHost(mlir::ModuleOp module);

/// Adds the public functions and the list of descriptors to a host program.
void addEntryPoints(mlir::ModuleOp host, const ModelInterface &interface);

/// Compiles the public functions of a library that holds the programs of
/// several modules, whose interfaces were merged to this one.
mlir::FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
emitEntryPoints(mlir::MLIRContext *context, const ModelInterface &interface);

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_HOSTMODULE_H
