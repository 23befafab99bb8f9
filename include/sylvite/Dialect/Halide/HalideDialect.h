//===- HalideDialect.h - The halide dialect ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The dialect's classes. Nothing here includes Halide itself.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_H
#define SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace sylvite::halide {
class FuncOp;
class UpdateOp;
class OutputOp;
} // namespace sylvite::halide

#include "sylvite/Dialect/Halide/HalideDialect.h.inc"
#include "sylvite/Dialect/Halide/HalideEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "sylvite/Dialect/Halide/HalideAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "sylvite/Dialect/Halide/HalideTypes.h.inc"
#include "sylvite/Dialect/Halide/HalideInterfaces.h.inc"
#define GET_OP_CLASSES
#include "sylvite/Dialect/Halide/HalideOps.h.inc"

namespace sylvite::halide {

/// A function's updates, in order.
llvm::SmallVector<UpdateOp> getUpdates(FuncOp func);

} // namespace sylvite::halide

#endif // SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_H
