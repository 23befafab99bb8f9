//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tensors of doubles, and when two of them are equal.
///
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "GraphTest.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

namespace {
class TensorTest : public GraphTest {
protected:
  Tensor floats(std::vector<double> values) {
    Tensor tensor({int64_t(values.size())}, f32());
    tensor.data = std::move(values);
    return tensor;
  }
  /// The value after wrapping to an integer type, or none.
  std::optional<double> wrap(unsigned width, double value) {
    Tensor tensor({}, IntegerType::get(&context, width), value);
    if (llvm::Error error = wrapIntegers(tensor)) {
      llvm::consumeError(std::move(error));
      return std::nullopt;
    }
    return tensor.data[0];
  }
};
} // namespace

TEST_F(TensorTest, CountsElementsWithoutOverflow) {
  EXPECT_EQ(getNumElements({}), 1);
  EXPECT_EQ(getNumElements({3, 4}), 12);
  EXPECT_EQ(getNumElements({int64_t(1) << 40, 0}), 0);
  EXPECT_EQ(getNumElements({int64_t(1) << 31}), int64_t(1) << 31);
  EXPECT_EQ(getNumElements({(int64_t(1) << 31) + 1}), std::nullopt);
  EXPECT_EQ(getNumElements({int64_t(1) << 32, int64_t(1) << 32}), std::nullopt);
}

TEST_F(TensorTest, WalksInRowMajorOrder) {
  std::vector<std::string> indices;
  forEachIndex({2, 1, 2}, [&](llvm::ArrayRef<int64_t> index, int64_t position) {
    EXPECT_EQ(position, int64_t(indices.size()));
    EXPECT_EQ(index, llvm::ArrayRef(getIndex({2, 1, 2}, position)));
    indices.push_back(sylvite::toString(index));
  });
  EXPECT_EQ(indices, (std::vector<std::string>{"[0, 0, 0]", "[0, 0, 1]",
                                               "[1, 0, 0]", "[1, 0, 1]"}));
  int visits = 0;
  forEachIndex({}, [&](llvm::ArrayRef<int64_t>, int64_t) { ++visits; });
  EXPECT_EQ(visits, 1);
  forEachIndex({2, 0}, [&](llvm::ArrayRef<int64_t>, int64_t) { ++visits; });
  EXPECT_EQ(visits, 1);
}

TEST_F(TensorTest, WrapsAsTwosComplement) {
  EXPECT_EQ(wrap(8, 127), 127);
  EXPECT_EQ(wrap(8, 128), -128);
  EXPECT_EQ(wrap(8, -129), 127);
  EXPECT_EQ(wrap(32, 4294967295.0), -1);
  EXPECT_EQ(wrap(1, 1), 1);
  EXPECT_EQ(wrap(1, 2), 0);
  EXPECT_EQ(wrap(1, -1), 1);
  EXPECT_EQ(wrap(64, -3), -3);
  EXPECT_EQ(wrap(64, 0x1p53), 0x1p53);
  EXPECT_EQ(wrap(64, 0x1p53 + 2), std::nullopt);
  EXPECT_EQ(wrap(64, 0.5), std::nullopt);
  EXPECT_EQ(wrap(8, NAN), std::nullopt);
}

TEST_F(TensorTest, EqualTensorsDoNotDiffer) {
  Tensor a = floats({1, -2, NAN, INFINITY, -INFINITY});
  EXPECT_FALSE(compare(a, a, 1e-9));
}

TEST_F(TensorTest, DifferencesCountRelativeToTheLargestElement) {
  EXPECT_FALSE(compare(floats({1e6, 0}), floats({1e6, 0.9e-3}), 1e-9));
  auto difference = compare(floats({1e6, 0}), floats({1e6, 1.1e-3}), 1e-9);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->count, 1);
  EXPECT_EQ(difference->position, 1);
  EXPECT_DOUBLE_EQ(difference->largest, 1.1e-3);
}

TEST_F(TensorTest, NoiseAroundZeroIsNoDifference) {
  EXPECT_FALSE(compare(floats({0}), floats({1e-13}), 1e-9));
  EXPECT_TRUE(compare(floats({0}), floats({1e-11}), 1e-9));
}

TEST_F(TensorTest, NoNumberDiffersFromEveryNumber) {
  for (double other : {double(NAN), double(INFINITY)}) {
    auto difference = compare(floats({1, 2}), floats({1, other}), 1e-9);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->largest, INFINITY);
    EXPECT_EQ(difference->position, 1);
  }
  EXPECT_TRUE(compare(floats({INFINITY}), floats({-INFINITY}), 1e-9));
}
