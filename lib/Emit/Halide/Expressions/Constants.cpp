//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Constants.
///
/// Halide compiles floats without infinities and NaNs. An infinite constant
/// becomes 1e30 (f16: the largest number), which serves as "nothing" in masks
/// and maxima and can be added to without overflow.
///
//===----------------------------------------------------------------------===//

#include "../Types.h"
#include "RuleSet.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using Halide::Expr;

namespace {
/// What stands for infinity in Halide.
static double getFinite(double value, Type type) {
  if (!std::isinf(value))
    return value;
  return std::copysign(type.isF16() ? 65504. : 1e30, value);
}

struct ConstantRule : ConversionRule<arith::ConstantOp> {
  static Expr build(arith::ConstantOp op, Operands) {
    Halide::Type type = convertType(op.getType());
    if (auto value = dyn_cast<IntegerAttr>(op.getValue()))
      return type.is_bool()
                 ? Halide::Internal::make_bool(!value.getValue().isZero())
                 : Halide::Internal::make_const(
                       type, value.getValue().getSExtValue());
    auto value = mlir::cast<FloatAttr>(op.getValue());
    return Halide::Internal::make_const(
        type, getFinite(value.getValueAsDouble(), op.getType()));
  }

  static Text print(arith::ConstantOp op, Texts) {
    Type type = op.getType();
    if (auto value = dyn_cast<IntegerAttr>(op.getValue()))
      return printInteger(type, value.getValue());
    return printFloat(
        type, getFinite(mlir::cast<FloatAttr>(op.getValue()).getValueAsDouble(),
                        type));
  }

  static Text printInteger(Type type, const APInt &value) {
    if (type.isInteger(1))
      return {value.isZero() ? "Internal::const_false()"
                             : "Internal::const_true()"};
    // C++ has no literal for the smallest number.
    if (value.isMinSignedValue())
      return {llvm::formatv("Int({0}).min()", value.getBitWidth())};
    std::string digits = std::to_string(value.getSExtValue());
    if (type.isIndex() || type.isInteger(32))
      return {digits, digits.front() == '-' ? kUnary : kAtom, true};
    return {"cast<" + getTypeName(type) + ">(" + digits + ")"};
  }

  static Text printFloat(Type type, double number) {
    if (std::isnan(number))
      return {"cast<" + getTypeName(type) + ">(Expr(NAN))"};
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.*g", type.isF64() ? 17 : 9, number);
    std::string digits = buffer;
    if (digits.find_first_of(".e") == std::string::npos)
      digits += ".";
    // Halide's operators take int and float beside an Expr, not double.
    if (type.isF64())
      return {"Expr(" + digits + ")"};
    if (type.isF32())
      return {digits + "f", digits.front() == '-' ? kUnary : kAtom, true};
    return {"cast<" + getTypeName(type) + ">(" + digits + "f)"};
  }
};
} // namespace

void emit::addConstantRules(RuleSet &rules) { rules.custom<ConstantRule>(); }
