//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates scalar ops. One function per kind of op says what it computes; the
/// list at the end says which ops there are.
///
//===----------------------------------------------------------------------===//

#include "ScoreRegion.h"
#include "OpEvaluators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

static unsigned getWidth(Type type) {
  return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
}

/// Wraps an integer to the width of its type and extends its sign.
static int64_t wrap(int64_t value, Type type) {
  unsigned rest = getWidth(type) < 64 ? 64 - getWidth(type) : 0;
  return int64_t(uint64_t(value) << rest) >> rest;
}

/// The value of an integer whose bits count as unsigned.
static uint64_t toUnsigned(int64_t value, Type type) {
  unsigned rest = getWidth(type) < 64 ? 64 - getWidth(type) : 0;
  return uint64_t(value) << rest >> rest;
}

/// The integer toward zero. What has none, NaN and what 64 bits do not hold,
/// has no meaning in the IR either; it becomes zero.
static int64_t truncate(double value) {
  return std::fabs(value) < 0x1p63 ? int64_t(value) : 0;
}

static bool compare(arith::CmpFPredicate predicate, double a, double b) {
  bool unordered = std::isnan(a) || std::isnan(b);
  switch (predicate) {
  case arith::CmpFPredicate::AlwaysFalse:
    return false;
  case arith::CmpFPredicate::OEQ:
    return a == b;
  case arith::CmpFPredicate::OGT:
    return a > b;
  case arith::CmpFPredicate::OGE:
    return a >= b;
  case arith::CmpFPredicate::OLT:
    return a < b;
  case arith::CmpFPredicate::OLE:
    return a <= b;
  case arith::CmpFPredicate::ONE:
    return a != b && !unordered;
  case arith::CmpFPredicate::ORD:
    return !unordered;
  case arith::CmpFPredicate::UEQ:
    return a == b || unordered;
  case arith::CmpFPredicate::UGT:
    return a > b || unordered;
  case arith::CmpFPredicate::UGE:
    return a >= b || unordered;
  case arith::CmpFPredicate::ULT:
    return a < b || unordered;
  case arith::CmpFPredicate::ULE:
    return a <= b || unordered;
  case arith::CmpFPredicate::UNE:
    return a != b;
  case arith::CmpFPredicate::UNO:
    return unordered;
  case arith::CmpFPredicate::AlwaysTrue:
    return true;
  }
  llvm_unreachable("all predicates are above");
}

static bool compare(arith::CmpIPredicate predicate, Type type, int64_t a,
                    int64_t b) {
  uint64_t x = toUnsigned(a, type), y = toUnsigned(b, type);
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return a == b;
  case arith::CmpIPredicate::ne:
    return a != b;
  case arith::CmpIPredicate::slt:
    return a < b;
  case arith::CmpIPredicate::sle:
    return a <= b;
  case arith::CmpIPredicate::sgt:
    return a > b;
  case arith::CmpIPredicate::sge:
    return a >= b;
  case arith::CmpIPredicate::ult:
    return x < y;
  case arith::CmpIPredicate::ule:
    return x <= y;
  case arith::CmpIPredicate::ugt:
    return x > y;
  case arith::CmpIPredicate::uge:
    return x >= y;
  }
  llvm_unreachable("all predicates are above");
}

/// An op from floats to a float; none for one that is not on the list.
static std::optional<double> evaluateNumber(Operation *op, ArrayRef<Scalar> x) {
  double a = x.empty() ? 0 : x[0].number;
  double b = x.size() < 2 ? 0 : x[1].number;
  return TypeSwitch<Operation *, std::optional<double>>(op)
      .Case([&](arith::AddFOp) { return a + b; })
      .Case([&](arith::SubFOp) { return a - b; })
      .Case([&](arith::MulFOp) { return a * b; })
      .Case([&](arith::DivFOp) { return a / b; })
      .Case([&](arith::RemFOp) { return std::fmod(a, b); })
      .Case([&](arith::NegFOp) { return -a; })
      .Case([&](arith::MaximumFOp) { return maximum(a, b); })
      .Case([&](arith::MinimumFOp) { return minimum(a, b); })
      .Case([&](arith::MaxNumFOp) { return std::fmax(a, b); })
      .Case([&](arith::MinNumFOp) { return std::fmin(a, b); })
      .Case([&](arith::ExtFOp) { return a; })
      .Case([&](arith::TruncFOp) { return a; })
      .Case([&](math::AbsFOp) { return std::fabs(a); })
      .Case([&](math::CeilOp) { return std::ceil(a); })
      .Case([&](math::CosOp) { return std::cos(a); })
      .Case([&](math::ErfOp) { return std::erf(a); })
      .Case([&](math::ExpOp) { return std::exp(a); })
      .Case([&](math::Exp2Op) { return std::exp2(a); })
      .Case([&](math::ExpM1Op) { return std::expm1(a); })
      .Case([&](math::FloorOp) { return std::floor(a); })
      .Case([&](math::FmaOp) { return a * b + x[2].number; })
      .Case([&](math::LogOp) { return std::log(a); })
      .Case([&](math::Log1pOp) { return std::log1p(a); })
      .Case([&](math::Log2Op) { return std::log2(a); })
      .Case([&](math::PowFOp) { return std::pow(a, b); })
      .Case([&](math::RoundEvenOp) { return std::nearbyint(a); })
      .Case([&](math::RsqrtOp) { return 1 / std::sqrt(a); })
      .Case([&](math::SinOp) { return std::sin(a); })
      .Case([&](math::SqrtOp) { return std::sqrt(a); })
      .Case([&](math::TanhOp) { return std::tanh(a); })
      .Case([&](math::TruncOp) { return std::trunc(a); })
      .Default([](Operation *) { return std::nullopt; });
}

