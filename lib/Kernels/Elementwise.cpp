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
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

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

namespace {
/// Floats by their bits, for what compiled code takes not to be there.
struct FloatBits {
  /// Is not changed; its methods are not const.
  mutable FloatType type;
  Expr bits;

  explicit FloatBits(Expr x)
      : type(cast<FloatType>(x.getType())),
        bits(reinterpret(
            x, IntegerType::get(type.getContext(), type.getWidth()))) {}

  Expr number(const APInt &value) const {
    return bits.getKernel().constant(IntegerAttr::get(bits.getType(), value));
  }
  Expr infinity(bool isNegative = false) const {
    return number(
        APFloat::getInf(type.getFloatSemantics(), isNegative).bitcastToAPInt());
  }
  Expr magnitude() const {
    return bitAnd(bits, number(APInt::getSignedMaxValue(type.getWidth())));
  }
};
} // namespace

/// Is x a NaN? It is a tensor in memory, as it is read twice.
static Expr isNaN(Expr x) {
  FloatBits f(x);
  return f.magnitude() > f.infinity();
}

/// Is x as infinite as the constant b? In kernels large numbers stand for
/// infinite constants. What calculations give is asked for together with the
/// largest finite number, since alone it would not be looked for.
static Expr isInfinite(Expr x, Expr b, bool isNegative) {
  FloatBits f(x);
  APFloat largest = APFloat::getLargest(f.type.getFloatSemantics());
  Expr magnitude = f.magnitude();
  Expr isBeyond = magnitude >= f.number(largest.bitcastToAPInt()) &&
                  magnitude <= f.infinity();
  Expr zero = f.bits.like(0);
  Expr hasSign = isNegative ? f.bits < zero : f.bits >= zero;
  return f.bits == reinterpret(b, f.bits.getType()) || (isBeyond && hasSign);
}

/// Comparisons with infinity, and of an operand with itself, which asks for
/// NaN; none for others.
static std::optional<Expr> compareSpecial(graph::CompareOp op, Expr a, Expr b) {
  bool isNe = op.getPredicate() == graph::ComparePredicate::Ne;
  if (!a.isFloat() ||
      (!isNe && op.getPredicate() != graph::ComparePredicate::Eq))
    return std::nullopt;
  std::optional<Expr> result;
  auto isInf = [](std::optional<double> number) {
    return number && std::isinf(*number);
  };
  std::optional<double> left = graph::getSplatConstant(op.getLhs()),
                        right = graph::getSplatConstant(op.getRhs());
  if (isInf(right))
    result = isInfinite(a, b, *right < 0);
  else if (isInf(left))
    result = isInfinite(b, a, *left < 0);
  else if (op.getLhs() == op.getRhs())
    return isNe ? isNaN(a) : !isNaN(a);
  return result && isNe ? !*result : result;
}

/// The bits of an infinite constant that callers are given: what stands for it
/// in kernels is a number. None of other values.
static std::optional<Expr> writeInfiniteBits(KernelBuilder &kernel, Value value,
                                             FloatType type) {
  std::optional<double> number = graph::getSplatConstant(value);
  if (!number || !std::isinf(*number))
    return std::nullopt;
  APFloat infinity = APFloat::getInf(type.getFloatSemantics(), *number < 0);
  return kernel.constant(
      IntegerAttr::get(IntegerType::get(type.getContext(), type.getWidth()),
                       infinity.bitcastToAPInt()));
}

static bool isReturned(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    return isa<func::ReturnOp>(user);
  });
}

std::optional<Expr> sylvite::writeReturnedInfinity(KernelBuilder &kernel,
                                                   Value value) {
  auto type = dyn_cast<FloatType>(getElementTypeOrSelf(value.getType()));
  if (!type || !isReturned(value))
    return std::nullopt;
  std::optional<Expr> bits = writeInfiniteBits(kernel, value, type);
  return bits ? std::optional(reinterpret(*bits, type)) : std::nullopt;
}

/// A choice, by its bits where an infinite one is returned.
static Expr writeSelect(graph::SelectOp op, ArrayRef<Expr> x) {
  auto type = dyn_cast<FloatType>(x[1].getType());
  if (!type || !isReturned(op))
    return select(x[0], x[1], x[2]);
  KernelBuilder &kernel = x[1].getKernel();
  auto onTrue = writeInfiniteBits(kernel, op.getOnTrue(), type);
  auto onFalse = writeInfiniteBits(kernel, op.getOnFalse(), type);
  if (!onTrue && !onFalse)
    return select(x[0], x[1], x[2]);
  Type bits = IntegerType::get(type.getContext(), type.getWidth());
  Expr chosen = select(x[0], onTrue ? *onTrue : reinterpret(x[1], bits),
                       onFalse ? *onFalse : reinterpret(x[2], bits));
  return reinterpret(chosen, type);
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
        if (auto special = compareSpecial(compare, x[0], x[1]))
          return *special;
        return writeCompare(compare.getPredicate(), x[0], x[1]);
      })
      .Case([&](graph::SelectOp choice) { return writeSelect(choice, x); })
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
