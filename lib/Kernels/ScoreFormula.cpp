//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Copies a region's ops into a kernel, one by one, with i32 in place of
/// `index`. Casts between `index` and integers become casts between integers.
///
//===----------------------------------------------------------------------===//

#include "ScoreFormula.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace sylvite;

LogicalResult ScoreFormula::read() {
  if (region.empty())
    return success();
  for (Operation &op : region.front().without_terminator()) {
    if (op.getNumRegions() || op.getNumResults() != 1 ||
        !op.getResult(0).getType().isIntOrIndexOrFloat())
      return op.emitError("no kernel for '")
             << op.getName() << "' in a score region: ops on scalars and "
             << "tensor.extract can stand there";
    auto extract = dyn_cast<tensor::ExtractOp>(op);
    if (!extract || tensors.contains(extract.getTensor()))
      continue;
    FailureOr<Operand> operand = kernel.read(extract.getTensor());
    if (failed(operand))
      return failure();
    // Extents are written at the start of the kernel.
    SmallVector<Expr> last;
    for (const Extent &extent : operand->getExtents())
      last.push_back(kernel.extent(extent) - 1.0);
    tensors.try_emplace(extract.getTensor(), Table{*operand, last});
  }
  return success();
}

/// The type in kernels.
static Type convert(Type type) {
  return type.isIndex() ? IntegerType::get(type.getContext(), 32) : type;
}

/// An integer of another width; `isSigned` tells how it is widened.
static Expr convertInteger(Expr from, Type to, bool isSigned) {
  OpBuilder &builder = from.getKernel().getBuilder();
  Location loc = from.getKernel().getLoc();
  unsigned width = from.getType().getIntOrFloatBitWidth();
  if (isSigned || width >= to.getIntOrFloatBitWidth())
    return cast(from, to);
  return Expr(from.getKernel(),
              arith::ExtUIOp::create(builder, loc, to, from.getValue()));
}

Expr ScoreFormula::apply(ArrayRef<Expr> arguments) {
  OpBuilder &builder = kernel.getBuilder();
  IRMapping mapping;
  auto lookup = [&](Value value) {
    return Expr(kernel, mapping.lookup(value));
  };
  Block &block = region.front();
  for (auto [argument, expr] : llvm::zip_equal(block.getArguments(), arguments))
    mapping.map(argument, expr.getValue());
  for (Operation &op : block.without_terminator()) {
    Value result = op.getResult(0);
    Type type = convert(result.getType());
    if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
      const Table &table = tensors.find(extract.getTensor())->second;
      SmallVector<Expr> coordinates;
      for (auto [index, last] :
           llvm::zip_equal(extract.getIndices(), table.last)) {
        Expr place = lookup(index);
        // What is calculated has bounds that Halide does not see.
        if (!isa<BlockArgument>(index))
          place = clamp(place, place.like(0), last);
        coordinates.push_back(place);
      }
      mapping.map(result, table.operand.at(coordinates).getValue());
      continue;
    }
    if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op)) {
      Expr operand = lookup(op.getOperand(0));
      mapping.map(result,
                  convertInteger(operand, type, isa<arith::IndexCastOp>(op))
                      .getValue());
      continue;
    }
    auto constant = dyn_cast<arith::ConstantOp>(op);
    if (constant && result.getType().isIndex()) {
      int64_t number = cast<IntegerAttr>(constant.getValue()).getInt();
      mapping.map(result, kernel.index(number).getValue());
      continue;
    }
    Operation *copy = builder.clone(op, mapping);
    copy->getResult(0).setType(type);
  }
  auto yield = cast<graph::YieldOp>(block.getTerminator());
  return lookup(yield.getValue());
}
