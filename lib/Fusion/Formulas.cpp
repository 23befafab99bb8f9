//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Small formulas, however they are spelled.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include <charconv>

using namespace mlir;
using namespace sylvite;

/// Products that go deeper are no formula that a pass looks for.
static constexpr unsigned kMaxFactorDepth = 6;

Value sylvite::skipBroadcasts(Value value) {
  while (auto broadcast = value.getDefiningOp<graph::BroadcastToOp>())
    value = broadcast.getInput();
  return value;
}

Value sylvite::matchSquare(Value value) {
  if (auto mul = value.getDefiningOp<graph::MulOp>())
    return mul.getLhs() == mul.getRhs() ? mul.getLhs() : Value();
  auto pow = value.getDefiningOp<graph::PowOp>();
  bool isSquare = pow && getNumber(pow.getRhs()) == 2.0 &&
                  pow.getLhs().getType() == pow.getType();
  return isSquare ? pow.getLhs() : Value();
}

std::optional<std::pair<Value, double>> sylvite::matchLowerBound(Value value) {
  auto maximum = value.getDefiningOp<graph::MaximumOp>();
  if (!maximum)
    return std::nullopt;
  std::optional<std::pair<Value, double>> found;
  matchEither(maximum, [&](Value x, Value bound) {
    std::optional<double> number = getNumber(bound);
    if (number && x.getType() == value.getType())
      found = {x, *number};
    return found.has_value();
  });
  return found;
}

/// The x of 1 / x, or null.
static Value matchReciprocal(Value value) {
  if (auto reciprocal = value.getDefiningOp<graph::ReciprocalOp>())
    return reciprocal.getInput();
  auto div = value.getDefiningOp<graph::DivOp>();
  return div && getNumber(div.getLhs()) == 1.0 ? div.getRhs() : Value();
}

