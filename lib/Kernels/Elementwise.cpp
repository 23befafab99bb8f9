//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elementwise ops: the scalar function of each. Floats narrower than 32 bits
/// are widened, calculated with and rounded back.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "ReadOperand.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;

/// 1 / (1 + exp(-x)).
static Expr sigmoid(Expr x) { return 1.0 / (1.0 + exp(-x)); }

Expr sylvite::applyActivation(graph::Activation activation, Expr x) {
  switch (activation) {
  case graph::Activation::None:
    return x;
  case graph::Activation::Relu:
    return max(x, 0.0);
  case graph::Activation::GeluErf: {
    Expr half = x * 0.5;
    return half + half * erf(x * M_SQRT1_2);
  }
  case graph::Activation::GeluTanh: {
    // With u = sqrt(2/pi) (x + 0.044715 x^3): x/2 (1 + tanh u) = x sigmoid(2u).
    Expr twice = x * (1.5957691216057308 + 0.07135481282553505 * (x * x));
    return x * sigmoid(twice);
  }
  case graph::Activation::Silu:
    return x * sigmoid(x);
  case graph::Activation::Tanh:
    return tanh(x);
  case graph::Activation::Sigmoid:
    return sigmoid(x);
  }
  llvm_unreachable("all activations are listed");
}

static Expr writeCompare(graph::ComparePredicate predicate, Expr a, Expr b) {
  switch (predicate) {
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
  llvm_unreachable("all predicates are listed");
}

/// a / b of integers, rounded toward zero, or a - b floor(a / b). Processors
/// trap where b is 0 or the quotient too large, and so do lanes behind the end
/// of a tensor, which hold anything: 0 is divided by nothing, and by -1 nothing
/// is divided.
static Expr divideIntegers(Expr a, Expr b, bool remainder) {
  auto divide = [&](Expr by) {
    return remainder ? floorMod(a, by) : truncDiv(a, by);
  };
  std::optional<int64_t> number = b.getConstantInt();
  if (number && *number != 0 && *number != -1)
    return divide(b);
  Expr isZero = b == 0, isMinusOne = b == -1;
  Expr safe = divide(select(isZero || isMinusOne, b.like(1), b));
  Expr byMinusOne = remainder ? b.like(0) : -a;
  return select(isZero, b.like(0), select(isMinusOne, byMinusOne, safe));
}

static Expr writeBitwise(graph::BitKind kind, Expr a, Expr b) {
  switch (kind) {
  case graph::BitKind::And:
    return bitAnd(a, b);
  case graph::BitKind::Or:
    return bitOr(a, b);
  case graph::BitKind::Xor:
    return bitXor(a, b);
  case graph::BitKind::Shl:
    return shiftLeft(a, b);
  case graph::BitKind::Shr:
    return shiftRight(a, b);
  }
  llvm_unreachable("all kinds are listed");
}

/// The function of `op` on elements in the type of calculation.
static Expr writeWide(Operation *op, ArrayRef<Expr> x) {
  using graph::Activation;
  return llvm::TypeSwitch<Operation *, Expr>(op)
      .Case([&](graph::NegOp) { return -x[0]; })
      .Case([&](graph::AbsOp) { return abs(x[0]); })
      .Case([&](graph::ExpOp) { return exp(x[0]); })
      .Case([&](graph::LogOp) { return log(x[0]); })
      .Case([&](graph::SqrtOp) { return sqrt(x[0]); })
      .Case([&](graph::RsqrtOp) { return rsqrt(x[0]); })
      .Case([&](graph::ReciprocalOp) { return 1.0 / x[0]; })
      .Case([&](graph::TanhOp) { return tanh(x[0]); })
      .Case([&](graph::ErfOp) { return erf(x[0]); })
      .Case([&](graph::SinOp) { return sin(x[0]); })
      .Case([&](graph::CosOp) { return cos(x[0]); })
      .Case([&](graph::SigmoidOp) {
        return applyActivation(Activation::Sigmoid, x[0]);
      })
      .Case([&](graph::ReluOp) {
        return applyActivation(Activation::Relu, x[0]);
      })
      .Case([&](graph::SiluOp) {
        return applyActivation(Activation::Silu, x[0]);
      })
      .Case([&](graph::GeluOp gelu) {
        return applyActivation(gelu.getApproximateTanh() ? Activation::GeluTanh
                                                         : Activation::GeluErf,
                               x[0]);
      })
      .Case([&](graph::NotOp) { return !x[0]; })
      .Case([&](graph::AddOp) { return x[0] + x[1]; })
      .Case([&](graph::SubOp) { return x[0] - x[1]; })
      .Case([&](graph::MulOp) { return x[0] * x[1]; })
      .Case([&](graph::AsinOp) { return asin(x[0]); })
      .Case([&](graph::AcosOp) { return acos(x[0]); })
      .Case([&](graph::AtanOp) { return atan(x[0]); })
      .Case([&](graph::FloorOp) { return floor(x[0]); })
      .Case([&](graph::CeilOp) { return ceil(x[0]); })
      .Case([&](graph::RoundOp) { return round(x[0]); })
      .Case([&](graph::DivOp) {
        return x[0].isFloat() ? x[0] / x[1] : divideIntegers(x[0], x[1], false);
      })
      .Case([&](graph::ModOp) {
        return x[0].isFloat() ? floorMod(x[0], x[1])
                              : divideIntegers(x[0], x[1], true);
      })
      .Case([&](graph::BitwiseOp bits) {
        return writeBitwise(bits.getKind(), x[0], x[1]);
      })
      .Case([&](graph::PowOp) { return pow(x[0], x[1]); })
      .Case([&](graph::MaximumOp) { return max(x[0], x[1]); })
      .Case([&](graph::MinimumOp) { return min(x[0], x[1]); })
      .Case([&](graph::AndOp) { return x[0] && x[1]; })
      .Case([&](graph::OrOp) { return x[0] || x[1]; })
      .Case([&](graph::CompareOp compare) {
        return writeCompare(compare.getPredicate(), x[0], x[1]);
      })
      .Case([&](graph::SelectOp) { return select(x[0], x[1], x[2]); })
      .Case([&](graph::CastOp) { return x[0]; });
}

Type sylvite::getComputeType(Type element) {
  if (isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(element.getContext());
  return element;
}

Expr sylvite::writeElementwise(Operation *op, ArrayRef<Expr> operands) {
  SmallVector<Expr> wide;
  for (Expr operand : operands)
    wide.push_back(cast(operand, getComputeType(operand.getType())));
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return cast(writeWide(op, wide), type.getElementType());
}
