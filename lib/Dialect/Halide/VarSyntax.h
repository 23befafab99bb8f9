//===- VarSyntax.h - Loop names in assembly ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How the names of loops are written in the assembly of schedules and
/// definitions.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_DIALECT_HALIDE_VARSYNTAX_H
#define SYLVITE_LIB_DIALECT_HALIDE_VARSYNTAX_H

#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite::halide {

/// A loop's name: a bare identifier, or a string where it is not one.
mlir::ParseResult parseVar(mlir::OpAsmParser &parser, mlir::StringAttr &var);
void printVar(mlir::OpAsmPrinter &printer, mlir::Operation *,
              mlir::StringAttr var);

/// Loop names between commas.
mlir::ParseResult parseVars(mlir::OpAsmParser &parser, mlir::ArrayAttr &vars);
void printVars(mlir::OpAsmPrinter &printer, mlir::Operation *,
               mlir::ArrayAttr vars);

/// An enumeration's word alone: the attribute itself would print a blank first.
template <typename EnumAttr>
mlir::ParseResult parseKeyword(mlir::OpAsmParser &parser, EnumAttr &attr) {
  auto value = mlir::FieldParser<decltype(attr.getValue())>::parse(parser);
  if (mlir::failed(value))
    return mlir::failure();
  attr = EnumAttr::get(parser.getContext(), *value);
  return mlir::success();
}
template <typename EnumAttr>
void printKeyword(mlir::OpAsmPrinter &printer, mlir::Operation *,
                  EnumAttr attr) {
  printer << stringifyEnum(attr.getValue());
}

} // namespace sylvite::halide

#endif // SYLVITE_LIB_DIALECT_HALIDE_VARSYNTAX_H
