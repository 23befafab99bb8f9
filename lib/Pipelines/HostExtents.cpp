//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Extents by the ops that make them.
///
//===----------------------------------------------------------------------===//

#include "HostExtents.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

std::optional<double> HostExtents::evaluate(Value index) const {
  APInt constant;
  if (matchPattern(index, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  if (auto dim = index.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> axis = dim.getConstantIndex())
      return getExtent(dim.getSource(), *axis);
  Operation *op = index.getDefiningOp();
  if (auto dim = dyn_cast_if_present<halide::DimOp>(op))
    return workload.getExtent(graph::Dim(dim.getNameAttr()));
  if (auto name =
          op ? op->getAttrOfType<StringAttr>(kExtentName) : StringAttr())
    return workload.getExtent(graph::Dim(name));
  if (!isa_and_present<arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  auto left = evaluate(op->getOperand(0)), right = evaluate(op->getOperand(1));
  if (!left || !right)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? *left + *right : *left * *right;
}

/// What a loop's carried value is before its first step, or null.
static Value getInit(BlockArgument argument) {
  Operation *op = argument.getOwner()->getParentOp();
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    OpOperand *init = loop.getTiedLoopInit(argument);
    return init ? init->get() : Value();
  }
  // Both blocks take the inits' types in their order.
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return argument.getArgNumber() < loop.getInits().size()
               ? loop.getInits()[argument.getArgNumber()]
               : Value();
  return {};
}

double HostExtents::getRuns(Operation *op) const {
  double runs = 1;
  for (; op != function; op = op->getParentOp()) {
    std::optional<double> steps;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      steps = evaluate(loop.getUpperBound());
    if (auto loop = dyn_cast<scf::WhileOp>(op))
      for (auto compare : loop.getBeforeBody()->getOps<arith::CmpIOp>())
        if (compare.getPredicate() == arith::CmpIPredicate::ult)
          steps = evaluate(compare.getRhs());
    runs *= steps.value_or(1);
  }
  return runs;
}

std::optional<double> HostExtents::getExtent(Value tensor, int64_t axis) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || axis >= type.getRank())
    return std::nullopt;
  if (!type.isDynamicDim(axis))
    return type.getDimSize(axis);
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    if (argument.getOwner() != &function.getBody().front()) {
      Value init = getInit(argument);
      return init ? getExtent(init, axis) : std::nullopt;
    }
    auto names = function.getArgAttrOfType<ArrayAttr>(
        argument.getArgNumber(), graph::GraphDialect::kDims);
    if (!names || axis >= int64_t(names.size()))
      return std::nullopt;
    return workload.getExtent(graph::Dim(cast<StringAttr>(names[axis])));
  }
  Operation *op = tensor.getDefiningOp();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return getExtent(loop.getTiedLoopInit(cast<OpResult>(tensor))->get(), axis);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return getExtent(loop.getInits()[cast<OpResult>(tensor).getResultNumber()],
                     axis);
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [number, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped.test(number) && axis-- == 0) {
        if (auto value = dyn_cast<Value>(size))
          return evaluate(value);
        return getConstantIntValue(size);
      }
    return std::nullopt;
  }
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return evaluate(empty.getDynamicSize(axis));
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    return getExtent(
        destination.getTiedOpOperand(cast<OpResult>(tensor))->get(), axis);
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    OpFoldResult extent = expand.getMixedOutputShape()[axis];
    if (auto value = dyn_cast<Value>(extent))
      return evaluate(value);
    return getConstantIntValue(extent);
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    double product = 1;
    ReassociationIndices group = collapse.getReassociationIndices()[axis];
    for (int64_t source : group) {
      std::optional<double> extent = getExtent(collapse.getSrc(), source);
      if (!extent)
        return std::nullopt;
      product *= *extent;
    }
    return product;
  }
  return std::nullopt;
}

std::optional<double> HostExtents::getBytes(Value tensor) const {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type)
    return std::nullopt;
  double bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    std::optional<double> extent = getExtent(tensor, axis);
    if (!extent)
      return std::nullopt;
    bytes *= *extent;
  }
  return bytes;
}
