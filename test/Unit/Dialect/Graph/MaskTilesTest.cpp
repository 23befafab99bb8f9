//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/MaskTiles.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace sylvite::graph;

namespace {
class MaskTilesTest : public ::testing::Test {
protected:
  MaskTilesTest() { context.loadDialect<GraphDialect>(); }

  MaskAttr get(MaskKind kind, int64_t value = 0,
               llvm::ArrayRef<MaskAttr> children = {}) {
    return MaskAttr::get(&context, kind, value, children);
  }
  static std::array<int64_t, 3> count(MaskAttr mask, ScoreExtents all,
                                      ScoreExtents tile) {
    MaskedScores scores = countMaskedScores(mask, all, tile);
    return {scores.empty, scores.full, scores.mixed};
  }

  MLIRContext context;
};
using Counts = std::array<int64_t, 3>;

TEST_F(MaskTilesTest, CausalHidesAboveTheDiagonal) {
  // Four tiles on the diagonal, six on either side.
  EXPECT_EQ(count(get(MaskKind::Causal), {32, 32}, {8, 8}),
            (Counts{384, 384, 256}));
  EXPECT_DOUBLE_EQ(getSkippedShare(get(MaskKind::Causal), {32, 32}, {8, 8}),
                   0.375);
  // Queries at the end see whole tiles more.
  EXPECT_EQ(count(get(MaskKind::CausalToEnd), {16, 32}, {8, 8}),
            (Counts{64, 320, 128}));
}

TEST_F(MaskTilesTest, TilesAtTheEdgeAreSmaller) {
  EXPECT_EQ(count(get(MaskKind::Prefix, 4), {5, 9}, {4, 4}),
            (Counts{25, 20, 0}));
  EXPECT_EQ(count({}, {5, 9}, {4, 4}), (Counts{0, 45, 0}));
  EXPECT_EQ(count({}, {0, 9}, {4, 4}), (Counts{0, 0, 0}));
  EXPECT_EQ(getSkippedShare({}, {0, 9}, {4, 4}), 0);
}

TEST_F(MaskTilesTest, WindowsHideBothSides) {
  // A row sees itself and 7 in front: the diagonal and what is next to it.
  EXPECT_EQ(count(get(MaskKind::Window, 8), {32, 32}, {8, 8}),
            (Counts{576, 0, 448}));
  EXPECT_EQ(count(get(MaskKind::Window, 16), {32, 32}, {8, 8}),
            (Counts{448, 192, 384}));
}

TEST_F(MaskTilesTest, CombinationsAndOperands) {
  MaskAttr causal = get(MaskKind::Causal), prefix = get(MaskKind::Prefix, 16),
           padding = get(MaskKind::Padding);
  EXPECT_EQ(count(padding, {16, 16}, {8, 8}), (Counts{0, 0, 256}));
  EXPECT_EQ(count(get(MaskKind::And, 0, {causal, padding}), {16, 16}, {8, 8}),
            (Counts{64, 0, 192}));
  EXPECT_EQ(count(get(MaskKind::Or, 0, {causal, prefix}), {32, 32}, {8, 8}),
            (Counts{320, 576, 128}));
}
} // namespace
