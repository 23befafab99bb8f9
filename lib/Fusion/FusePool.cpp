//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one op of pooling over a sequence and the normalisation behind it.
///
/// The three kinds begin at different ops:
///
/// - mean: a quotient of a sum of weighted vectors and a number of positions,
///   or a mean along the sequence;
/// - max: a reduction of a selection between vectors and -inf, with zero in its
///   place where nothing is kept, or a maximum along the sequence;
/// - cls: a slice of the first position.
///
/// Weights, number and condition must come from one mask (KeptPositions.h). The
/// op gives zero where nothing is kept, and so must the spelling: a quotient
/// whose divisor is not kept from zero gives NaN, and stays.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "KeptPositions.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/Support/Format.h"

#define DEBUG_TYPE "sylvite-fuse-pool"

namespace sylvite {
#define GEN_PASS_DEF_FUSEPOOLPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

using graph::Dim;
using graph::PoolKind;
using graph::ReduceKind;

static constexpr StringLiteral kFamily = "pool";

namespace {
/// A pooling whose result is that of `root`, but for extents of 1.
struct Pooling {
  Operation *root;
  PoolKind kind;
  Value input, mask;
};

/// Looks for the pooling that ends at an op.
struct PoolMatcher {
  /// Set if the op looks like a pooling, but is none.
  std::optional<MissedFusion> missed;

  std::optional<Pooling> match(Operation *op);

private:
  std::optional<Pooling> matchMean(Operation *op);
  std::optional<Pooling> matchMax(graph::SelectOp op);
  bool isCount(Value value, Value mask, ArrayRef<Dim> positions);
  bool isBoundedCount(Value value, Value mask, ArrayRef<Dim> positions);
  bool hasKept(Value condition, Value mask, ArrayRef<Dim> positions);

