//===- DescriptorBuilder.h - The constants the runtime reads ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lays the interface of a library into its host program as the constants of
/// sylvite/Runtime/Descriptor.h.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HOST_DESCRIPTORBUILDER_H
#define SYLVITE_LIB_EMIT_HOST_DESCRIPTORBUILDER_H

#include "LlvmTypes.h"

#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Support/ModelInterface.h"

namespace sylvite {

/// Adds the constant sylvite_descriptor of the only variant in `interface` and
/// all that it points to. Fails for a target that is not known.
mlir::LogicalResult addDescriptor(mlir::ModuleOp host,
                                  const ModelInterface &interface,
                                  const LlvmTypes &types);

/// Adds what a library has once: the list of its descriptors, those that `host`
/// does not hold from elsewhere, and its description.
void addLibraryConstants(mlir::ModuleOp host, const ModelInterface &interface,
                         const LlvmTypes &types);

/// The interface as JSON text.
std::string getDescribeName(llvm::StringRef prefix);

} // namespace sylvite

#endif // SYLVITE_LIB_EMIT_HOST_DESCRIPTORBUILDER_H
