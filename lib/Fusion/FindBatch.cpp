//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the dimension along which a function can be called on one part after
/// the other.
///
/// The dimension is the first of a result. Every tensor that has it must have
/// it first, and every op must be one of which it is known that a row of its
/// result depends on the same row of its operands alone. Anything else, an op
/// that nobody thought of here among it, and the function is called as a whole.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Batch.h"
#include "sylvite/Dialect/Graph/Elementwise.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#define DEBUG_TYPE "sylvite-find-batch"

namespace sylvite {
#define GEN_PASS_DEF_FINDBATCHPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

using graph::Dim;

namespace {
/// Looks at all of a function for one dimension.
class BatchFinder {
public:
  BatchFinder(func::FuncOp function, StringAttr batch)
      : function(function), batch(batch) {}

  /// May the function be called on parts?
  bool isBatch();
  /// Rows of layers for one of its extent: a number or the name of a dimension;
  /// of several the ones that most of the products are of. Null without any.
  Attribute getRows();

private:
  bool has(Type type) const;
  bool has(Value value) const { return has(value.getType()); }
  /// Is the dimension not there, or first and nowhere else?
  bool isFirst(Type type) const;
  bool haveOnly(Operation *op, ArrayRef<Value> operands) const;
  bool keepsRows(Operation *op) const;
  bool keepsRowsOfAttention(graph::AttentionOp op) const;

