//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Order, division and casts of unsigned integers of 64 bits.
///
//===----------------------------------------------------------------------===//

#include "Unsigned64.h"
#include <limits>

using namespace mlir;
using namespace sylvite;
using graph::BitKind;
using graph::ComparePredicate;

static constexpr int64_t kFirstBit = std::numeric_limits<int64_t>::min();

namespace {
/// Ops on i64 tensors at one place.
struct Writer {
  OpBuilder builder;
  Location loc;

  explicit Writer(Operation *op) : builder(op), loc(op->getLoc()) {}

  Type i64() { return builder.getI64Type(); }

  Value cast(Value x, Type element) {
    auto type = mlir::cast<RankedTensorType>(x.getType());
    if (type.getElementType() == element)
      return x;
    return graph::CastOp::create(builder, loc, type.clone(element), x);
  }
  /// A ui64 tensor as its bits.
  Value bits(Value x) { return cast(x, i64()); }

  Value number(int64_t value) {
    return constant(builder.getI64IntegerAttr(value));
  }
  Value constant(TypedAttr value) {
    return graph::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(RankedTensorType::get({}, value.getType()),
                               Attribute(value)));
  }

  Value bitwise(BitKind kind, Value a, Value b) {
    return graph::BitwiseOp::create(builder, loc, kind, a, b);
  }
  Value bitwise(BitKind kind, Value a, int64_t b) {
    return bitwise(kind, a, number(b));
  }
  Value compare(ComparePredicate predicate, Value a, Value b) {
    return graph::CompareOp::create(builder, loc, predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return graph::SelectOp::create(builder, loc, condition, a, b);
  }
  template <typename OpTy>
  Value binary(Value a, Value b) {
    return OpTy::create(builder, loc, a, b);
  }

  /// Signed numbers in the order of the unsigned ones.
  Value flip(Value x) { return bitwise(BitKind::Xor, x, kFirstBit); }
};
} // namespace

static bool isUnsigned64(Value value) {
  return getElementTypeOrSelf(value.getType()).isUnsignedInteger(64);
}

void sylvite::orderUnsigned64(Operation *op) {
  Writer w(op);
  for (OpOperand &operand : op->getOpOperands())
    if (isUnsigned64(operand.get()))
      operand.set(w.flip(w.bits(operand.get())));
  Value result = op->getResult(0);
  if (!isUnsigned64(result))
    return;
  Type type = result.getType();
  result.setType(cast<RankedTensorType>(type).clone(w.i64()));
  w.builder.setInsertionPointAfter(op);
  Value back = w.flip(result);
  Value number = w.cast(back, getElementTypeOrSelf(type));
  result.replaceAllUsesExcept(number, back.getDefiningOp());
}

void sylvite::divideUnsigned64(Operation *op) {
  Writer w(op);
  Value a = w.bits(op->getOperand(0)), b = w.bits(op->getOperand(1));
  Value zero = w.number(0), one = w.number(1);
  // Half of a number has no sign; twice its quotient is right, or 1 too small.
  Value half = w.bitwise(BitKind::Shr, a, 1);
  Value near = w.bitwise(BitKind::Shl, w.binary<graph::DivOp>(half, b), 1);
  Value isLarge = w.compare(ComparePredicate::Lt, b, zero);
  // A divisor of 2^63 or more is contained once at most.
  near = w.select(isLarge, zero, near);
  Value rest = w.binary<graph::SubOp>(a, w.binary<graph::MulOp>(near, b));
  Value fits = w.compare(ComparePredicate::Ge, w.flip(rest), w.flip(b));
  // As everywhere, what is divided by 0 is 0.
  Value isZero = w.compare(ComparePredicate::Eq, b, zero);
  Value result;
  if (isa<graph::DivOp>(op)) {
    result = w.select(fits, w.binary<graph::AddOp>(near, one), near);
    result = w.select(isZero, zero, result);
  } else {
    result = w.select(fits, w.binary<graph::SubOp>(rest, b), rest);
    result = w.select(isZero, zero, result);
  }
  Value number =
      w.cast(result, getElementTypeOrSelf(op->getResult(0).getType()));
  op->getResult(0).replaceAllUsesWith(number);
  op->erase();
}

void sylvite::castUnsigned64(graph::CastOp op) {
  Writer w(op);
  Value input = op.getInput(), result;
  Type to = op.getType().getElementType();
  if (isUnsigned64(input)) {
    // Without its last bit, which is kept for rounding, a large number has half
    // the size.
    Value x = w.bits(input);
    Value half = w.bitwise(BitKind::Or, w.bitwise(BitKind::Shr, x, 1),
                           w.bitwise(BitKind::And, x, 1));
    Type wide = to.getIntOrFloatBitWidth() < 32 ? w.builder.getF32Type() : to;
    Value halfFloat = w.cast(half, wide);
    Value isLarge = w.compare(ComparePredicate::Lt, x, w.number(0));
    result = w.select(isLarge, w.binary<graph::AddOp>(halfFloat, halfFloat),
                      w.cast(x, wide));
    result = w.cast(result, to);
  } else {
    auto from = cast<FloatType>(getElementTypeOrSelf(input.getType()));
    if (from.getWidth() < 32) {
      from = w.builder.getF32Type();
      input = w.cast(input, from);
    }
    Value limit = w.constant(w.builder.getFloatAttr(from, 0x1p63));
    Value isLarge = w.compare(ComparePredicate::Ge, input, limit);
    Value rest = w.select(isLarge, w.binary<graph::SubOp>(input, limit), input);
    Value bits = w.cast(rest, w.i64());
    result = w.cast(w.select(isLarge, w.flip(bits), bits), to);
  }
  op.getResult().replaceAllUsesWith(result);
  op.erase();
}