std::optional<std::pair<Value, Value>> sylvite::matchQuotient(Value value) {
  if (auto div = value.getDefiningOp<graph::DivOp>())
    return std::pair(skipBroadcasts(div.getLhs()),
                     skipBroadcasts(div.getRhs()));
  auto mul = value.getDefiningOp<graph::MulOp>();
  std::optional<std::pair<Value, Value>> found;
  if (mul)
    matchEither(mul, [&](Value numerator, Value inverse) {
      if (Value denominator = matchReciprocal(skipBroadcasts(inverse)))
        found = {skipBroadcasts(numerator), skipBroadcasts(denominator)};
      return found.has_value();
    });
  return found;
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// The dimensions of `input`, with extent 1 at the axes.
static SmallVector<graph::Dim> getKeptDims(Value input,
                                           ArrayRef<int64_t> axes) {
  SmallVector<graph::Dim> dims = graph::getDims(input);
  for (int64_t axis : axes)
    dims[axis] = graph::Dim(1);
  return dims;
}

/// The number of elements along the axes, where that is static.
static std::optional<int64_t> getCount(Value input, ArrayRef<int64_t> axes) {
  int64_t count = 1;
  SmallVector<graph::Dim> dims = graph::getDims(input);
  for (int64_t axis : axes) {
    if (!dims[axis].isStatic())
      return std::nullopt;
    count *= dims[axis].size;
  }
  return count;
}

/// A mean that is written as a sum, and a product with or a division by a
/// number.
static std::optional<Reduction> matchScaledSum(Value value) {
  std::optional<Reduction> sum;
  double factor = 0;
  if (auto div = value.getDefiningOp<graph::DivOp>()) {
    sum = matchReduction(div.getLhs(), graph::ReduceKind::Sum);
    factor = 1 / getNumber(div.getRhs()).value_or(0);
  } else if (auto mul = value.getDefiningOp<graph::MulOp>()) {
    matchEither(mul, [&](Value a, Value b) {
      factor = getNumber(b).value_or(0);
      return (sum = matchReduction(a, graph::ReduceKind::Sum)).has_value();
    });
  }
  if (!sum)
    return std::nullopt;
  std::optional<int64_t> count = getCount(sum->input, sum->axes);
  Type element = getElementTypeOrSelf(value);
  return count && isClose(factor * *count, 1, element) ? sum : std::nullopt;
}

std::optional<Reduction> sylvite::matchReduction(Value value,
                                                 graph::ReduceKind kind) {
  value = skipBroadcasts(value);
  Value reduced = value;
  if (auto reshape = value.getDefiningOp<graph::ReshapeOp>())
    reduced = reshape.getInput();
  auto reduce = reduced.getDefiningOp<graph::ReduceOp>();
  if (reduce && reduce.getKind() == kind) {
    Reduction found{reduce.getInput(), SmallVector<int64_t>(reduce.getAxes())};
    llvm::sort(found.axes);
    if (graph::getDims(value) == getKeptDims(found.input, found.axes))
      return found;
  }
  return kind == graph::ReduceKind::Mean ? matchScaledSum(value) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static void addFactors(Value value, double power, unsigned depth,
                       llvm::function_ref<bool(Value)> isFactor,
                       SmallVectorImpl<Factor> &factors) {
  auto addOperand = [&](unsigned i, double operandPower) {
    addFactors(value.getDefiningOp()->getOperand(i), operandPower, depth - 1,
               isFactor, factors);
  };
  value = skipBroadcasts(value);
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0 || isFactor(value)) {
    factors.push_back({value, power});
  } else if (isa<graph::MulOp>(op)) {
    addOperand(0, power);
    addOperand(1, power);
  } else if (isa<graph::DivOp>(op)) {
    // 1 / x has one factor.
    if (getNumber(op->getOperand(0)) != 1.0)
      addOperand(0, power);
    addOperand(1, -power);
  } else if (isa<graph::ReciprocalOp>(op)) {
    addOperand(0, -power);
  } else if (isa<graph::SqrtOp>(op)) {
    addOperand(0, power / 2);
  } else if (isa<graph::RsqrtOp>(op)) {
    addOperand(0, -power / 2);
  } else if (auto pow = dyn_cast<graph::PowOp>(op);
             pow && getNumber(pow.getRhs())) {
    addOperand(0, power * *getNumber(pow.getRhs()));
  } else {
    factors.push_back({value, power});
  }
}

SmallVector<Factor>
sylvite::getFactors(Value product, llvm::function_ref<bool(Value)> isFactor) {
  SmallVector<Factor> factors;
  addFactors(product, 1, kMaxFactorDepth, isFactor, factors);
  return factors;
}

SmallVector<Value> sylvite::getProductsWith(Value value, unsigned depth) {
  SmallVector<Value> all, last = {value};
  for (; depth > 0; --depth) {
    SmallVector<Value> next;
    for (Value inner : last)
      for (Operation *user : inner.getUsers())
        if (isa<graph::MulOp, graph::DivOp, graph::ReciprocalOp,
                graph::BroadcastToOp>(user) &&
            !llvm::is_contained(next, user->getResult(0)))
          next.push_back(user->getResult(0));
    // Users are listed last first.
    std::reverse(next.begin(), next.end());
    all.append(next);
    last = std::move(next);
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Types, users, numbers
//===----------------------------------------------------------------------===//

Value sylvite::matchVector(Value value, int64_t extent) {
  auto isVector = [&](Value candidate) {
    auto type = cast<RankedTensorType>(candidate.getType());
    return type.getRank() == 1 && type.getDimSize(0) == extent;
  };
  value = skipBroadcasts(value);
  if (isVector(value))
    return value;
  // [n] as [1, ..., 1, n]
  auto reshape = value.getDefiningOp<graph::ReshapeOp>();
  auto type = cast<RankedTensorType>(value.getType());
  bool isRow = type.getRank() > 0 && type.getShape().back() == extent;
  return reshape && isRow && isVector(reshape.getInput()) ? reshape.getInput()
                                                          : Value();
}

bool sylvite::isTrained(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_present<graph::WeightOp, graph::ConstantOp>(op))
    return true;
  return op && isa<graph::GraphDialect>(op->getDialect()) &&
         op->getNumOperands() && !op->getNumRegions() && isPure(op) &&
         llvm::all_of(op->getOperands(), isTrained);
}

Operation *sylvite::getOnlyUser(Value value) {
  return value.hasOneUse() ? *value.user_begin() : nullptr;
}

Operation *sylvite::getOtherUser(Value value, Operation *user) {
  for (Operation *other : value.getUsers())
    if (other != user)
      return other;
  return nullptr;
}

double sylvite::getShortest(double number, Type element) {
  // Narrower types are exact in f32, but not the nearest to a short decimal.
  if (!element.isF32())
    return number;
  char digits[32];
  auto end = std::to_chars(digits, std::end(digits), float(number)).ptr;
  double shortest = number;
  std::from_chars(digits, end, shortest);
  return shortest;
}
