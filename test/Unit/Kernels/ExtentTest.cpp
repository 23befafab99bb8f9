//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Extents as products.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/Extent.h"
#include "mlir/IR/MLIRContext.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace sylvite;
using testing::ElementsAre;

namespace sylvite {
static void PrintTo(const ReshapeGroup &group, std::ostream *os) {
  *os << "[" << group.firstLeft << ", " << group.endLeft << ") to ["
      << group.firstRight << ", " << group.endRight << ")";
}
static bool operator==(const ReshapeGroup &a, const ReshapeGroup &b) {
  return a.firstLeft == b.firstLeft && a.endLeft == b.endLeft &&
         a.firstRight == b.firstRight && a.endRight == b.endRight;
}
} // namespace sylvite

namespace {
class ExtentTest : public testing::Test {
protected:
  Extent named(llvm::StringRef name) {
    return graph::Dim(mlir::StringAttr::get(&context, name));
  }
  mlir::MLIRContext context;
  Extent batch = named("batch"), seq = named("seq");
};
} // namespace

TEST_F(ExtentTest, ProductsDoNotDependOnOrder) {
  EXPECT_EQ(batch * Extent(12) * seq, seq * batch * Extent(12));
  EXPECT_EQ((Extent(3) * batch * Extent(4)).str(), "12*batch");
  EXPECT_EQ((seq * batch * seq).str(), "batch*seq*seq");
  EXPECT_NE(batch * seq, batch * batch);
  EXPECT_EQ(named("seq*batch"), batch * seq);
}

TEST_F(ExtentTest, StaticExtentsAreNumbers) {
  EXPECT_TRUE((Extent(3) * Extent(4)).isStatic());
  EXPECT_EQ((Extent(3) * Extent(4)).getSize(), 12);
  EXPECT_TRUE(mlir::ShapedType::isDynamic((Extent(3) * seq).getSize()));
  EXPECT_FALSE(seq.isOne());
  EXPECT_TRUE(Extent(1).isOne());
}

TEST_F(ExtentTest, ReshapesFallIntoGroups) {
  // Splitting heads.
  EXPECT_THAT(getReshapeGroups({batch, seq, Extent(384)},
                               {batch, seq, Extent(12), Extent(32)}),
              ElementsAre(ReshapeGroup{0, 1, 0, 1}, ReshapeGroup{1, 2, 1, 2},
                          ReshapeGroup{2, 3, 2, 4}));
  // Merging rows.
  EXPECT_THAT(
      getReshapeGroups({batch, seq, Extent(8)}, {batch * seq, Extent(8)}),
      ElementsAre(ReshapeGroup{0, 2, 0, 1}, ReshapeGroup{2, 3, 1, 2}));
  // What does not correspond goes through one dimension.
  EXPECT_THAT(getReshapeGroups({Extent(4), Extent(6), seq},
                               {Extent(6), Extent(4), seq}),
              ElementsAre(ReshapeGroup{0, 2, 0, 2}, ReshapeGroup{2, 3, 2, 3}));
  EXPECT_THAT(getReshapeGroups({seq, Extent(4)}, {Extent(4), seq}),
              ElementsAre(ReshapeGroup{0, 2, 0, 2}));
}

TEST_F(ExtentTest, OnesJoinTheirNeighbours) {
  EXPECT_THAT(getReshapeGroups({Extent(1), seq}, {seq}),
              ElementsAre(ReshapeGroup{0, 2, 0, 1}));
  EXPECT_THAT(getReshapeGroups({seq, Extent(1), Extent(1)}, {seq}),
              ElementsAre(ReshapeGroup{0, 3, 0, 1}));
  EXPECT_THAT(getReshapeGroups({batch, seq}, {batch, Extent(1), seq}),
              ElementsAre(ReshapeGroup{0, 1, 0, 1}, ReshapeGroup{1, 2, 1, 3}));
  EXPECT_THAT(getReshapeGroups({Extent(1), Extent(1)}, {}),
              ElementsAre(ReshapeGroup{0, 2, 0, 0}));
  EXPECT_THAT(getReshapeGroups({}, {}), ElementsAre());
}
