//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Norms that are spelled out.
///
//===----------------------------------------------------------------------===//

#include "NormFormula.h"
#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/FusionRemarks.h"

using namespace mlir;
using namespace sylvite;
using graph::ReduceKind;

/// w r, w (r g) and ((1 / d) w) g are all within this distance of the root.
static constexpr unsigned kMaxProductDepth = 4;

//===----------------------------------------------------------------------===//
// Downwards: what the root is of
//===----------------------------------------------------------------------===//

/// The x of x - mean(x), the mean along these axes, or null.
static Value matchCentred(Value value, ArrayRef<int64_t> axes) {
  auto sub = value.getDefiningOp<graph::SubOp>();
  if (!sub || sub.getLhs().getType() != sub.getType())
    return {};
  auto mean = matchReduction(sub.getRhs(), ReduceKind::Mean);
  bool isCentred = mean && mean->input == sub.getLhs() &&
                   ArrayRef<int64_t>(mean->axes) == axes;
  return isCentred ? sub.getLhs() : Value();
}

namespace {
/// mean(x^2), or the variance of x.
struct Moment {
  Value input;
  SmallVector<int64_t> axes;
  bool isCentred;
};
} // namespace

static std::optional<Moment> matchMoment(Value value) {
  // A variance is bounded by 0 where it is calculated as a difference.
  if (auto bound = matchLowerBound(value); bound && bound->second == 0)
    value = bound->first;
  if (auto mean = matchReduction(value, ReduceKind::Mean)) {
    Value base = matchSquare(mean->input);
    if (!base)
      return std::nullopt;
    Value x = matchCentred(base, mean->axes);
    return Moment{x ? x : base, mean->axes, bool(x)};
  }
  // mean(x^2) - mean(x)^2. The op calculates the variance from deviations,
  // which loses fewer digits.
  auto sub = value.getDefiningOp<graph::SubOp>();
  if (!sub)
    return std::nullopt;
  auto squares = matchReduction(sub.getLhs(), ReduceKind::Mean);
  Value mean = matchSquare(sub.getRhs());
  auto inner = mean ? matchReduction(mean, ReduceKind::Mean) : std::nullopt;
  if (!squares || !inner || squares->axes != inner->axes ||
      matchSquare(squares->input) != inner->input)
    return std::nullopt;
  return Moment{inner->input, inner->axes, true};
}

/// What `op` is the root of, or the inverse of the root.
static Value matchRoot(Operation *op) {
  if (isa<graph::SqrtOp, graph::RsqrtOp>(op))
    return op->getOperand(0);
  auto pow = dyn_cast<graph::PowOp>(op);
  std::optional<double> power = pow ? getNumber(pow.getRhs()) : std::nullopt;
  return power && std::abs(*power) == 0.5 ? pow.getLhs() : Value();
}

/// Asks `match` about the radicand, and about what eps is added to there.
static double matchUnderRoot(Value radicand,
                             llvm::function_ref<bool(Value)> match) {
  double eps = 0;
  auto add = radicand.getDefiningOp<graph::AddOp>();
  if (!match(radicand) && add)
    matchEither(add, [&](Value sum, Value number) {
      eps = getNumber(number).value_or(0);
      return getNumber(number) && match(sum);
    });
  return eps;
}

std::optional<NormRoot> sylvite::matchNormRoot(Operation *op) {
  Value radicand = matchRoot(op);
  if (!radicand)
    return std::nullopt;
  std::optional<Moment> moment;
  double eps = matchUnderRoot(radicand, [&](Value value) {
    return (moment = matchMoment(value)).has_value();
  });
  if (!moment)
    return std::nullopt;
  return NormRoot{op,           radicand,          moment->input,
                  moment->axes, moment->isCentred, eps};
}

