//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The ops behind the operators of scalars.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Scalar.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace sylvite::graph;

bool Scalar::isFloat() const { return isa<FloatType>(getType()); }

Scalar Scalar::like(double number) const {
  TypedAttr attr =
      isFloat()
          ? TypedAttr(builder->getFloatAttr(getType(), number))
          : TypedAttr(builder->getIntegerAttr(getType(), int64_t(number)));
  return {
      *builder,
      arith::ConstantOp::create(*builder, value.getLoc(), attr).getResult()};
}

/// Writes an op of one result on these operands.
template <typename OpTy, typename... Args>
static Scalar write(Scalar first, Args... args) {
  Location loc = first.getValue().getLoc();
  return {first.getBuilder(),
          OpTy::create(first.getBuilder(), loc, args...)->getResult(0)};
}

template <typename OpTy>
static Scalar writeUnary(Scalar operand) {
  return write<OpTy>(operand, operand.getValue());
}

/// Writes the op for floats or the one for integers.
template <typename FloatOp, typename IntOp>
static Scalar writeBinary(Scalar lhs, Scalar rhs) {
  if (lhs.isFloat())
    return write<FloatOp>(lhs, lhs.getValue(), rhs.getValue());
  return write<IntOp>(lhs, lhs.getValue(), rhs.getValue());
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Scalar sylvite::graph::operator+(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::AddFOp, arith::AddIOp>(lhs, rhs);
}
Scalar sylvite::graph::operator-(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::SubFOp, arith::SubIOp>(lhs, rhs);
}
Scalar sylvite::graph::operator*(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::MulFOp, arith::MulIOp>(lhs, rhs);
}
Scalar sylvite::graph::operator/(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::DivFOp, arith::FloorDivSIOp>(lhs, rhs);
}
Scalar sylvite::graph::operator-(Scalar operand) {
  if (operand.isFloat())
    return writeUnary<arith::NegFOp>(operand);
  return operand.like(0) - operand;
}
Scalar sylvite::graph::operator%(Scalar lhs, Scalar rhs) {
  return write<arith::RemUIOp>(lhs, lhs.getValue(), rhs.getValue());
}
Scalar sylvite::graph::min(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::MinimumFOp, arith::MinSIOp>(lhs, rhs);
}
Scalar sylvite::graph::max(Scalar lhs, Scalar rhs) {
  return writeBinary<arith::MaximumFOp, arith::MaxSIOp>(lhs, rhs);
}
Scalar sylvite::graph::abs(Scalar operand) {
  return operand.isFloat() ? writeUnary<math::AbsFOp>(operand)
                           : max(operand, -operand);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

static Scalar compare(Scalar lhs, Scalar rhs, arith::CmpFPredicate ofFloats,
                      arith::CmpIPredicate ofIntegers) {
  if (lhs.isFloat())
    return write<arith::CmpFOp>(lhs, ofFloats, lhs.getValue(), rhs.getValue());
  return write<arith::CmpIOp>(lhs, ofIntegers, lhs.getValue(), rhs.getValue());
}

Scalar sylvite::graph::operator==(Scalar lhs, Scalar rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq);
}
Scalar sylvite::graph::operator!=(Scalar lhs, Scalar rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne);
}
Scalar sylvite::graph::operator<(Scalar lhs, Scalar rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OLT,
                 arith::CmpIPredicate::slt);
}
Scalar sylvite::graph::operator<=(Scalar lhs, Scalar rhs) {
  return compare(lhs, rhs, arith::CmpFPredicate::OLE,
                 arith::CmpIPredicate::sle);
}
Scalar sylvite::graph::operator>(Scalar lhs, Scalar rhs) { return rhs < lhs; }
Scalar sylvite::graph::operator>=(Scalar lhs, Scalar rhs) { return rhs <= lhs; }
Scalar sylvite::graph::operator&&(Scalar lhs, Scalar rhs) {
  return write<arith::AndIOp>(lhs, lhs.getValue(), rhs.getValue());
}
Scalar sylvite::graph::operator||(Scalar lhs, Scalar rhs) {
  return write<arith::OrIOp>(lhs, lhs.getValue(), rhs.getValue());
}
Scalar sylvite::graph::select(Scalar condition, Scalar onTrue, Scalar onFalse) {
  return write<arith::SelectOp>(condition, condition.getValue(),
                                onTrue.getValue(), onFalse.getValue());
}

//===----------------------------------------------------------------------===//
// Functions and conversions
//===----------------------------------------------------------------------===//

Scalar sylvite::graph::exp(Scalar operand) {
  return writeUnary<math::ExpOp>(operand);
}
Scalar sylvite::graph::log(Scalar operand) {
  return writeUnary<math::LogOp>(operand);
}
Scalar sylvite::graph::sqrt(Scalar operand) {
  return writeUnary<math::SqrtOp>(operand);
}
Scalar sylvite::graph::tanh(Scalar operand) {
  return writeUnary<math::TanhOp>(operand);
}
Scalar sylvite::graph::sin(Scalar operand) {
  return writeUnary<math::SinOp>(operand);
}
Scalar sylvite::graph::cos(Scalar operand) {
  return writeUnary<math::CosOp>(operand);
}
Scalar sylvite::graph::floor(Scalar operand) {
  return writeUnary<math::FloorOp>(operand);
}
Scalar sylvite::graph::pow(Scalar base, Scalar exponent) {
  return write<math::PowFOp>(base, base.getValue(), exponent.getValue());
}

Scalar sylvite::graph::toFloat(Scalar operand, Type type) {
  if (operand.getType().isInteger(1))
    return write<arith::UIToFPOp>(operand, type, operand.getValue());
  if (operand.getType().isIndex())
    operand = write<arith::IndexCastOp>(
        operand, operand.getBuilder().getI64Type(), operand.getValue());
  return write<arith::SIToFPOp>(operand, type, operand.getValue());
}

Scalar sylvite::graph::toIndex(Scalar operand) {
  OpBuilder &builder = operand.getBuilder();
  if (operand.isFloat())
    operand = write<arith::FPToSIOp>(operand, builder.getI64Type(),
                                     operand.getValue());
  if (operand.getType().isIndex())
    return operand;
  return write<arith::IndexCastOp>(operand, builder.getIndexType(),
                                   operand.getValue());
}

Scalar sylvite::graph::read(Value tensor, ArrayRef<Scalar> indices) {
  auto values = llvm::map_to_vector(
      indices, [](Scalar index) { return index.getValue(); });
  return write<tensor::ExtractOp>(indices.front(), tensor, ValueRange(values));
}