  std::nullopt_t miss(MissedFusion why) {
    missed = std::move(why);
    return std::nullopt;
  }
};
} // namespace

static SmallVector<Dim> getPositions(Value input) {
  SmallVector<Dim> dims = graph::getDims(input);
  dims.pop_back();
  return dims;
}

/// A reduction along the sequence: of all vectors, or of what is 1 for each.
static graph::ReduceOp matchSequenceReduction(Value value, ReduceKind kind) {
  value = skipRepeats(value);
  if (auto reshape = value.getDefiningOp<graph::ReshapeOp>())
    value = reshape.getInput();
  auto reduce = value.getDefiningOp<graph::ReduceOp>();
  bool matches = reduce && reduce.getKind() == kind &&
                 reduce.getAxes() == ArrayRef<int64_t>({1});
  return matches ? reduce : graph::ReduceOp();
}

/// Has the value batch and features of `input`, and perhaps extents of 1?
static bool isPooledShape(Value value, Value input) {
  SmallVector<Dim> dims = graph::getDims(input), pooled = graph::getDims(value);
  SmallVector<Dim> kept = {dims[0], Dim(1), dims[2]};
  return ArrayRef<Dim>(pooled) == ArrayRef<Dim>({dims[0], dims[2]}) ||
         pooled == kept;
}

/// Does the first dimension of `value`, where it is broadcast to the type of
/// `result`, stand at the batch?
static bool isPerBatch(Value value, Value result) {
  SmallVector<Dim> dims = graph::getDims(value), all = graph::getDims(result);
  return dims.size() == all.size() && dims.front() == all.front();
}

static bool isRankThree(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank() == 3;
}

static bool isSequence(Value value) {
  return isRankThree(value) && isa<FloatType>(getElementTypeOrSelf(value));
}

//===----------------------------------------------------------------------===//
// Numbers of positions
//===----------------------------------------------------------------------===//

/// Is the value the number of positions that the mask keeps?
bool PoolMatcher::isCount(Value value, Value mask, ArrayRef<Dim> positions) {
  MissedFusion unused;
  auto reduce = matchSequenceReduction(value, ReduceKind::Sum);
  return reduce && findMask(reduce.getInput(), positions, unused) == mask;
}

/// Is the value the number of positions where there are any, and more than 0
/// where there are none?
bool PoolMatcher::isBoundedCount(Value value, Value mask,
                                 ArrayRef<Dim> positions) {
  value = skipRepeats(value);
  if (auto reshape = value.getDefiningOp<graph::ReshapeOp>())
    value = reshape.getInput();
  if (isCount(value, mask, positions)) {
    missed = {"a sentence without positions is divided by zero",
              value.getDefiningOp(), "bound the number from below: max(n, 1)"};
    return false;
  }
  auto refuse = [&](double eps) {
    std::string reason;
    llvm::raw_string_ostream(reason) << "eps = " << llvm::format("%g", eps)
                                     << " changes numbers of positions";
    missed = {reason, value.getDefiningOp(),
              "bound the number from below: max(n, 1)"};
    return false;
  };
  if (auto bounded = matchLowerBound(value);
      bounded && isCount(bounded->first, mask, positions))
    return (bounded->second > 0 && bounded->second <= 1) ||
           refuse(bounded->second);
  if (auto add = value.getDefiningOp<graph::AddOp>())
    if (matchEither(add, [&](Value count, Value number) {
          return getNumber(number) && isCount(count, mask, positions);
        })) {
      double eps =
          *getNumber(getNumber(add.getRhs()) ? add.getRhs() : add.getLhs());
      // It must round away in 1 + eps.
      auto element = cast<FloatType>(getElementTypeOrSelf(value));
      double unit = std::ldexp(1.0, 1 - int(element.getFPMantissaWidth()));
      return (eps > 0 && eps < unit / 2) || refuse(eps);
    }
  missed = {"it is not divided by the number of positions in the mask",
            value.getDefiningOp(), "divide by the sum of the same mask"};
  return false;
}

/// Is the condition true where the mask keeps a position at all?
bool PoolMatcher::hasKept(Value condition, Value mask,
                          ArrayRef<Dim> positions) {
  using graph::ComparePredicate;
  auto compare = condition.getDefiningOp<graph::CompareOp>();
  if (!compare || !isCount(compare.getLhs(), mask, positions))
    return false;
  std::optional<double> number = getNumber(compare.getRhs());
  switch (compare.getPredicate()) {
  case ComparePredicate::Gt:
  case ComparePredicate::Ne:
    return number == 0.0;
  case ComparePredicate::Ge:
    return number == 1.0;
  default:
    return false;
  }
}

//===----------------------------------------------------------------------===//
// The kinds
//===----------------------------------------------------------------------===//

/// sum(x w) / n, or the sum of a selection between x and 0.
std::optional<Pooling> PoolMatcher::matchMean(Operation *op) {
  auto quotient = matchQuotient(op->getResult(0));
  auto sum = quotient ? matchSequenceReduction(quotient->first, ReduceKind::Sum)
                      : graph::ReduceOp();
  if (!sum || !isSequence(sum.getInput()))
    return std::nullopt;
  Value x, mask;
  MissedFusion why;
  auto isWeighted = [&](Value vectors, Value weights) {
    if (vectors.getType() != sum.getInput().getType() || !isRankThree(weights))
      return false;
    x = vectors;
    mask = findMask(weights, getPositions(vectors), why);
    return bool(mask);
  };
  if (auto mul = sum.getInput().getDefiningOp<graph::MulOp>())
    matchEither(mul, isWeighted);
  else if (auto select = sum.getInput().getDefiningOp<graph::SelectOp>();
           select && getNumber(select.getOnFalse()) == 0.0)
    isWeighted(select.getOnTrue(), select.getCondition());
  else
    return std::nullopt;
  if (!mask && x)
    return miss(why);
  if (!mask)
    return std::nullopt;
  Value result = op->getResult(0);
  if (!isPooledShape(result, x) ||
      quotient->first.getType() != result.getType() ||
      !isPerBatch(quotient->second, result))
    return miss(
        {"sum and number of positions are aligned otherwise", nullptr, ""});
  if (!isBoundedCount(quotient->second, mask, getPositions(x)))
    return std::nullopt;
  missed.reset();
  return Pooling{op, PoolKind::Mean, x, mask};
}

/// n > 0 ? max(kept ? x : -inf) : 0
std::optional<Pooling> PoolMatcher::matchMax(graph::SelectOp op) {
  auto maximum = matchSequenceReduction(op.getOnTrue(), ReduceKind::Max);
  auto select = maximum ? maximum.getInput().getDefiningOp<graph::SelectOp>()
                        : graph::SelectOp();
  if (!select || !isSequence(select) || getNumber(op.getOnFalse()) != 0.0)
    return std::nullopt;
  Value x = select.getOnTrue();
  MissedFusion why;
  Value mask =
      x.getType() == select.getType() && isRankThree(select.getCondition())
          ? findMask(select.getCondition(), getPositions(x), why)
          : Value();
  Value condition = skipRepeats(op.getCondition());
  if (!mask || getNumber(select.getOnFalse()) != -INFINITY ||
      !isPooledShape(op, x) || op.getOnTrue().getType() != op.getType() ||
      !isPerBatch(condition, op) || !hasKept(condition, mask, getPositions(x)))
    return std::nullopt;
  return Pooling{op, PoolKind::Max, x, mask};
}

/// Why a maximum of selected vectors is no pooling, as far as it goes.
static MissedFusion explainMax(graph::SelectOp select) {
  if (getNumber(select.getOnFalse()) != -INFINITY)
    return {"what is not kept is not -inf", select, "select -inf there"};
  return {"a sentence without positions does not give zero", nullptr,
          "select zero where the number of positions is not above zero"};
}

std::optional<Pooling> PoolMatcher::match(Operation *op) {
  if (auto slice = dyn_cast<graph::SliceOp>(op)) {
    Value x = slice.getInput();
    Operation *user = getOnlyUser(slice);
    bool isFirst = isSequence(x) && slice.getAxis() == 1 &&
                   slice.getBegin() == 0 && slice.getEnd() == 1;
    if (isFirst && isa_and_present<graph::ReshapeOp>(user) &&
        isPooledShape(user->getResult(0), x))
      return Pooling{user, PoolKind::Cls, x, {}};
    return std::nullopt;
  }
  if (auto select = dyn_cast<graph::SelectOp>(op))
    return matchMax(select);
  if (auto reduce = dyn_cast<graph::ReduceOp>(op)) {
    bool isVector = isSequence(reduce.getInput()) && !reduce.getKeepdims() &&
                    reduce.getAxes() == ArrayRef<int64_t>({1});
    if (!isVector)
      return std::nullopt;
    if (reduce.getKind() == ReduceKind::Mean)
      return Pooling{op, PoolKind::Mean, reduce.getInput(), {}};
    if (reduce.getKind() != ReduceKind::Max)
      return std::nullopt;
    if (auto select = reduce.getInput().getDefiningOp<graph::SelectOp>())
      return miss(explainMax(select));
    return Pooling{op, PoolKind::Max, reduce.getInput(), {}};
  }
  if (isa<graph::DivOp, graph::MulOp>(op))
    return matchMean(op);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The rewriting
//===----------------------------------------------------------------------===//

/// The normalisation that is the only user of what is pooled.
static graph::L2NormalizeOp findNormalize(Value pooled) {
  int64_t last = cast<RankedTensorType>(pooled.getType()).getRank() - 1;
  for (Operation *user : pooled.getUsers()) {
    auto normalize = dyn_cast<graph::L2NormalizeOp>(user);
    if (!normalize || int64_t(normalize.getAxis()) != last)
      continue;
    if (pooled.hasOneUse())
      return normalize;
    remarkMissed(normalize, kFamily,
                 {"the vector before it has a second user",
                  getOtherUser(pooled, normalize), ""});
  }
  return {};
}

static void fuse(const Pooling &pooling,
                 llvm::SmallPtrSetImpl<Operation *> &erased) {
  auto normalize = findNormalize(pooling.root->getResult(0));
  Operation *end = normalize ? normalize.getOperation() : pooling.root;
  OpBuilder builder(end);
  SmallVector<Dim> dims = graph::getDims(pooling.input);
  RankedTensorType type = graph::getTensorType(
      {dims[0], dims[2]}, getElementTypeOrSelf(pooling.input));
  auto pool = graph::PoolOp::create(
      builder, fuseLocs({pooling.root, normalize}), type, pooling.kind,
      pooling.input, pooling.mask, bool(normalize),
      normalize ? normalize.getEps() : llvm::APFloat(1e-12));
  Value result = pool;
  if (end->getResult(0).getType() != type)
    result = graph::ReshapeOp::create(builder, end->getLoc(),
                                      end->getResult(0).getType(), result);
  end->getResult(0).replaceAllUsesWith(result);
  eraseDead(end, &erased);
  remarkFused(pool, kFamily,
              stringifyPoolKind(pooling.kind) +
                  (pooling.mask ? ", mask" : Twine("")) +
                  (normalize ? ", normalize" : ""));
}

namespace {
struct FusePoolPass : public sylvite::impl::FusePoolPassBase<FusePoolPass> {
  void runOnOperation() override;
};
} // namespace

void FusePoolPass::runOnOperation() {
  SmallVector<Operation *> ops;
  getOperation().walk([&](Operation *op) { ops.push_back(op); });
  llvm::SmallPtrSet<Operation *, 8> erased;
  // Backward: a selection behind a maximum makes it a pooling.
  for (Operation *op : llvm::reverse(ops)) {
    if (erased.contains(op))
      continue;
    PoolMatcher matcher;
    if (std::optional<Pooling> pooling = matcher.match(op))
      fuse(*pooling, erased);
    else if (matcher.missed)
      remarkMissed(op, kFamily, *matcher.missed);
  }
}
