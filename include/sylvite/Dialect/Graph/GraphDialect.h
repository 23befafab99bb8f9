//===- GraphDialect.h - The graph dialect -----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The dialect's classes, and the small vocabulary for tensor shapes whose
/// dynamic dimensions carry names.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_H
#define SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "sylvite/Dialect/Graph/Cost.h"
#include "sylvite/Dialect/Graph/Dim.h"

#include "sylvite/Dialect/Graph/CostInterface.h.inc"
#include "sylvite/Dialect/Graph/GraphDialect.h.inc"
#include "sylvite/Dialect/Graph/GraphEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "sylvite/Dialect/Graph/GraphAttributes.h.inc"
#define GET_OP_CLASSES
#include "sylvite/Dialect/Graph/GraphOps.h.inc"

namespace sylvite::graph {

llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Dim &dim);

/// The dimensions of a tensor type.
llvm::SmallVector<Dim> getDims(mlir::RankedTensorType type);
inline llvm::SmallVector<Dim> getDims(mlir::Value value) {
  return getDims(mlir::cast<mlir::RankedTensorType>(value.getType()));
}

/// The tensor type with these dimensions; it carries `#graph.dims` when one
/// of them has a name.
mlir::RankedTensorType getTensorType(llvm::ArrayRef<Dim> dims,
                                     mlir::Type element);

/// The shape that operands of a broadcasting op have together (numpy's
/// rules); none if two extents do not agree.
std::optional<llvm::SmallVector<Dim>> broadcastDims(llvm::ArrayRef<Dim> lhs,
                                                    llvm::ArrayRef<Dim> rhs);

/// True if both shapes hold the same number of elements whatever the values
/// of the names (see RESHAPE-2).
bool haveSameElementCount(llvm::ArrayRef<Dim> lhs, llvm::ArrayRef<Dim> rhs);

/// The axis along which an integer tensor counts 0, 1, 2, ... whatever its other
/// coordinates are. Looks through broadcasts, transposes, casts, and reshapes
/// that add or drop dimensions of 1.
std::optional<unsigned> findCountedAxis(mlir::Value value);

/// `value` as a constant whose elements are all the same number (integers and
/// booleans widened), else none. Looks through broadcasts and reshapes, and
/// through casts as they compute.
std::optional<double> getSplatConstant(mlir::Value value);

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_H
