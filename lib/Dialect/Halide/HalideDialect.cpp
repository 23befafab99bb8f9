//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The dialect itself.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "VarSyntax.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite::halide;

#include "sylvite/Dialect/Halide/HalideDialect.cpp.inc"
#include "sylvite/Dialect/Halide/HalideEnums.cpp.inc"
#include "sylvite/Dialect/Halide/HalideInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "sylvite/Dialect/Halide/HalideAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "sylvite/Dialect/Halide/HalideTypes.cpp.inc"
#define GET_OP_CLASSES
#include "sylvite/Dialect/Halide/HalideOps.cpp.inc"

void HalideDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "sylvite/Dialect/Halide/HalideOps.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "sylvite/Dialect/Halide/HalideTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "sylvite/Dialect/Halide/HalideAttributes.cpp.inc"
      >();
}
