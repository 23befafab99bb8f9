//===- MaskSyntax.h - Text of the mask algebra ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The syntax of masks, shared by the attribute (operands are indices) and by
/// the ops that write their operands into the expression.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_MASKSYNTAX_H
#define SYLVITE_DIALECT_GRAPH_MASKSYNTAX_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite::graph {

/// Parses what stands between a leaf's parentheses into an operand index.
using ParseMaskOperand = llvm::function_ref<mlir::ParseResult(int64_t &)>;

/// or ::= and (`or` and)*; and ::= leaf (`and` leaf)*.
mlir::FailureOr<MaskAttr> parseMaskExpression(mlir::AsmParser &parser,
                                              ParseMaskOperand parseOperand);

void printMaskExpression(mlir::AsmPrinter &printer, MaskAttr mask,
                         llvm::function_ref<void(int64_t)> printOperand);

/// What stands in an op's `mask(...)`: the mask with its operands in place.
mlir::ParseResult parseMaskExpression(
    mlir::OpAsmParser &parser, MaskAttr &mask,
    llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand> &operands);
void printMaskExpression(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                         MaskAttr mask, mlir::OperandRange operands);

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_MASKSYNTAX_H
