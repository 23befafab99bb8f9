//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The dialect itself, and the attributes it puts on functions' arguments.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/Batch.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "sylvite/Dialect/Graph/MaskSyntax.h"
#include "llvm/ADT/TypeSwitch.h"

#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace sylvite::graph;

/// An enumeration's value as a bare word in an op.
template <typename EnumAttr>
static ParseResult parseKeyword(OpAsmParser &parser, EnumAttr &attr) {
  auto value = FieldParser<decltype(attr.getValue())>::parse(parser);
  if (failed(value))
    return failure();
  attr = EnumAttr::get(parser.getContext(), *value);
  return success();
}

template <typename EnumAttr>
static void printKeyword(OpAsmPrinter &printer, Operation *, EnumAttr attr) {
  printer << stringifyEnum(attr.getValue());
}

#include "sylvite/Dialect/Graph/CostInterface.cpp.inc"
#include "sylvite/Dialect/Graph/GraphDialect.cpp.inc"
#include "sylvite/Dialect/Graph/GraphEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "sylvite/Dialect/Graph/GraphAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "sylvite/Dialect/Graph/GraphOps.cpp.inc"

namespace {
/// Where folding puts constants.
struct GraphFoldInterface : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;

  /// The scalars of a formula stay in it: outside there are only tensors.
  bool shouldMaterializeInto(Region *region) const final {
    return isa<AttentionOp, PositionalEncodingOp>(region->getParentOp());
  }
};
} // namespace

namespace {
/// Functions of graph ops may be written where they are called.
struct GraphInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void GraphDialect::initialize() {
  addInterfaces<GraphFoldInterface, GraphInlinerInterface>();
  addOperations<
#define GET_OP_LIST
#include "sylvite/Dialect/Graph/GraphOps.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "sylvite/Dialect/Graph/GraphAttributes.cpp.inc"
      >();
}

/// `graph.dim_max` is a dictionary from names to positive integers.
static LogicalResult verifyDimMax(Operation *op, Attribute value) {
  auto dict = dyn_cast<DictionaryAttr>(value);
  if (!dict)
    return op->emitError("'graph.dim_max' must be a dictionary");
  for (NamedAttribute entry : dict) {
    auto bound = dyn_cast<IntegerAttr>(entry.getValue());
    if (!bound || bound.getInt() < 1)
      return op->emitError("'graph.dim_max' of '")
             << entry.getName().getValue() << "' must be a positive integer";
  }
  return success();
}

LogicalResult GraphDialect::verifyOperationAttribute(Operation *op,
                                                     NamedAttribute attr) {
  StringRef name = attr.getName();
  if (name == kDimMax)
    return verifyDimMax(op, attr.getValue());
  if (name == graph::kBatchAttr) {
    auto dict = dyn_cast<DictionaryAttr>(attr.getValue());
    if (!dict || !graph::Batch::get(dict).isValid())
      return op->emitError("'graph.batch' must tell 'dim', a name, and 'rows', "
                           "a name or a positive integer");
    return success();
  }
  if (name == kWeightFiles) {
    auto files = dyn_cast<ArrayAttr>(attr.getValue());
    if (!files || !llvm::all_of(files, llvm::IsaPred<StringAttr>))
      return op->emitError("'graph.weight_files' must be an array of strings");
    return success();
  }
  return op->emitError("unknown attribute '") << name << "'";
}

/// The name users see, the default and the range of an argument or a result.
static LogicalResult verifyValueAttribute(Operation *op, NamedAttribute attr) {
  StringRef name = attr.getName();
  if (name == GraphDialect::kName) {
    if (!isa<StringAttr>(attr.getValue()))
      return op->emitError("'graph.name' must be a string");
    return success();
  }
  if (name == GraphDialect::kUnsigned) {
    if (!isa<UnitAttr>(attr.getValue()))
      return op->emitError("'graph.unsigned' takes no value");
    return success();
  }
  if (name == GraphDialect::kDims) {
    auto names = dyn_cast<ArrayAttr>(attr.getValue());
    if (!names || !llvm::all_of(names, llvm::IsaPred<StringAttr>))
      return op->emitError("'graph.dims' must be an array of strings");
    return success();
  }
  if (name == GraphDialect::kDefault) {
    if (!isa<IntegerAttr, FloatAttr>(attr.getValue()))
      return op->emitError("'graph.default' must be a number");
    return success();
  }
  if (name == GraphDialect::kRange) {
    auto range = dyn_cast<ArrayAttr>(attr.getValue());
    if (!range || range.size() != 2 ||
        !llvm::all_of(range, llvm::IsaPred<IntegerAttr>) ||
        cast<IntegerAttr>(range[0]).getInt() >=
            cast<IntegerAttr>(range[1]).getInt())
      return op->emitError("'graph.range' must be two integers, [lo, hi] with "
                           "lo < hi");
    return success();
  }
  return op->emitError("unknown attribute '") << name << "'";
}

LogicalResult GraphDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                     unsigned,
                                                     NamedAttribute attr) {
  return verifyValueAttribute(op, attr);
}

/// The argument in whose memory a result is written has its type.
static LogicalResult verifyInPlace(Operation *op, unsigned result,
                                   Attribute value) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  auto number = dyn_cast<IntegerAttr>(value);
  if (!function || !number || number.getInt() < 0 ||
      number.getInt() >= int64_t(function.getNumArguments()) ||
      function.getArgumentTypes()[number.getInt()] !=
          function.getResultTypes()[result])
    return op->emitError("'graph.in_place' must be the number of an argument "
                         "of the result's type");
  return success();
}

LogicalResult GraphDialect::verifyRegionResultAttribute(Operation *op, unsigned,
                                                        unsigned result,
                                                        NamedAttribute attr) {
  if (attr.getName() == kInPlace)
    return verifyInPlace(op, result, attr.getValue());
  return verifyValueAttribute(op, attr);
}
