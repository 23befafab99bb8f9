//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes unsigned integers as the bits that they are.
///
/// Ops that take bits for numbers come first: each reads its unsigned operands
/// widened with zeros, to i32 or, for 32 bits, to i64, and its result, where
/// that was unsigned, is what a cast to the narrow type leaves of the wide one.
/// All other ops do the same for both. Then the types are changed, of all
/// values, constants and functions.
///
//===----------------------------------------------------------------------===//

#include "Unsigned64.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Kernels/Passes.h"

#define DEBUG_TYPE "sylvite-drop-signs"

namespace sylvite {
#define GEN_PASS_DEF_DROPSIGNSPASS
#include "sylvite/Kernels/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

/// The element type if it is an unsigned integer, else null.
static IntegerType getUnsigned(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  auto element =
      tensor ? dyn_cast<IntegerType>(tensor.getElementType()) : IntegerType();
  return element && element.isUnsigned() ? element : IntegerType();
}

/// The same type of bits.
static Type dropSign(Type type) {
  IntegerType element = getUnsigned(type);
  if (!element)
    return type;
  return cast<RankedTensorType>(type).clone(
      IntegerType::get(type.getContext(), element.getWidth()));
}

/// Does an op take bits for numbers?
static bool readsNumbers(Operation *op) {
  if (auto compare = dyn_cast<graph::CompareOp>(op))
    return compare.getPredicate() != graph::ComparePredicate::Eq &&
           compare.getPredicate() != graph::ComparePredicate::Ne;
  if (auto reduce = dyn_cast<graph::ReduceOp>(op))
    return reduce.getKind() == graph::ReduceKind::Max ||
           reduce.getKind() == graph::ReduceKind::Min;
  if (auto scatter = dyn_cast<graph::ScatterOp>(op))
    return scatter.getKind() == graph::ScatterKind::Max ||
           scatter.getKind() == graph::ScatterKind::Min;
  return isa<graph::MaximumOp, graph::MinimumOp, graph::DivOp, graph::ModOp,
             graph::ArgmaxOp, graph::AbsOp>(op);
}

/// The type to calculate in.
static IntegerType getWide(IntegerType element) {
  return IntegerType::get(element.getContext(),
                          element.getWidth() < 32 ? 32 : 64);
}

/// A value of bits as the number that it is when it was unsigned.
static Value widen(OpBuilder &builder, Location loc, Value value,
                   IntegerType element) {
  IntegerType wide = getWide(element);
  auto type = cast<RankedTensorType>(value.getType()).clone(wide);
  Value extended = graph::CastOp::create(builder, loc, type, value);
  auto scalar = RankedTensorType::get({}, wide);
  Value mask = graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(
          scalar,
          APInt(wide.getWidth(), (uint64_t(1) << element.getWidth()) - 1)));
  graph::BitwiseOp::Properties properties;
  properties.kind =
      graph::BitKindAttr::get(builder.getContext(), graph::BitKind::And);
  OperationState state(loc, graph::BitwiseOp::getOperationName());
  state.addOperands({extended, mask});
  state.addTypes(type);
  state.getOrAddProperties<graph::BitwiseOp::Properties>() = properties;
  return builder.create(state)->getResult(0);
}

namespace {
struct DropSigns : sylvite::impl::DropSignsPassBase<DropSigns> {
  void runOnOperation() override;
  void widenOperands(Operation *op);
  void widenCast(graph::CastOp op);
};
} // namespace

/// Operands were unsigned: now they are of bits.
void DropSigns::widenOperands(Operation *op) {
  IntegerType element;
  for (Value operand : op->getOperands())
    if (IntegerType found = getUnsigned(operand.getType());
        found && !isa<graph::ScatterOp, graph::GatherOp>(op))
      element = found;
  if (isa<graph::ScatterOp>(op))
    element = getUnsigned(op->getResult(0).getType());
  if (!element)
    return;
  if (isa<graph::AbsOp>(op)) {
    op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    op->erase();
    return;
  }
  if (element.getWidth() == 64) {
    if (isa<graph::DivOp, graph::ModOp>(op))
      divideUnsigned64(op);
    else
      orderUnsigned64(op);
    return;
  }
  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands())
    if (getUnsigned(operand.get().getType()) == element)
      operand.set(widen(builder, op->getLoc(), operand.get(), element));
  Value result = op->getResult(0);
  if (getUnsigned(result.getType()) != element)
    return;
  Type narrow = result.getType();
  result.setType(cast<RankedTensorType>(narrow).clone(getWide(element)));
  builder.setInsertionPointAfter(op);
  auto cast = graph::CastOp::create(builder, op->getLoc(), narrow, result);
  result.replaceAllUsesExcept(cast, cast);
}