/// The sum of squares that `op` is the root of, times a number that does not
/// make it a mean: a variance over one element less, for one.
static std::optional<Moment> matchOtherMoment(Operation *op) {
  Value radicand = matchRoot(op);
  std::optional<Moment> moment;
  if (radicand)
    matchUnderRoot(radicand, [&](Value value) {
      Operation *scaled = value.getDefiningOp();
      if (!isa_and_present<graph::MulOp, graph::DivOp>(scaled))
        return false;
      for (auto [i, operand] : llvm::enumerate(scaled->getOperands())) {
        auto sum = matchReduction(operand, ReduceKind::Sum);
        Value base = sum ? matchSquare(sum->input) : Value();
        if (base && getNumber(scaled->getOperand(1 - i)))
          moment = {base, sum->axes, bool(matchCentred(base, sum->axes))};
      }
      return moment.has_value();
    });
  return moment;
}

//===----------------------------------------------------------------------===//
// Upwards: where the root goes
//===----------------------------------------------------------------------===//

namespace {
/// The ops from the product to the bias, the last of them the norm's result.
struct Norm {
  SmallVector<Operation *> ops;
  Value scale, bias;

  Value getResult() const { return ops.back()->getResult(0); }
};
} // namespace

static int64_t getFeatures(const NormRoot &root) {
  return cast<RankedTensorType>(root.input.getType()).getShape().back();
}

/// `product` as the norm with that root, with what it is multiplied with, if
/// that is a vector.
static std::optional<Norm> matchProduct(Value product, const NormRoot &root) {
  if (product.getType() != root.input.getType())
    return std::nullopt;
  auto isNumerator = [&](Value value) {
    return root.isCentred ? matchCentred(value, root.axes) == root.input
                          : value == root.input;
  };
  unsigned numerators = 0;
  double rootPower = 0;
  Norm norm{{product.getDefiningOp()}, {}, {}};
  for (Factor factor : getFactors(product, [&](Value value) {
         return isNumerator(value) || value == root.radicand;
       })) {
    if (factor.value == root.radicand)
      rootPower += factor.power;
    else if (factor.power != 1)
      return std::nullopt;
    else if (isNumerator(factor.value))
      ++numerators;
    else if (Value vector = matchVector(factor.value, getFeatures(root));
             vector && !norm.scale)
      norm.scale = vector;
    else
      return std::nullopt;
  }
  if (numerators != 1 || rootPower != -0.5)
    return std::nullopt;
  return norm;
}

/// The vector that the only user, an `OpTy`, combines `norm` with. Otherwise
/// null, with a remark if only another user is in the way.
template <typename OpTy>
static Value absorbVector(Norm &norm, const NormRoot &root, StringRef family) {
  Value result = norm.getResult();
  for (Operation *user : result.getUsers()) {
    auto op = dyn_cast<OpTy>(user);
    if (!op || op.getType() != result.getType())
      continue;
    Value other = op.getLhs() == result ? op.getRhs() : op.getLhs();
    Value vector = matchVector(other, getFeatures(root));
    if (!vector)
      continue;
    if (result.hasOneUse()) {
      norm.ops.push_back(op);
      return vector;
    }
    remarkMissed(op, family,
                 {"a vector stays outside the norm, whose value before it has "
                  "a second user",
                  getOtherUser(result, op),
                  "use the value behind scale and bias alone"});
    break;
  }
  return {};
}

/// The vector v of v / root, null without one; none for another product.
static std::optional<Value> matchFactor(Value product, const NormRoot &root) {
  double rootPower = 0;
  Value vector;
  for (Factor factor : getFactors(
           product, [&](Value value) { return value == root.radicand; })) {
    if (factor.value == root.radicand) {
      rootPower += factor.power;
      continue;
    }
    Value other = matchVector(factor.value, getFeatures(root));
    if (!other || vector || factor.power != 1)
      return std::nullopt;
    vector = other;
  }
  return rootPower == -0.5 ? std::optional(vector) : std::nullopt;
}

