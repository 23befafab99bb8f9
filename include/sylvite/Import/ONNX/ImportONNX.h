//===- ImportONNX.h - ONNX models as graphs ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads an ONNX model as a function of the graph dialect, `main`.
///
/// Weights stay where they are: the module lists the model itself in
/// `graph.weight_files`. Axes that the model names keep their names; two names
/// that the model's own operators hold to be one extent become the first of
/// them. What the model calculates of shapes is calculated here.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_ONNX_IMPORTONNX_H
#define SYLVITE_IMPORT_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <map>
#include <string>
#include <vector>

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace sylvite {

struct OnnxOptions {
  /// Values of inputs that the shapes of a model depend on: the compiled
  /// function does not take them. Integers, or the floats that these are.
  std::map<std::string, std::vector<double>> inputValues;
};

/// Null after a failure, whose diagnostics have been emitted.
mlir::OwningOpRef<mlir::ModuleOp> importONNX(llvm::StringRef path,
                                             const OnnxOptions &options,
                                             mlir::MLIRContext *context);
/// The same of a model that lies in memory, as that of the file `path`.
mlir::OwningOpRef<mlir::ModuleOp> importONNXText(llvm::StringRef model,
                                                 llvm::StringRef path,
                                                 const OnnxOptions &options,
                                                 mlir::MLIRContext *context);

/// The dialects of imported modules.
void registerOnnxDialects(mlir::DialectRegistry &registry);

} // namespace sylvite

#endif // SYLVITE_IMPORT_ONNX_IMPORTONNX_H
