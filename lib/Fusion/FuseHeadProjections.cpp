//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes plain products of those with one matrix for each head.
///
/// A weight [heads, in, out] multiplies the one input of all heads, which has
/// extent 1 in the dimension of the heads. As a matrix [in, heads * out] it
/// does the same in one product, behind which heads and features are split. On
/// the way out a weight [heads, in, out] multiplies each head's result, and the
/// sum over all heads is taken: that is one product of [heads * in], the
/// concatenation of the heads.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-head-projections"

namespace sylvite {
#define GEN_PASS_DEF_FUSEHEADPROJECTIONSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;

static constexpr StringLiteral kFamily = "head-projections";

namespace {
/// A weight with a matrix for each head, as [heads, in, out].
struct HeadMatrices {
  Value weight;
  bool transposed;
  int64_t heads, in, out;

  /// As one matrix, with the heads before `in` or before `out`.
  Value makeMatrix(OpBuilder &builder, Location loc, bool headsOut) const;
};
} // namespace

Value HeadMatrices::makeMatrix(OpBuilder &builder, Location loc,
                               bool headsOut) const {
  Type element = getElementTypeOrSelf(weight);
  SmallVector<int64_t> shape = {heads, in, out}, perm = {0, 1, 2};
  if (transposed) {
    std::swap(shape[1], shape[2]);
    std::swap(perm[1], perm[2]);
  }
  if (headsOut)
    std::swap(perm[0], perm[1]);
  auto reshape = [&](Value value, ArrayRef<int64_t> extents) -> Value {
    auto type = RankedTensorType::get(extents, element);
    if (value.getType() == type)
      return value;
    return graph::ReshapeOp::create(builder, loc, type, value);
  };
  Value value = reshape(weight, shape);
  if (!llvm::is_sorted(perm))
    value = graph::TransposeOp::create(builder, loc, value, perm);
  if (headsOut)
    return reshape(value, {in, heads * out});
  return reshape(value, {heads * in, out});
}

/// The matrices that a product's right operand is: of rank 3 or more, with one
/// leading dimension of an extent other than 1, the third from the end.
static std::optional<HeadMatrices> matchMatrices(graph::MatmulOp product) {
  SmallVector<Dim> dims = graph::getDims(product.getRhs());
  size_t rank = dims.size();
  if (rank < 3 || product.getTransposeLhs() || !isTrained(product.getRhs()) ||
      llvm::any_of(
          dims, [](Dim dim) { return !dim.isStatic(); }) ||
      llvm::any_of(
          ArrayRef<Dim>(dims).drop_back(3),
          [](Dim dim) { return !dim.isOne(); }) ||
      dims[rank - 3].isOne())
    return std::nullopt;
  bool transposed = product.getTransposeRhs();
  return HeadMatrices{product.getRhs(), transposed, dims[rank - 3].size,
                      dims[rank - (transposed ? 1 : 2)].size,
                      dims[rank - (transposed ? 2 : 1)].size};
}

/// x W for all heads: [..., 1, sequence, in] to [..., heads, sequence, out].
static bool fuseInput(graph::MatmulOp product, const HeadMatrices &matrices) {
  SmallVector<Dim> result = graph::getDims(product.getResult());
  size_t rank = result.size();
  // The operand may have been repeated for all heads.
  Value input = product.getLhs();
  if (auto broadcast = input.getDefiningOp<graph::BroadcastToOp>())
    if (graph::getDims(broadcast.getInput()).size() == rank)
      input = broadcast.getInput();
  SmallVector<Dim> dims = graph::getDims(input);
  if (dims.size() == rank && !dims[rank - 3].isOne())
    return false;
  if (dims.size() != rank && dims.size() != 2)
    return false;
  // Any other dimension is the input's own.
  for (size_t i = 0; i < rank - 1; ++i)
    if (i != rank - 3 &&
        result[i] != (dims.size() == rank ? dims[i] : result[i]))
      return false;

  // A bias of each head joins the product, where FuseLinear finds it.
  Value bias;
  Operation *last = product;
  if (auto add = dyn_cast_if_present<graph::AddOp>(getOnlyUser(product))) {
    Value other =
        add.getLhs() == product.getResult() ? add.getRhs() : add.getLhs();
    SmallVector<Dim> own = graph::getDims(other);
    if (isTrained(other) && add.getType() == product.getType() &&
        own.size() >= 3 && own[own.size() - 3] == Dim(matrices.heads) &&
        own[own.size() - 2].isOne() && own.back() == Dim(matrices.out) &&
        graph::haveSameElementCount(own, {matrices.heads, matrices.out})) {
      bias = other;
      last = add;
    }
  }

  OpBuilder builder(last);
  Location loc = last == product ? product.getLoc() : fuseLocs({product, last});
  Type element = getElementTypeOrSelf(input);
  auto reshape = [&](Value value, ArrayRef<Dim> extents) -> Value {
    return graph::ReshapeOp::create(
        builder, loc, graph::getTensorType(extents, element), value);
  };
  // [..., sequence, in]
  SmallVector<Dim> rows = result;
  rows.erase(rows.end() - 3);
  rows.back() = Dim(matrices.in);
  Value y = graph::MatmulOp::create(builder, loc, reshape(input, rows),
                                    matrices.makeMatrix(builder, loc, true),
                                    /*transpose_lhs=*/false,
                                    /*transpose_rhs=*/false);
  if (bias) {
    auto vector =
        RankedTensorType::get({matrices.heads * matrices.out}, element);
    y = graph::AddOp::create(
        builder, loc, y, graph::ReshapeOp::create(builder, loc, vector, bias));
  }
  // [..., sequence, heads, out], and the heads before the sequence.
  SmallVector<Dim> split = rows;
  split.back() = Dim(matrices.heads);
  split.push_back(Dim(matrices.out));
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(perm[rank - 3], perm[rank - 2]);
  y = graph::TransposeOp::create(builder, loc, reshape(y, split), perm);
  last->getResult(0).replaceAllUsesWith(y);
  eraseDead(last);
  remarkFused(y.getDefiningOp(), kFamily,
              std::to_string(matrices.heads) + " heads, one product");
  return true;
}

/// The sum over heads of o W: [..., heads, sequence, in] to [..., sequence,
/// out].
static bool fuseOutput(graph::ReduceOp sum, graph::MatmulOp product,
                       const HeadMatrices &matrices) {
  SmallVector<Dim> dims = graph::getDims(product.getLhs());
  size_t rank = dims.size();
  if (sum.getAxes() != ArrayRef<int64_t>{int64_t(rank) - 3} ||
      graph::getDims(product.getResult()).size() != rank ||
      dims[rank - 3] != Dim(matrices.heads))
    return false;
  OpBuilder builder(sum);
  Location loc = fuseLocs({product, sum});
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(perm[rank - 3], perm[rank - 2]);
  Value heads =
      graph::TransposeOp::create(builder, loc, product.getLhs(), perm);
  SmallVector<Dim> rows(ArrayRef<Dim>(dims).drop_back(3));
  rows.push_back(dims[rank - 2]);
  rows.push_back(Dim(matrices.heads * matrices.in));
  heads = graph::ReshapeOp::create(
      builder, loc, graph::getTensorType(rows, getElementTypeOrSelf(heads)),
      heads);
  Value y = graph::MatmulOp::create(builder, loc, heads,
                                    matrices.makeMatrix(builder, loc, false),
                                    /*transpose_lhs=*/false,
                                    /*transpose_rhs=*/false);
  if (y.getType() != sum.getType())
    y = graph::ReshapeOp::create(builder, loc, sum.getType(), y);
  sum.replaceAllUsesWith(y);
  eraseDead(sum);
  remarkFused(y.getDefiningOp(), kFamily,
              std::to_string(matrices.heads) + " heads, one product and sum");
  return true;
}

namespace {
struct FuseHeadProjectionsPass
    : public sylvite::impl::FuseHeadProjectionsPassBase<
          FuseHeadProjectionsPass> {
  void runOnOperation() override;
};
} // namespace

void FuseHeadProjectionsPass::runOnOperation() {
  SmallVector<graph::MatmulOp> candidates;
  getOperation().walk([&](graph::MatmulOp op) { candidates.push_back(op); });
  for (graph::MatmulOp product : candidates) {
    std::optional<HeadMatrices> matrices = matchMatrices(product);
    if (!matrices)
      continue;
    auto sum = dyn_cast_if_present<graph::ReduceOp>(getOnlyUser(product));
    bool isSum = sum && sum.getKind() == graph::ReduceKind::Sum;
    if (isSum && fuseOutput(sum, product, *matrices))
      continue;
    if (!fuseInput(product, *matrices))
      remarkMissed(product, kFamily,
                   {"the input is not one for all heads, and the sum over "
                    "heads is not taken",
                    product.getLhs().getDefiningOp(), ""});
  }
}