/// x s + (b - mean s), or x s - mean s, where s is v / root.
static std::optional<Norm> matchAffine(Value factor, const NormRoot &root) {
  std::optional<Value> scale = matchFactor(factor, root);
  if (!scale)
    return std::nullopt;
  auto isProductWith = [&](Value value, llvm::function_ref<bool(Value)> match) {
    auto mul = value.getDefiningOp<graph::MulOp>();
    return mul && matchEither(mul, [&](Value a, Value b) {
             return skipBroadcasts(a) == skipBroadcasts(factor) && match(b);
           });
  };
  auto isInput = [&](Value value) { return value == root.input; };
  auto isMean = [&](Value value) {
    auto mean = matchReduction(value, ReduceKind::Mean);
    return mean && mean->input == root.input && mean->axes == root.axes;
  };
  for (Operation *user : factor.getUsers()) {
    auto product = dyn_cast<graph::MulOp>(user);
    if (!product || product.getType() != root.input.getType() ||
        !isProductWith(product, isInput))
      continue;
    for (Operation *last : product->getUsers()) {
      if (last->getResult(0).getType() != product.getType())
        continue;
      if (auto sub = dyn_cast<graph::SubOp>(last))
        if (sub.getLhs() == product.getResult() &&
            isProductWith(sub.getRhs(), isMean))
          return Norm{{product, sub}, *scale, {}};
      auto add = dyn_cast<graph::AddOp>(last);
      if (!add)
        continue;
      Value other =
          add.getLhs() == product.getResult() ? add.getRhs() : add.getLhs();
      auto shift = skipBroadcasts(other).getDefiningOp<graph::SubOp>();
      if (!shift || !isProductWith(shift.getRhs(), isMean))
        continue;
      if (Value bias = matchVector(shift.getLhs(), getFeatures(root)))
        return Norm{{product, add}, *scale, bias};
    }
  }
  return std::nullopt;
}

/// Takes the vectors behind what is normalised.
static void absorbVectors(Norm &norm, const NormRoot &root, StringRef family) {
  // A factor behind a bias would be one of both.
  if (!norm.scale && !norm.bias)
    norm.scale = absorbVector<graph::MulOp>(norm, root, family);
  if (!norm.bias)
    norm.bias = absorbVector<graph::AddOp>(norm, root, family);
}

/// Takes the casts around a norm that is calculated in a wider type than its
/// input and its result have: the op calculates in f32 anyway.
static void absorbCasts(Norm &norm, NormRoot &root, StringRef family) {
  auto widening = root.input.getDefiningOp<graph::CastOp>();
  auto narrowing =
      dyn_cast_if_present<graph::CastOp>(getOnlyUser(norm.getResult()));
  if (!widening || !narrowing ||
      narrowing.getType() != widening.getInput().getType())
    return;
  auto narrow = dyn_cast<FloatType>(getElementTypeOrSelf(narrowing));
  if (!narrow || !getElementTypeOrSelf(widening).isF32() ||
      narrow.getWidth() >= 32)
    return;
  SmallVector<Value *> vectors = {&norm.scale, &norm.bias};
  for (Value *vector : vectors) {
    auto cast =
        *vector ? vector->getDefiningOp<graph::CastOp>() : graph::CastOp();
    if (*vector && (!cast || getElementTypeOrSelf(cast.getInput()) != narrow))
      return;
  }
  for (Value *vector : vectors)
    if (*vector)
      *vector = vector->getDefiningOp<graph::CastOp>().getInput();
  root.input = widening.getInput();
  norm.ops.push_back(narrowing);
  absorbVectors(norm, root, family);
}