  func::FuncOp function;
  StringAttr batch;
};
} // namespace

bool BatchFinder::has(Type type) const {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && llvm::is_contained(graph::getDims(tensor), Dim(batch));
}

bool BatchFinder::isFirst(Type type) const {
  if (!has(type))
    return true;
  SmallVector<Dim> dims = graph::getDims(cast<RankedTensorType>(type));
  return dims.front() == Dim(batch) && llvm::count(dims, Dim(batch)) == 1;
}

/// Do no others of the op's operands have the dimension?
bool BatchFinder::haveOnly(Operation *op, ArrayRef<Value> operands) const {
  return llvm::all_of(op->getOperands(), [&](Value operand) {
    return !has(operand) || llvm::is_contained(operands, operand);
  });
}

bool BatchFinder::keepsRowsOfAttention(graph::AttentionOp op) const {
  // What is calculated of a score may ask for the place in the batch.
  if (!op.getScore().empty() && !op.getScore().getArgument(1).use_empty())
    return false;
  return op.getAxes().batch == 0 &&
         llvm::none_of(op.getSimilarityOperands(),
                       [&](Value operand) { return has(operand); });
}

bool BatchFinder::keepsRows(Operation *op) const {
  int64_t rank = cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  // Operands are aligned at their last dimensions.
  auto isAligned = [&](Value operand) {
    return !has(operand) ||
           cast<RankedTensorType>(operand.getType()).getRank() == rank;
  };
  if (graph::isElementwise(op) || isa<graph::MatmulOp>(op))
    return llvm::all_of(op->getOperands(), isAligned);
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<graph::LinearOp>([&](auto linear) {
        return rank >= 2 &&
               haveOnly(op, {linear.getInput(), linear.getResidual()});
      })
      .Case<graph::LayerNormOp, graph::RmsNormOp>([&](auto norm) {
        return rank >= 2 && haveOnly(op, {norm.getInput(), norm.getResidual()});
      })
      .Case<graph::SoftmaxOp, graph::LogSoftmaxOp, graph::L2NormalizeOp,
            graph::CumsumOp, graph::ArgmaxOp, graph::SliceOp, graph::ConcatOp>(
          [](auto along) { return along.getAxis() != 0; })
      .Case<graph::ReduceOp>(
          [](auto reduce) { return !llvm::is_contained(reduce.getAxes(), 0); })
      .Case<graph::TransposeOp>(
          [](auto transpose) { return transpose.getPerm().front() == 0; })
      .Case<graph::EmbeddingOp>([&](auto embedding) {
        return haveOnly(op, {embedding.getIndices()});
      })
      .Case<graph::EmbeddingsOp>([&](auto embeddings) {
        return llvm::all_of(
                   embeddings.getIndices(),
                   [&](Value indices) {
                     auto type = cast<RankedTensorType>(indices.getType());
                     return !has(indices) || type.getRank() == rank - 1;
                   }) &&
               haveOnly(op, llvm::to_vector(embeddings.getIndices()));
      })
      .Case<graph::AttentionOp>(
          [&](auto attention) { return keepsRowsOfAttention(attention); })
      .Case<graph::BroadcastToOp>(
          [&](auto broadcast) { return isAligned(broadcast.getInput()); })
      .Case<graph::ReshapeOp>(
          [&](auto reshape) { return has(reshape.getInput()); })
      .Case<graph::PoolOp>([](auto) { return true; })
      .Case<graph::RotaryEmbeddingOp>([&](auto rotary) {
        return haveOnly(op, {rotary.getInput(), rotary.getPositions()}) &&
               rotary.getAxis() != 0 && isAligned(rotary.getInput());
      })
      .Default([](Operation *) { return false; });
}

bool BatchFinder::isBatch() {
  auto isGiven = [&](Type type) { return has(type) && isFirst(type); };
  if (!llvm::all_of(function.getArgumentTypes(),
                    [&](Type type) { return isFirst(type); }) ||
      llvm::none_of(function.getArgumentTypes(), isGiven) ||
      !llvm::all_of(function.getResultTypes(), isGiven))
    return false;
  WalkResult walk = function.getBody().walk([&](Operation *op) -> WalkResult {
    // Expressions of an op are a matter of that op.
    if (op->getParentOp() != function)
      return WalkResult::advance();
    if (auto extent = dyn_cast<graph::ExtentOp>(op))
      return failure(Dim(extent.getDimAttr()) == Dim(batch));
    auto isSplit = [&](Value value) { return has(value); };
    bool given = llvm::any_of(op->getResults(), isSplit);
    if (isa<func::ReturnOp>(op) ||
        (!given && llvm::none_of(op->getOperands(), isSplit) &&
         op->getDialect() == function->getContext()->getLoadedDialect("graph")))
      return WalkResult::advance();
    // Where the dimension does not come out, something is made of all of it.
    return success(llvm::all_of(op->getResults(), isSplit) && given &&
                   llvm::all_of(op->getResultTypes(),
                                [&](Type type) { return isFirst(type); }) &&
                   keepsRows(op));
  });
  return !walk.wasInterrupted();
}

Attribute BatchFinder::getRows() {
  // Multiplications for a row, by what there is of it for one of the batch.
  llvm::MapVector<Attribute, int64_t> products;
  Builder builder(function.getContext());
  function.getBody().walk([&](graph::LinearOp linear) {
    if (!has(linear.getInput()))
      return;
    int64_t number = 1;
    SmallVector<StringAttr> names;
    SmallVector<Dim> dims = graph::getDims(linear.getInput());
    for (const Dim &dim : ArrayRef(dims).drop_front().drop_back())
      if (dim.isStatic())
        number = std::min<int64_t>(number * dim.size, INT32_MAX);
      else
        names.push_back(dim.name);
    // Of two dimensions there may be many more rows than one of them tells:
    // then parts are larger than they could be.
    Attribute rows = builder.getI64IntegerAttr(number);
    if (!names.empty())
      rows = names.front();
    products[rows] += linear.getInFeatures() * linear.getOutFeatures();
  });
  auto most = llvm::max_element(products, llvm::less_second());
  return most == products.end() ? Attribute() : most->first;
}

namespace {
struct FindBatchPass : public sylvite::impl::FindBatchPassBase<FindBatchPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || function.getNumResults() == 0)
      return;
    auto type = dyn_cast<RankedTensorType>(function.getResultTypes().front());
    if (!type || type.getRank() == 0)
      return;
    Dim first = graph::getDims(type).front();
    if (first.isStatic() || !first.name)
      return;
    BatchFinder finder(function, first.name);
    Attribute rows = finder.getRows();
    if (!rows || !finder.isBatch())
      return;
    Builder builder(&getContext());
    function->setAttr(
        graph::kBatchAttr,
        builder.getDictionaryAttr({builder.getNamedAttr("dim", first.name),
                                   builder.getNamedAttr("rows", rows)}));
  }
};
} // namespace
