//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Extents, lengths and traffic, of which the costs of ops are made.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Cost.h"
#include "ShapeRules.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::graph;

bool sylvite::graph::isFixed(Value tensor) {
  SmallVector<Value> behind = {tensor};
  llvm::SmallPtrSet<Operation *, 8> seen;
  while (!behind.empty()) {
    Operation *op = behind.pop_back_val().getDefiningOp();
    if (!op || isa<ExtentOp>(op) ||
        (op->getNumRegions() && !isa<DerivedWeightOp>(op)) ||
        !llvm::all_of(op->getResultTypes(), [](Type type) {
          return cast<ShapedType>(type).hasStaticShape();
        }))
      return false;
    if (seen.insert(op).second)
      llvm::append_range(behind, op->getOperands());
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Extents and lengths
//===----------------------------------------------------------------------===//

void Workload::setLengths(StringRef name, const Dim &batch,
                          std::vector<int64_t> rows) {
  assert(!rows.empty() && "one length at least");
  lengths[name] = {batch, std::move(rows)};
}

double Workload::getExtent(const Dim &dim) const {
  if (dim.isStatic())
    return dim.size;
  if (!dim.name)
    return 1;
  SymInt extent(dim);
  double sum = 0;
  for (const auto &[names, factor] : extent.getTerms()) {
    double term = factor;
    for (const std::string &name : names)
      if (auto found = extents.find(name); found != extents.end())
        term *= found->second;
    sum += term;
  }
  return sum;
}

double Workload::getElements(ArrayRef<Dim> dims) const {
  double product = 1;
  for (const Dim &dim : dims)
    product *= getExtent(dim);
  return product;
}

double Workload::getElements(Value tensor) const {
  return getElements(getDims(tensor));
}

double Workload::getBytes(Value tensor) const {
  unsigned bits = getElementTypeOrSelf(tensor).getIntOrFloatBitWidth();
  return getElements(tensor) * llvm::divideCeil(bits, 8);
}

/// Is `wanted` one of the dimensions, or a factor of one?
static bool hasDim(ArrayRef<Dim> dims, const Dim &wanted) {
  return llvm::any_of(dims, [&](const Dim &dim) {
    if (dim == wanted)
      return true;
    return !dim.isStatic() && dim.name && !wanted.isStatic() && wanted.name &&
           llvm::is_contained(splitFactors(dim.name.getValue()),
                              wanted.name.getValue());
  });
}

const Lengths *Workload::getLengths(const Dim &dim, ArrayRef<Dim> dims) const {
  if (dim.isStatic() || !dim.name)
    return nullptr;
  auto found = lengths.find(dim.name.getValue());
  if (found == lengths.end())
    return nullptr;
  const Dim &batch = found->second.batch;
  return batch.isOne() || hasDim(dims, batch) ? &found->second : nullptr;
}

double Workload::getUsefulShare(ArrayRef<Dim> dims) const {
  struct Factor {
    const Lengths *lengths;
    double extent;
  };
  SmallVector<Factor> factors;
  size_t rows = 1;
  for (const Dim &dim : dims) {
    if (dim.isStatic() || !dim.name)
      continue;
    for (StringRef name : llvm::split(dim.name.getValue(), '*')) {
      Dim single(StringAttr::get(dim.name.getContext(), name));
      const Lengths *padded = getLengths(single, dims);
      if (!padded || getExtent(single) == 0)
        continue;
      factors.push_back({padded, getExtent(single)});
      rows = std::max(rows, padded->lengths.size());
    }
  }
  double sum = 0;
  for (size_t row = 0; row < rows; ++row) {
    double share = 1;
    for (const Factor &factor : factors)
      share *= factor.lengths->getLength(row) / factor.extent;
    sum += share;
  }
  return sum / rows;
}

//===----------------------------------------------------------------------===//
// Traffic
//===----------------------------------------------------------------------===//

/// Adds the reads behind an operand, of which `bytes` are needed.
void Workload::addRead(OpCost &cost, Value tensor, double bytes) const {
  bytes = std::min(bytes, getBytes(tensor));
  Operation *op = tensor.getDefiningOp();
  // One number is part of the code, and so is a count.
  if (isa_and_present<IotaOp>(op) || getSplatConstant(tensor))
    return;
  if (isa_and_present<ReshapeOp, TransposeOp, SliceOp, BroadcastToOp>(op))
    return addRead(cost, op->getOperand(0), bytes);
  if (auto concat = dyn_cast_if_present<ConcatOp>(op)) {
    for (Value input : concat.getInputs())
      addRead(cost, input, bytes);
    return;
  }
  // Parts of one tensor add up, to all of it at most.
  for (TensorRead &read : cost.reads)
    if (read.tensor == tensor) {
      read.bytes = std::min(read.bytes + bytes, getBytes(tensor));
      return;
    }
  cost.reads.push_back({tensor, bytes});
}

void Workload::addRead(OpCost &cost, Value tensor) const {
  addRead(cost, tensor, getBytes(tensor));
}

OpCost Workload::getTraffic(Operation *op) const {
  OpCost cost;
  llvm::SetVector<Value> operands(op->operand_begin(), op->operand_end());
  for (Value operand : operands)
    addRead(cost, operand);
  for (Value result : op->getResults())
    cost.written += getBytes(result);
  return cost;
}

OpCost Workload::getCost(Operation *op, ArrayRef<Dim> dims,
                         double flopsPerElement) const {
  OpCost cost = getTraffic(op);
  cost.others = flopsPerElement * getElements(dims);
  cost.padding = 1 - getUsefulShare(dims);
  return cost;
}

OpCost Workload::getMovement() const {
  OpCost cost;
  cost.isMovement = true;
  return cost;
}

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

double sylvite::graph::countFlops(Region &formula) {
  double flops = 0;
  formula.walk([&](Operation *op) {
    if (op->getNumOperands() == 0 ||
        !isa<FloatType>(op->getOperand(0).getType()) ||
        isa<arith::TruncFOp, arith::ExtFOp, arith::FPToSIOp, arith::FPToUIOp>(
            op))
      return;
    if (isa_and_present<arith::ArithDialect, math::MathDialect>(
            op->getDialect()))
      ++flops;
  });
  return flops;
}

void Workload::addFormulaReads(OpCost &cost, Region &formula) const {
  llvm::SetVector<Value> tensors;
  formula.walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        tensors.insert(operand);
  });
  for (Value tensor : tensors)
    addRead(cost, tensor);
}
