//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Broadcasting and the pointwise ops' types and folds.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Elementwise.h"
#include "ShapeRules.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace sylvite::graph;

std::string sylvite::graph::toString(ArrayRef<Dim> dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(dims, os);
  os << ']';
  return text;
}

FailureOr<RankedTensorType>
sylvite::graph::inferBroadcast(std::optional<Location> loc, TypeRange types,
                               Type element) {
  SmallVector<Dim> dims;
  Type first = getElementTypeOrSelf(types.front());
  for (Type type : types) {
    // BROADCAST-1
    if (!element && getElementTypeOrSelf(type) != first)
      return emitOptionalError(loc, "operands' element types differ: ", first,
                               " and ", getElementTypeOrSelf(type));
    SmallVector<Dim> next = getDims(cast<RankedTensorType>(type));
    // BROADCAST-2
    auto both = broadcastDims(dims, next);
    if (!both)
      return emitOptionalError(loc, "shapes do not broadcast: ", toString(dims),
                               " and ", toString(next));
    dims = std::move(*both);
  }
  return getTensorType(dims, element ? element : first);
}

#define INFER_BINARY(Op, Element)                                              \
  LogicalResult Op::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types) {                                          \
    auto type = inferBroadcast(                                                \
        loc, {adaptor.getLhs().getType(), adaptor.getRhs().getType()});        \
    if (failed(type))                                                          \
      return failure();                                                        \
    Type element = Element;                                                    \
    types.push_back(element ? getTensorType(getDims(*type), element)           \
                            : Type(*type));                                    \
    return success();                                                          \
  }
INFER_BINARY(AddOp, Type())
INFER_BINARY(SubOp, Type())
INFER_BINARY(MulOp, Type())
INFER_BINARY(DivOp, Type())
INFER_BINARY(ModOp, Type())
INFER_BINARY(BitwiseOp, Type())
INFER_BINARY(PowOp, Type())
INFER_BINARY(MaximumOp, Type())
INFER_BINARY(MinimumOp, Type())
INFER_BINARY(AndOp, Type())
INFER_BINARY(OrOp, Type())
INFER_BINARY(CompareOp, IntegerType::get(context, 1))
#undef INFER_BINARY

LogicalResult SelectOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto choices = inferBroadcast(
      loc, {adaptor.getOnTrue().getType(), adaptor.getOnFalse().getType()});
  if (failed(choices))
    return failure();
  auto all = inferBroadcast(loc, {adaptor.getCondition().getType(), *choices},
                            choices->getElementType());
  if (failed(all))
    return failure();
  types.push_back(*all);
  return success();
}

//===----------------------------------------------------------------------===//
// Folds: a neutral element, where the other operand already has the result's
// type.
//===----------------------------------------------------------------------===//

/// `kept` if `other` is the constant `neutral` and nothing is broadcast.
static OpFoldResult foldNeutral(Value kept, Value other, double neutral,
                                Type result) {
  if (kept.getType() == result && getSplatConstant(other) == neutral)
    return kept;
  return {};
}

OpFoldResult AddOp::fold(FoldAdaptor) {
  if (auto kept = foldNeutral(getLhs(), getRhs(), 0, getType()))
    return kept;
  return foldNeutral(getRhs(), getLhs(), 0, getType());
}

OpFoldResult SubOp::fold(FoldAdaptor) {
  return foldNeutral(getLhs(), getRhs(), 0, getType());
}

OpFoldResult MulOp::fold(FoldAdaptor) {
  if (auto kept = foldNeutral(getLhs(), getRhs(), 1, getType()))
    return kept;
  return foldNeutral(getRhs(), getLhs(), 1, getType());
}

OpFoldResult DivOp::fold(FoldAdaptor) {
  return foldNeutral(getLhs(), getRhs(), 1, getType());
}

OpFoldResult CastOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// So many FLOP for each element of the result, if the operands are floats.
static OpCost getPointwiseCost(Operation *op, const Workload &workload,
                               double flops) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(op->getOperand(0)));
  return workload.getCost(op, getDims(op->getResult(0)), isFloat ? flops : 0);
}

#define POINTWISE_COST(Op, flops)                                              \
  OpCost Op::getCost(const Workload &workload) {                               \
    return getPointwiseCost(*this, workload, flops);                           \
  }
POINTWISE_COST(NegOp, 1)
POINTWISE_COST(AbsOp, 1)
POINTWISE_COST(ExpOp, 1)
POINTWISE_COST(LogOp, 1)
POINTWISE_COST(SqrtOp, 1)
POINTWISE_COST(RsqrtOp, 2)
POINTWISE_COST(ReciprocalOp, 1)
POINTWISE_COST(TanhOp, 1)
POINTWISE_COST(ErfOp, 1)
POINTWISE_COST(SinOp, 1)
POINTWISE_COST(CosOp, 1)
POINTWISE_COST(AsinOp, 1)
POINTWISE_COST(AcosOp, 1)
POINTWISE_COST(AtanOp, 1)
POINTWISE_COST(FloorOp, 1)
POINTWISE_COST(CeilOp, 1)
POINTWISE_COST(RoundOp, 1)
POINTWISE_COST(ModOp, 3)
POINTWISE_COST(BitwiseOp, 0)
POINTWISE_COST(NotOp, 0)
POINTWISE_COST(AddOp, 1)
POINTWISE_COST(SubOp, 1)
POINTWISE_COST(MulOp, 1)
POINTWISE_COST(DivOp, 1)
POINTWISE_COST(PowOp, 1)
POINTWISE_COST(MaximumOp, 1)
POINTWISE_COST(MinimumOp, 1)
POINTWISE_COST(AndOp, 0)
POINTWISE_COST(OrOp, 0)
POINTWISE_COST(CompareOp, 1)
POINTWISE_COST(SelectOp, 0)
POINTWISE_COST(CastOp, 0)
POINTWISE_COST(SigmoidOp, getFlops(Activation::Sigmoid))
POINTWISE_COST(ReluOp, getFlops(Activation::Relu))
POINTWISE_COST(SiluOp, getFlops(Activation::Silu))
POINTWISE_COST(GeluOp, getFlops(getApproximateTanh() ? Activation::GeluTanh
                                                     : Activation::GeluErf))
#undef POINTWISE_COST

double sylvite::graph::getFlops(Activation activation) {
  switch (activation) {
  case Activation::None:
    return 0;
  case Activation::Relu:
  case Activation::Tanh:
    return 1;
  case Activation::Sigmoid: // 1 / (1 + exp(-x))
  case Activation::Silu:    // x / (1 + exp(-x))
    return 4;
  case Activation::GeluErf: // x/2 (1 + erf(x c))
    return 5;
  case Activation::GeluTanh: // x/2 (1 + tanh(c (x + d x x x)))
    return 9;
  }
  llvm_unreachable("all activations are above");
}

bool sylvite::graph::isElementwise(Operation *op) {
  return isa<NegOp, AbsOp, ExpOp, LogOp, SqrtOp, RsqrtOp, ReciprocalOp, TanhOp,
             ErfOp, SinOp, CosOp, SigmoidOp, ReluOp, SiluOp, GeluOp, NotOp,
             AsinOp, AcosOp, AtanOp, FloorOp, CeilOp, RoundOp, ModOp, BitwiseOp,
             AddOp, SubOp, MulOp, DivOp, PowOp, MaximumOp, MinimumOp, AndOp,
             OrOp, CompareOp, SelectOp, CastOp>(op);
}
