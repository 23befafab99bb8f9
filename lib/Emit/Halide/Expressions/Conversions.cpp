//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Conversions between types of numbers.
///
//===----------------------------------------------------------------------===//

#include "../Types.h"
#include "RuleSet.h"
#include "Unsigned.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::cast;
using Halide::Expr;

namespace {
/// A conversion by value that equals Halide's cast.
template <typename OpT>
struct CastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    return cast(convertType(op.getType()), o[0]);
  }
  static Text print(OpT op, Texts o) {
    return printCast("cast", getTypeName(op.getType()), o[0]);
  }
};

/// A conversion of an integer taken as unsigned.
template <typename OpT>
struct UnsignedCastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    Expr value = o[0].type().is_bool() ? o[0] : asUnsigned(o[0]);
    return cast(convertType(op.getType()), value);
  }
  static Text print(OpT op, Texts o) {
    return printCast("cast", getTypeName(op.getType()),
                     asUnsigned(op.getIn().getType(), o[0]));
  }
};

/// A conversion of an integer taken as signed, where true is -1.
template <typename OpT>
struct SignedCastRule : ConversionRule<OpT> {
  static Expr build(OpT op, Operands o) {
    Expr value = cast(convertType(op.getType()), o[0]);
    return o[0].type().is_bool() ? -value : value;
  }
  static Text print(OpT op, Texts o) {
    Text value = printCast("cast", getTypeName(op.getType()), o[0]);
    if (op.getIn().getType().isInteger(1))
      return {"-" + value.text, kUnary};
    return value;
  }
};

/// Truncation keeps the low bits; to i1, the lowest.
struct TruncIRule : ConversionRule<arith::TruncIOp> {
  static Expr build(arith::TruncIOp op, Operands o) {
    if (op.getType().isInteger(1))
      return cast<bool>(o[0] & Halide::Internal::make_one(o[0].type()));
    return cast(convertType(op.getType()), o[0]);
  }
  static Text print(arith::TruncIOp op, Texts o) {
    if (op.getType().isInteger(1))
      return printCast(
          "cast", "bool",
          printInfix("&", kBitAnd, {o[0], Text{"1", kAtom, true}}));
    return printCast("cast", getTypeName(op.getType()), o[0]);
  }
};

/// A conversion to an unsigned integer.
struct FPToUIRule : ConversionRule<arith::FPToUIOp> {
  static Expr build(arith::FPToUIOp op, Operands o) {
    Halide::Type type = convertType(op.getType());
    return cast(type, cast(Halide::UInt(type.bits()), o[0]));
  }
  static Text print(arith::FPToUIOp op, Texts o) {
    return printCast("cast", getTypeName(op.getType()),
                     asUnsigned(op.getType(), o[0]));
  }
};

struct BitcastRule : ConversionRule<arith::BitcastOp> {
  static Expr build(arith::BitcastOp op, Operands o) {
    return Halide::reinterpret(convertType(op.getType()), o[0]);
  }
  static Text print(arith::BitcastOp op, Texts o) {
    return printCast("reinterpret", getTypeName(op.getType()), o[0]);
  }
};
} // namespace

void emit::addConversionRules(RuleSet &rules) {
  rules.custom<CastRule<arith::ExtFOp>>();
  rules.custom<CastRule<arith::TruncFOp>>();
  rules.custom<CastRule<arith::FPToSIOp>>();
  rules.custom<FPToUIRule>();
  rules.custom<SignedCastRule<arith::SIToFPOp>>();
  rules.custom<UnsignedCastRule<arith::UIToFPOp>>();
  rules.custom<SignedCastRule<arith::ExtSIOp>>();
  rules.custom<UnsignedCastRule<arith::ExtUIOp>>();
  rules.custom<TruncIRule>();
  rules.custom<CastRule<arith::IndexCastOp>>();
  rules.custom<UnsignedCastRule<arith::IndexCastUIOp>>();
  rules.custom<BitcastRule>();
}
