//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates pointwise ops.
///
//===----------------------------------------------------------------------===//

#include "OpEvaluators.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// y = f(x)
//===----------------------------------------------------------------------===//

/// Applies a function of one number to every element.
template <typename Op>
static LogicalResult map(Op op, const Frame &frame, Tensor &result,
                         llvm::function_ref<double(double)> f) {
  llvm::transform(frame[op.getInput()].data, result.data.begin(), f);
  return success();
}

LogicalResult sylvite::evaluate(graph::NegOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return -x; });
}

LogicalResult sylvite::evaluate(graph::AbsOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::fabs(x); });
}

LogicalResult sylvite::evaluate(graph::ExpOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::exp(x); });
}

LogicalResult sylvite::evaluate(graph::LogOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::log(x); });
}

LogicalResult sylvite::evaluate(graph::SqrtOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::sqrt(x); });
}

LogicalResult sylvite::evaluate(graph::RsqrtOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return 1 / std::sqrt(x); });
}

LogicalResult sylvite::evaluate(graph::ReciprocalOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return 1 / x; });
}

LogicalResult sylvite::evaluate(graph::TanhOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::tanh(x); });
}

LogicalResult sylvite::evaluate(graph::ErfOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::erf(x); });
}

LogicalResult sylvite::evaluate(graph::SinOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::sin(x); });
}

LogicalResult sylvite::evaluate(graph::CosOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::cos(x); });
}

LogicalResult sylvite::evaluate(graph::AsinOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::asin(x); });
}

LogicalResult sylvite::evaluate(graph::AcosOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::acos(x); });
}

LogicalResult sylvite::evaluate(graph::AtanOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::atan(x); });
}

LogicalResult sylvite::evaluate(graph::FloorOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::floor(x); });
}

LogicalResult sylvite::evaluate(graph::CeilOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::ceil(x); });
}

LogicalResult sylvite::evaluate(graph::RoundOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return std::nearbyint(x); });
}

LogicalResult sylvite::evaluate(graph::SigmoidOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double x) { return activate(graph::Activation::Sigmoid, x); });
}

LogicalResult sylvite::evaluate(graph::ReluOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double x) { return activate(graph::Activation::Relu, x); });
}

LogicalResult sylvite::evaluate(graph::SiluOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double x) { return activate(graph::Activation::Silu, x); });
}

LogicalResult sylvite::evaluate(graph::GeluOp op, const Frame &frame,
                                Tensor &result) {
  auto activation = op.getApproximateTanh() ? graph::Activation::GeluTanh
                                            : graph::Activation::GeluErf;
  return map(op, frame, result,
             [&](double x) { return activate(activation, x); });
}

LogicalResult sylvite::evaluate(graph::NotOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double x) { return x == 0; });
}

LogicalResult sylvite::evaluate(graph::CastOp op, const Frame &frame,
                                Tensor &result) {
  bool toBool = result.dtype.isInteger(1);
  bool truncates = result.isInteger() && !frame[op.getInput()].isInteger();
  return map(op, frame, result, [&](double x) {
    if (toBool)
      return double(x != 0);
    return truncates ? std::trunc(x) : x;
  });
}

//===----------------------------------------------------------------------===//
// y = f(a, b), with broadcasting
//===----------------------------------------------------------------------===//

/// Applies a function of two numbers to every pair of elements.
template <typename Op>
static LogicalResult map(Op op, const Frame &frame, Tensor &result,
                         llvm::function_ref<double(double, double)> f) {
  BroadcastReader lhs(frame[op.getLhs()], result.getRank());
  BroadcastReader rhs(frame[op.getRhs()], result.getRank());
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    result.data[position] = f(lhs(index), rhs(index));
  });
  return success();
}

LogicalResult sylvite::evaluate(graph::AddOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double a, double b) { return a + b; });
}

LogicalResult sylvite::evaluate(graph::SubOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double a, double b) { return a - b; });
}

LogicalResult sylvite::evaluate(graph::MulOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [](double a, double b) { return a * b; });
}

LogicalResult sylvite::evaluate(graph::DivOp op, const Frame &frame,
                                Tensor &result) {
  bool truncates = result.isInteger();
  return map(op, frame, result, [&](double a, double b) {
    return truncates ? (b == 0 ? 0 : std::trunc(a / b)) : a / b;
  });
}

LogicalResult sylvite::evaluate(graph::ModOp op, const Frame &frame,
                                Tensor &result) {
  bool isInteger = result.isInteger();
  return map(op, frame, result, [&](double a, double b) {
    if (isInteger && b == 0)
      return 0.0;
    double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  });
}

LogicalResult sylvite::evaluate(graph::BitwiseOp op, const Frame &frame,
                                Tensor &result) {
  unsigned width = result.dtype.getIntOrFloatBitWidth();
  uint64_t mask = width == 64 ? ~uint64_t(0) : (uint64_t(1) << width) - 1;
  return map(op, frame, result, [&](double a, double b) {
    uint64_t x = uint64_t(int64_t(a)) & mask, y = uint64_t(int64_t(b)) & mask;
    uint64_t bits = 0;
    switch (op.getKind()) {
    case graph::BitKind::And:
      bits = x & y;
      break;
    case graph::BitKind::Or:
      bits = x | y;
      break;
    case graph::BitKind::Xor:
      bits = x ^ y;
      break;
    case graph::BitKind::Shl:
      bits = y < width ? x << y & mask : 0;
      break;
    case graph::BitKind::Shr:
      bits = y < width ? x >> y : 0;
      break;
    }
    // As the number that these bits are; wrapping gives it its sign.
    return width == 64 ? double(int64_t(bits)) : double(bits);
  });
}

LogicalResult sylvite::evaluate(graph::PowOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double a, double b) { return std::pow(a, b); });
}

LogicalResult sylvite::evaluate(graph::MaximumOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, maximum);
}

LogicalResult sylvite::evaluate(graph::MinimumOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, minimum);
}

LogicalResult sylvite::evaluate(graph::AndOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double a, double b) { return a != 0 && b != 0; });
}

LogicalResult sylvite::evaluate(graph::OrOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result,
             [](double a, double b) { return a != 0 || b != 0; });
}

LogicalResult sylvite::evaluate(graph::CompareOp op, const Frame &frame,
                                Tensor &result) {
  return map(op, frame, result, [&](double a, double b) {
    switch (op.getPredicate()) {
    case graph::ComparePredicate::Eq:
      return a == b;
    case graph::ComparePredicate::Ne:
      return a != b;
    case graph::ComparePredicate::Lt:
      return a < b;
    case graph::ComparePredicate::Le:
      return a <= b;
    case graph::ComparePredicate::Gt:
      return a > b;
    case graph::ComparePredicate::Ge:
      return a >= b;
    }
    llvm_unreachable("all predicates are above");
  });
}

LogicalResult sylvite::evaluate(graph::SelectOp op, const Frame &frame,
                                Tensor &result) {
  BroadcastReader condition(frame[op.getCondition()], result.getRank());
  BroadcastReader onTrue(frame[op.getOnTrue()], result.getRank());
  BroadcastReader onFalse(frame[op.getOnFalse()], result.getRank());
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t position) {
    result.data[position] =
        condition(index) != 0 ? onTrue(index) : onFalse(index);
  });
  return success();
}
