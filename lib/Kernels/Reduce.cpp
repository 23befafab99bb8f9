//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reductions along axes, and running sums.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "ReadOperand.h"
#include "RowReduction.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace sylvite;

/// The value that changes nothing. None where the reduction of such elements
/// has no meaning of its own.
static std::optional<Expr> getNeutral(KernelBuilder &kernel,
                                      graph::ReduceKind kind, Type type) {
  OpBuilder &builder = kernel.getBuilder();
  bool isMax = kind == graph::ReduceKind::Max;
  bool isSum =
      kind == graph::ReduceKind::Sum || kind == graph::ReduceKind::Mean;
  if (auto floats = dyn_cast<FloatType>(type)) {
    if (isSum)
      return kernel.constant(type, 0);
    if (kind == graph::ReduceKind::Product)
      return kernel.constant(type, 1);
    return kernel.constant(builder.getFloatAttr(
        type, APFloat::getInf(floats.getFloatSemantics(), isMax)));
  }
  unsigned width = type.getIntOrFloatBitWidth();
  bool isProduct = kind == graph::ReduceKind::Product;
  if (kind == graph::ReduceKind::Mean || ((isSum || isProduct) && width == 1))
    return std::nullopt;
  if (isProduct)
    return kernel.constant(type, 1);
  if (isSum)
    return kernel.constant(type, 0);
  if (width == 1)
    return kernel.constant(builder.getIntegerAttr(type, APInt(1, !isMax)));
  return kernel.constant(
      builder.getIntegerAttr(type, isMax ? APInt::getSignedMinValue(width)
                                         : APInt::getSignedMaxValue(width)));
}

LogicalResult sylvite::lowerReduce(graph::ReduceOp op,
                                   LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  KernelBuilder kernel(context, op.getLoc(), "", "reduce");
  ReadOperand reader(kernel);
  auto isReduced = [&](unsigned axis) {
    return llvm::is_contained(op.getAxes(), axis);
  };
  Extents dims = getExtents(op.getInput());
  reader.mergeDims(op.getInput(), /*through=*/false, isReduced);
  FailureOr<Operand> input = reader.read(op.getInput());
  if (failed(input))
    return failure();
  std::optional<Expr> neutral = getNeutral(kernel, op.getKind(), wide);
  if (!neutral)
    return op.emitError("no kernel for the ")
           << graph::stringifyReduceKind(op.getKind()) << " of " << element
           << " elements; cast them to a float first";
  kernel.setName(
      getExpressionName(reader,
                        "reduce_" + graph::stringifyReduceKind(op.getKind())) +
      "_" + getTypeName(element) + "_" + Twine(input->getRank()) + "d");

  // What merged dimensions are; those of 1 may be either.
  llvm::SmallBitVector reducedDims(input->getRank());
  for (auto [axis, extent] : llvm::enumerate(dims))
    if (!extent.isOne() && isReduced(axis))
      reducedDims.set(reader.getMerged(axis));
  // Outermost first, as the coordinates of the input are.
  Extents kept, reduced;
  for (auto [dim, extent] : llvm::enumerate(input->getExtents()))
    (reducedDims[dim] ? reduced : kept).push_back(extent);
  SmallVector<Range> ranges;
  SmallVector<std::string> names;
  for (unsigned i = 0; i != reduced.size(); ++i)
    names.push_back("k" + llvm::utostr(i));
  for (auto [name, extent] : llvm::zip(names, llvm::reverse(reduced)))
    ranges.push_back({name, kernel.index(0), kernel.extent(extent)});

  unsigned rank = std::max<size_t>(kept.size(), 1);
  auto elementAt = [&](Vars r, Vars v) {
    // Each coordinate comes from the kept ones or from the reduced ones.
    SmallVector<Expr> keptOnes = reversed(v), reducedOnes = reversed(r);
    SmallVector<Expr> coordinates;
    auto *nextKept = keptOnes.begin(), *nextReduced = reducedOnes.begin();
    for (unsigned axis = 0; axis != input->getRank(); ++axis)
      coordinates.push_back(reducedDims[axis] ? *nextReduced++ : *nextKept++);
    return cast(input->at(coordinates), wide);
  };
  auto combine = [&](Expr a, Expr b) {
    switch (op.getKind()) {
    case graph::ReduceKind::Max:
      return max(a, b);
    case graph::ReduceKind::Min:
      return min(a, b);
    case graph::ReduceKind::Product:
      return a * b;
    case graph::ReduceKind::Sum:
    case graph::ReduceKind::Mean:
      return a + b;
    }
    llvm_unreachable("all kinds are listed");
  };
  Func acc;
  if (!reduced.empty() && reducedDims[input->getRank() - 1]) {
    acc = reduceRows(kernel, {"acc", KernelBuilder::getVarNames(rank),
                              reduced.back(), ArrayRef(ranges).drop_front(),
                              *neutral, combine, elementAt});
  } else {
    acc = kernel.func("acc", rank, wide, [&](Vars) { return *neutral; });
    kernel.update(acc, ranges, [&](Vars v, Vars r) {
      return combine(acc(v), elementAt(r, v));
    });
  }
  bool isMean = op.getKind() == graph::ReduceKind::Mean;
  Expr count = isMean ? kernel.extent(getProduct(reduced)) : Expr();
  Func out = kernel.func("out", rank, element, [&](Vars v) {
    Expr value = isMean ? acc(v) / cast(count, wide) : acc(v);
    return cast(value, element);
  });
  context.setResult(op.getResult(), kernel.finish(out, kept));
  return success();
}

LogicalResult sylvite::lowerCumsum(graph::CumsumOp op,
                                   LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  Extents dims = getExtents(op.getInput());
  KernelBuilder kernel(context, op.getLoc(),
                       "cumsum_" + getTypeName(element) + "_" +
                           Twine(dims.size()) + "d",
                       "scan");
  FailureOr<Operand> input = kernel.read(op.getInput());
  if (failed(input))
    return failure();
  if (element.isInteger(1))
    return op.emitError("no kernel for the running sum of i1 elements; cast "
                        "them to an integer first");
  unsigned axis = dims.size() - 1 - op.getAxis();
  Func acc = kernel.func("acc", dims.size(), wide, [&](Vars v) {
    return cast(input->at(reversed(v)), wide);
  });
  kernel.update(
      acc, {{"k", kernel.index(1), kernel.extent(dims[op.getAxis()])}},
      [&](Vars v, Vars r) {
        SmallVector<Expr> here(v), before(v);
        here[axis] = r[0];
        before[axis] = r[0] - 1;
        Expr sum = acc(before) + cast(input->at(reversed(here)), wide);
        return Placed(sum, here);
      });
  Func out = kernel.func("out", dims.size(), element,
                         [&](Vars v) { return cast(acc(v), element); });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