static std::optional<Norm> findNorm(NormRoot &root, StringRef family) {
  Value result = root.op->getResult(0);
  SmallVector<Value> products = getProductsWith(result, kMaxProductDepth);
  std::optional<Norm> norm;
  for (Value product : products)
    if ((norm = matchProduct(product, root)))
      break;
  if (!norm && root.isCentred) {
    // The root itself may be the factor.
    products.insert(products.begin(), result);
    for (Value factor : products)
      if ((norm = matchAffine(factor, root)))
        break;
  }
  if (!norm)
    return std::nullopt;
  absorbVectors(*norm, root, family);
  absorbCasts(*norm, root, family);
  return norm;
}

//===----------------------------------------------------------------------===//
// The rewriting
//===----------------------------------------------------------------------===//

/// What a norm's op does not have, or nothing.
static std::optional<MissedFusion> checkRoot(const NormRoot &root) {
  auto type = cast<RankedTensorType>(root.input.getType());
  if (ArrayRef<int64_t>(root.axes) != ArrayRef<int64_t>({type.getRank() - 1}))
    return MissedFusion{"the mean is not taken along the last axis alone",
                        nullptr, "transpose the features to the last axis"};
  if (type.isDynamicDim(type.getRank() - 1))
    return MissedFusion{"the last axis is not static", nullptr,
                        "give the features a static extent"};
  if (root.eps < 0)
    return MissedFusion{"eps is negative", root.radicand.getDefiningOp(), ""};
  return std::nullopt;
}

template <typename NormOp>
static Operation *build(const NormRoot &root, const Norm &norm) {
  OpBuilder builder(norm.ops.back());
  SmallVector<Operation *> from = {root.op};
  from.append(norm.ops);
  double eps = getShortest(root.eps, getElementTypeOrSelf(root.radicand));
  return NormOp::create(builder, fuseLocs(from), root.input.getType(),
                        root.input, /*residual=*/Value(), norm.scale, norm.bias,
                        llvm::APFloat(eps));
}

static void raiseNorm(NormRoot root,
                      llvm::SmallPtrSetImpl<Operation *> &erased) {
  StringRef family = root.isCentred ? "layer-norm" : "rms-norm";
  if (std::optional<MissedFusion> why = checkRoot(root))
    return remarkMissed(root.op, family, *why);
  std::optional<Norm> norm = findNorm(root, family);
  if (!norm)
    return remarkMissed(
        root.op, family,
        {root.isCentred ? "the deviation from the mean is not divided by it"
                        : "what it is calculated from is not divided by it",
         root.op->use_empty() ? nullptr : *root.op->user_begin(),
         root.isCentred ? "write (x - mean(x)) / sqrt(variance(x) + eps)"
                        : "write x / sqrt(mean(x * x) + eps)"});
  Operation *fused = root.isCentred ? build<graph::LayerNormOp>(root, *norm)
                                    : build<graph::RmsNormOp>(root, *norm);
  Value result = norm->getResult();
  result.replaceAllUsesWith(fused->getResult(0));
  eraseDead(result.getDefiningOp(), &erased);
  remarkFused(fused, family,
              Twine(norm->scale ? "scale" : "no scale") + ", " +
                  (norm->bias ? "bias" : "no bias"));
}

void sylvite::raiseNorms(func::FuncOp function, graph::NormKind kind) {
  bool isCentred = kind == graph::NormKind::Layer;
  SmallVector<Operation *> roots;
  function.walk([&](Operation *op) {
    auto root = matchNormRoot(op);
    if (root && root->isCentred == isCentred)
      roots.push_back(op);
    auto other = root ? std::nullopt : matchOtherMoment(op);
    if (other && other->isCentred == isCentred)
      remarkMissed(op, isCentred ? "layer-norm" : "rms-norm",
                   {"the sum of squares is not divided by the number of "
                    "features",
                    nullptr, "take the mean of the squares"});
  });
  llvm::SmallPtrSet<Operation *, 8> erased;
  // Matched again: the result of one norm may be the input of the next.
  for (Operation *op : roots)
    if (!erased.contains(op))
      raiseNorm(*matchNormRoot(op), erased);
}