/// From an unsigned type to a wider or another one; to one where bits alone do
/// not tell.
void DropSigns::widenCast(graph::CastOp op) {
  OpBuilder builder(op);
  Type to = op.getType().getElementType();
  if (IntegerType from = getUnsigned(op.getInput().getType())) {
    bool isFloat = isa<FloatType>(to);
    if (from.getWidth() == 64 && isFloat)
      return castUnsigned64(op);
    if (!isFloat && to.getIntOrFloatBitWidth() <= from.getWidth())
      return;
    op.getInputMutable().assign(
        widen(builder, op.getLoc(), op.getInput(), from));
    return;
  }
  // A boolean is 0 or 1. A float goes by way of a signed type that holds all
  // unsigned numbers.
  IntegerType unsignedTo = getUnsigned(op.getType());
  auto input = cast<RankedTensorType>(op.getInput().getType());
  if (!unsignedTo || !isa<FloatType>(input.getElementType()))
    return;
  if (unsignedTo.getWidth() == 64)
    castUnsigned64(op);
  else
    op.getInputMutable().assign(graph::CastOp::create(
        builder, op.getLoc(),
        input.clone(IntegerType::get(op.getContext(), 64)), op.getInput()));
}

void DropSigns::runOnOperation() {
  ModuleOp module = getOperation();
  bool any = false;
  SmallVector<Operation *> numbers;
  SmallVector<graph::CastOp> casts;
  module.walk([&](Operation *op) {
    auto isUnsigned = [](Type type) { return bool(getUnsigned(type)); };
    if (auto function = dyn_cast<func::FuncOp>(op))
      any |= llvm::any_of(function.getArgumentTypes(), isUnsigned) ||
             llvm::any_of(function.getResultTypes(), isUnsigned);
    if (!llvm::any_of(op->getOperandTypes(), isUnsigned) &&
        !llvm::any_of(op->getResultTypes(), isUnsigned))
      return;
    any = true;
    if (auto cast = dyn_cast<graph::CastOp>(op))
      casts.push_back(cast);
    else if (readsNumbers(op))
      numbers.push_back(op);
  });
  if (!any)
    return;
  for (graph::CastOp cast : casts)
    widenCast(cast);
  for (Operation *op : numbers)
    widenOperands(op);
  // Types of all values and constants.
  module.walk([&](Operation *op) {
    for (Value result : op->getResults())
      result.setType(dropSign(result.getType()));
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setType(dropSign(argument.getType()));
    if (auto constant = dyn_cast<graph::ConstantOp>(op))
      if (auto value = dyn_cast<DenseElementsAttr>(constant.getValue()))
        if (IntegerType element = getUnsigned(value.getType()))
          constant.setValueAttr(value.bitcast(
              IntegerType::get(op->getContext(), element.getWidth())));
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function)
      return;
    Builder builder(op->getContext());
    auto mark = [&](Type type, auto set) {
      if (getUnsigned(type))
        set();
      return dropSign(type);
    };
    SmallVector<Type> inputs, results;
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      inputs.push_back(mark(type, [&] {
        function.setArgAttr(i, graph::GraphDialect::kUnsigned,
                            builder.getUnitAttr());
      }));
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      results.push_back(mark(type, [&] {
        function.setResultAttr(i, graph::GraphDialect::kUnsigned,
                               builder.getUnitAttr());
      }));
    function.setFunctionType(builder.getFunctionType(inputs, results));
  });
  // Casts between types of the same bits.
  module.walk([](graph::CastOp cast) {
    if (cast.getType() != cast.getInput().getType())
      return;
    cast.getResult().replaceAllUsesWith(cast.getInput());
    cast.erase();
  });
}
