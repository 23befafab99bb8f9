//===- Tensors.h - Tensors that stand in a model ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What initializers and attributes are read by.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_TENSORS_H
#define SYLVITE_LIB_IMPORT_ONNX_TENSORS_H

#include "Importer.h"

namespace sylvite {

/// The name of an element type in messages.
std::string getTypeName(int64_t onnxType);

/// Elements in memory as an attribute; booleans have a byte each.
mlir::DenseElementsAttr readElements(mlir::RankedTensorType type,
                                     llvm::ArrayRef<uint8_t> bytes);

/// A value of elements that stand in the model.
OnnxValue makeConstant(mlir::DenseElementsAttr elements, mlir::Location loc,
                       mlir::OpBuilder &builder, int32_t onnxType);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_TENSORS_H
