//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Syntax of buffer and function types, and of loop names.
///
//===----------------------------------------------------------------------===//

#include "VarSyntax.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace sylvite::halide;

// `<` dimension-list element `>`
Type BufferType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type element;
  if (parser.parseLess() || parser.parseDimensionList(shape) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  return parser.getChecked<BufferType>(parser.getContext(),
                                       ArrayRef<int64_t>(shape), element);
}

/// A value that an expression can have.
static LogicalResult verifyElement(function_ref<InFlightDiagnostic()> emitError,
                                   Type element) {
  if (!element.isIntOrFloat())
    return emitError() << "elements must be numbers, not " << element;
  return success();
}

LogicalResult BufferType::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t>, Type element) {
  return verifyElement(emitError, element);
}

void BufferType::print(AsmPrinter &printer) const {
  printer << '<';
  for (int64_t extent : getShape()) {
    if (ShapedType::isDynamic(extent))
      printer << '?';
    else
      printer << extent;
    printer << 'x';
  }
  printer << getElementType() << '>';
}

// `<` rank `x` element `>`
Type FuncType::parse(AsmParser &parser) {
  SmallVector<int64_t> rank;
  Type element;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(rank, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (rank.size() != 1 || rank.front() != unsigned(rank.front())) {
    parser.emitError(loc, "expected one number of dimensions, as in 2xf32");
    return {};
  }
  return parser.getChecked<FuncType>(loc, parser.getContext(),
                                     unsigned(rank.front()), element);
}

LogicalResult FuncType::verify(function_ref<InFlightDiagnostic()> emitError,
                               unsigned, Type element) {
  return verifyElement(emitError, element);
}

void FuncType::print(AsmPrinter &printer) const {
  printer << '<' << getRank() << 'x' << getElementType() << '>';
}

ParseResult sylvite::halide::parseVar(OpAsmParser &parser, StringAttr &var) {
  std::string name;
  if (parser.parseKeywordOrString(&name))
    return failure();
  var = StringAttr::get(parser.getContext(), name);
  return success();
}

void sylvite::halide::printVar(OpAsmPrinter &printer, Operation *,
                               StringAttr var) {
  printer.printKeywordOrString(var.getValue());
}

ParseResult sylvite::halide::parseVars(OpAsmParser &parser, ArrayAttr &vars) {
  SmallVector<Attribute> names;
  auto parseOne = [&]() -> ParseResult {
    StringAttr var;
    if (parseVar(parser, var))
      return failure();
    names.push_back(var);
    return success();
  };
  if (parser.parseCommaSeparatedList(parseOne))
    return failure();
  vars = ArrayAttr::get(parser.getContext(), names);
  return success();
}

void sylvite::halide::printVars(OpAsmPrinter &printer, Operation *op,
                                ArrayAttr vars) {
  llvm::interleaveComma(vars.getAsRange<StringAttr>(), printer,
                        [&](StringAttr var) { printVar(printer, op, var); });
}
