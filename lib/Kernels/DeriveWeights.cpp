//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves what depends on weights alone out of functions.
///
/// An op is *fixed* if it is a weight, a constant or an iota of a static type,
/// or an op of the graph whose operands are all fixed. A fixed op with a user
/// that is not fixed is the root of an expression; if that is worth it, the
/// expression is copied into a derived weight, and the root's users read that.
///
//===----------------------------------------------------------------------===//

#include "ReadOperand.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "sylvite/Import/SafeTensors/DType.h"
#include "sylvite/Kernels/Lowering.h"
#include "sylvite/Kernels/Passes.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "sylvite-derive-weights"

namespace sylvite {
#define GEN_PASS_DEF_DERIVEWEIGHTSPASS
#include "sylvite/Kernels/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Which expressions
//===----------------------------------------------------------------------===//

static bool isLeaf(Operation *op) {
  return isa<graph::WeightOp, graph::ConstantOp, graph::IotaOp>(op);
}

namespace {
/// The fixed ops of a function.
class FixedOps {
public:
  explicit FixedOps(Block &block) {
    for (Operation &op : block)
      if (isFixed(&op))
        fixed.insert(&op);
  }

  bool contains(Operation *op) const { return fixed.contains(op); }

private:
  bool isFixed(Operation *op) const {
    if (!isa<graph::GraphDialect>(op->getDialect()) || !isPure(op) ||
        op->getNumResults() != 1 || isa<graph::ExtentOp>(op))
      return false;
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || !type.hasStaticShape() || !getDType(type.getElementType()))
      return false;
    // A region may read what its op does not take.
    llvm::SmallSetVector<Value, 8> used(op->operand_begin(), op->operand_end());
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (operand.getParentRegion() == op->getParentRegion())
          used.insert(operand);
    });
    return llvm::all_of(used, [&](Value value) {
      Operation *producer = value.getDefiningOp();
      return producer && fixed.contains(producer);
    });
  }

  DenseSet<Operation *> fixed;
};

/// What a root depends on, in the order of the block.
using Expression = llvm::SetVector<Operation *>;
} // namespace

static void collect(Operation *op, Expression &expression) {
  if (expression.contains(op))
    return;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (Operation *producer = operand.getDefiningOp())
        if (producer->getBlock() == op->getBlock())
          collect(producer, expression);
  });
  expression.insert(op);
}

static int64_t getBytes(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getNumElements() *
         llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Is the value the weight of a product? That has to lie packed.
static bool isPacked(Value value) {
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    if (isa<graph::QuantizeOp>(use.getOwner()))
      return true;
    return isa<graph::LinearOp, graph::MatmulOp>(use.getOwner()) &&
           use.getOperandNumber() == 1;
  });
}

/// Should the package phase calculate this?
static bool shouldDerive(Operation *root, const Expression &expression,
                         int64_t maxBytes) {
  Value value = root->getResult(0);
  // Packing does these itself.
  if (LoweringContext::isWeight(value))
    return false;
  bool calculates = llvm::any_of(
      expression, [](Operation *op) { return !isLookThrough(op); });
  if (!calculates && !isPacked(value))
    return false;
  // Single numbers are written into kernels.
  auto isNumber = [](Operation *op) {
    auto constant = dyn_cast<graph::ConstantOp>(op);
    return constant && constant.getValue().isSplat();
  };
  if (llvm::all_of(expression, [&](Operation *op) {
        return op->getNumOperands() || isNumber(op);
      }))
    return false;
  int64_t sources = 0;
  for (Operation *op : expression)
    if (isa<graph::WeightOp>(op))
      sources += getBytes(op->getResult(0));
  return getBytes(value) <= std::max(maxBytes, sources);
}

//===----------------------------------------------------------------------===//
// Derived weights
//===----------------------------------------------------------------------===//

namespace {
/// Those of a module.
class DerivedWeights {
public:
  explicit DerivedWeights(ModuleOp module)
      : module(module), builder(OpBuilder::atBlockEnd(module.getBody())) {}

  /// The name of the derived weight that an expression is.
  StringAttr get(Operation *root, const Expression &expression);

private:
  ModuleOp module;
  OpBuilder builder;
  /// By their text: equal expressions are one.
  llvm::StringMap<StringAttr> known;
  unsigned count = 0;
};

struct DeriveWeights
    : public sylvite::impl::DeriveWeightsPassBase<DeriveWeights> {
  using DeriveWeightsPassBase::DeriveWeightsPassBase;
  void runOnOperation() override;
  void derive(Block &block, DerivedWeights &weights);
};
} // namespace

StringAttr DerivedWeights::get(Operation *root, const Expression &expression) {
  std::string name;
  do
    name = "derived." + std::to_string(count++);
  while (module.lookupSymbol(name));
  auto op = graph::DerivedWeightOp::create(builder, root->getLoc(), name);
  Block &body = op.getBody().emplaceBlock();
  auto inside = OpBuilder::atBlockEnd(&body);
  IRMapping mapping;
  std::string text;
  llvm::raw_string_ostream os(text);
  for (Operation *each : expression)
    os << *inside.clone(*each, mapping) << '\n';
  graph::YieldOp::create(inside, root->getLoc(),
                         mapping.lookup(root->getResult(0)));
  auto [known, isNew] = this->known.try_emplace(text, op.getSymNameAttr());
  if (!isNew) {
    op.erase();
    --count;
  }
  return known->second;
}

void DeriveWeights::derive(Block &block, DerivedWeights &weights) {
  FixedOps fixed(block);
  for (Operation &op : llvm::make_early_inc_range(block)) {
    bool isRoot = fixed.contains(&op) && !isLeaf(&op) &&
                  llvm::any_of(op.getUsers(), [&](Operation *user) {
                    return !fixed.contains(block.findAncestorOpInBlock(*user));
                  });
    if (!isRoot)
      continue;
    Expression expression;
    collect(&op, expression);
    if (!shouldDerive(&op, expression, maxBytes))
      continue;
    OpBuilder builder(&op);
    Value weight =
        graph::WeightOp::create(builder, op.getLoc(), op.getResult(0).getType(),
                                weights.get(&op, expression));
    op.getResult(0).replaceUsesWithIf(weight, [&](OpOperand &use) {
      return !fixed.contains(block.findAncestorOpInBlock(*use.getOwner()));
    });
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (fixed.contains(&op) && isOpTriviallyDead(&op))
      op.erase();
}

void DeriveWeights::runOnOperation() {
  DerivedWeights weights(getOperation());
  for (auto function : getOperation().getOps<func::FuncOp>())
    if (!function.isExternal())
      derive(function.getBody().front(), weights);
}
