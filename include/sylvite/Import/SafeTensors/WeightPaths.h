//===- WeightPaths.h - Where a module looks for weights ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The paths in a module's attribute `graph.weight_files`. In memory they are
/// paths of the process. In a file of IR a relative path counts from the folder
/// of that file, so that IR and weights can move together. An absolute path
/// stays what it is.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_WEIGHTPATHS_H
#define SYLVITE_IMPORT_SAFETENSORS_WEIGHTPATHS_H

#include "mlir/IR/BuiltinOps.h"

namespace sylvite {

/// Behind reading a file that lies in `folder` (empty: the current one): makes
/// its paths those of the process.
void resolveWeightFiles(mlir::ModuleOp module, llvm::StringRef folder);

/// The attribute for a file that will lie in `folder`; null where the module
/// has none.
mlir::ArrayAttr getWeightFilesFrom(mlir::ModuleOp module,
                                   llvm::StringRef folder);

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_WEIGHTPATHS_H