/// An op from integers to an integer; none for one that is not on the list.
/// Divisors are not zero.
static std::optional<int64_t> evaluateInteger(Operation *op,
                                              ArrayRef<Scalar> x) {
  if (x.empty())
    return std::nullopt;
  int64_t a = x[0].integer, b = x.size() < 2 ? 0 : x[1].integer;
  // Unsigned arithmetic wraps around where signed overflow has no meaning.
  Type type = op->getOperand(0).getType();
  uint64_t ua = toUnsigned(a, type), ub = toUnsigned(b, type);
  // -2^63 / -1 does not fit: it wraps to itself and leaves no remainder.
  auto quotient = [&] { return b == -1 ? int64_t(-uint64_t(a)) : a / b; };
  auto remainder = [&] { return b == -1 ? 0 : a % b; };
  auto isNegative = [&] { return (a < 0) != (b < 0); };
  return TypeSwitch<Operation *, std::optional<int64_t>>(op)
      .Case([&](arith::AddIOp) { return ua + ub; })
      .Case([&](arith::SubIOp) { return ua - ub; })
      .Case([&](arith::MulIOp) { return ua * ub; })
      .Case([&](arith::DivSIOp) { return quotient(); })
      .Case([&](arith::FloorDivSIOp) {
        return quotient() - (remainder() != 0 && isNegative());
      })
      .Case([&](arith::CeilDivSIOp) {
        return quotient() + (remainder() != 0 && !isNegative());
      })
      .Case([&](arith::RemSIOp) { return remainder(); })
      .Case([&](arith::DivUIOp) { return ua / ub; })
      .Case([&](arith::RemUIOp) { return ua % ub; })
      .Case([&](arith::MaxSIOp) { return std::max(a, b); })
      .Case([&](arith::MinSIOp) { return std::min(a, b); })
      .Case([&](arith::MaxUIOp) { return std::max(ua, ub); })
      .Case([&](arith::MinUIOp) { return std::min(ua, ub); })
      .Case([&](arith::AndIOp) { return a & b; })
      .Case([&](arith::OrIOp) { return a | b; })
      .Case([&](arith::XOrIOp) { return a ^ b; })
      .Case([&](arith::ShLIOp) { return ub < 64 ? ua << ub : 0; })
      .Case([&](arith::ShRSIOp) { return a >> std::min<uint64_t>(ub, 63); })
      .Case([&](arith::ShRUIOp) { return ub < 64 ? ua >> ub : 0; })
      .Case([&](math::AbsIOp) { return a < 0 ? -ua : ua; })
      .Case([&](arith::ExtSIOp) { return a; })
      .Case([&](arith::ExtUIOp) { return ua; })
      .Case([&](arith::TruncIOp) { return a; })
      .Case([&](arith::IndexCastOp) { return a; })
      .Case([&](arith::IndexCastUIOp) { return ua; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Whether an op divides integers by zero.
static bool dividesByZero(Operation *op, ArrayRef<Scalar> x) {
  return isa<arith::DivSIOp, arith::FloorDivSIOp, arith::CeilDivSIOp,
             arith::RemSIOp, arith::DivUIOp, arith::RemUIOp>(op) &&
         x[1].integer == 0;
}

/// An op between floats and integers: constants, comparisons, conversions.
static std::optional<Scalar> evaluateMixed(Operation *op, ArrayRef<Scalar> x) {
  auto number = [](double value) { return Scalar{value, 0}; };
  auto integer = [](int64_t value) { return Scalar{0, value}; };
  return TypeSwitch<Operation *, std::optional<Scalar>>(op)
      .Case([&](arith::ConstantOp op) -> std::optional<Scalar> {
        if (auto attr = dyn_cast<FloatAttr>(op.getValue()))
          return number(attr.getValueAsDouble());
        if (auto attr = dyn_cast<IntegerAttr>(op.getValue()))
          return integer(attr.getValue().getSExtValue());
        return std::nullopt;
      })
      .Case([&](arith::CmpFOp op) {
        return integer(compare(op.getPredicate(), x[0].number, x[1].number));
      })
      .Case([&](arith::CmpIOp op) {
        return integer(compare(op.getPredicate(), op.getLhs().getType(),
                               x[0].integer, x[1].integer));
      })
      .Case([&](arith::SelectOp) { return x[0].integer ? x[1] : x[2]; })
      .Case([&](arith::SIToFPOp) { return number(x[0].integer); })
      .Case([&](arith::UIToFPOp op) {
        return number(toUnsigned(x[0].integer, op.getIn().getType()));
      })
      .Case([&](arith::FPToSIOp) { return integer(truncate(x[0].number)); })
      .Case([&](arith::FPToUIOp) { return integer(truncate(x[0].number)); })
      .Case([&](math::FPowIOp) {
        return number(std::pow(x[0].number, x[1].integer));
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Reads a number from a tensor outside the region.
static FailureOr<Scalar> extract(tensor::ExtractOp op, const Frame &frame,
                                 ArrayRef<Scalar> indices) {
  const Tensor &tensor = frame[op.getTensor()];
  SmallVector<int64_t> index;
  int64_t position = 0;
  for (auto [i, extent, stride] :
       llvm::zip_equal(indices, tensor.shape, getStrides(tensor.shape))) {
    index.push_back(i.integer);
    position += i.integer * stride;
  }
  for (auto [i, extent] : llvm::zip_equal(index, tensor.shape))
    if (i < 0 || i >= extent)
      return op.emitOpError("index ")
             << toString(index) << " is outside " << tensor.getType();
  double value = tensor.data[position];
  return tensor.isInteger() ? Scalar{0, int64_t(value)} : Scalar{value, 0};
}

/// One op of the region.
static FailureOr<Scalar> evaluateScalar(Operation *op, const Frame &frame,
                                        ArrayRef<Scalar> operands) {
  if (auto extractOp = dyn_cast<tensor::ExtractOp>(op))
    return extract(extractOp, frame, operands);
  if (dividesByZero(op, operands))
    return op->emitOpError("divides by zero");
  if (std::optional<double> number = evaluateNumber(op, operands))
    return Scalar{*number, 0};
  std::optional<Scalar> result = evaluateMixed(op, operands);
  if (!result)
    if (std::optional<int64_t> integer = evaluateInteger(op, operands))
      result = Scalar{0, *integer};
  if (!result)
    return op->emitOpError("is none that the evaluator of score regions knows");
  Type type = op->getResult(0).getType();
  if (type.isIntOrIndex())
    result->integer = wrap(result->integer, type);
  return *result;
}

FailureOr<double> ScoreRegion::evaluate(ArrayRef<Scalar> arguments) {
  Block &block = region.front();
  for (auto [argument, value] :
       llvm::zip_equal(block.getArguments(), arguments))
    values[argument] = value;
  for (Operation &op : block.without_terminator()) {
    SmallVector<Scalar> operands;
    for (Value operand : op.getOperands())
      // What has no scalar is the tensor that an op extracts from.
      if (!isa<ShapedType>(operand.getType()))
        operands.push_back(values.lookup(operand));
    if (op.getNumResults() != 1)
      return op.emitOpError(
          "is none that the evaluator of score regions knows");
    FailureOr<Scalar> result = evaluateScalar(&op, frame, operands);
    if (failed(result))
      return failure();
    values[op.getResult(0)] = *result;
  }
  return values.lookup(block.getTerminator()->getOperand(0)).number;
}

LogicalResult ScoreRegion::apply(double &score, ArrayRef<int64_t> indices) {
  if (region.empty())
    return success();
  SmallVector<Scalar> arguments{{score, 0}};
  for (int64_t index : indices)
    arguments.push_back({0, index});
  FailureOr<double> result = evaluate(arguments);
  if (failed(result))
    return failure();
  score = *result;
  return success();
}
