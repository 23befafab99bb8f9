//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tests of polynomials through samples.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/WorkFormulas.h"

#include "gtest/gtest.h"

using namespace sylvite;

namespace {

using Points = std::vector<std::vector<int64_t>>;

/// The samples of `function` on a grid of two dimensions.
template <typename Function>
std::vector<double> sample(const Points &points, Function function) {
  std::vector<double> samples;
  for (int64_t x : points[0])
    for (int64_t y : points[1])
      samples.push_back(function(double(x), double(y)));
  return samples;
}

const std::vector<std::string> kDims = {"batch", "seq"};
const Points kGrid = {{8, 16, 24}, {8, 16, 24}};

TEST(Interpolate, FindsPolynomials) {
  EXPECT_EQ(interpolate(kDims, kGrid,
                        sample(kGrid,
                               [](double b, double s) {
                                 return 1596 * b * s * s + 384 * b * s + 7;
                               })),
            "1596 * batch * seq * seq + 384 * batch * seq + 7");
  EXPECT_EQ(
      interpolate(kDims, kGrid,
                  sample(kGrid, [](double b, double s) { return b * s; })),
      "batch * seq");
  EXPECT_EQ(interpolate(kDims, kGrid,
                        sample(kGrid, [](double, double) { return 0; })),
            "0");
}

TEST(Interpolate, LargeCoefficientsAreExact) {
  EXPECT_EQ(interpolate(kDims, kGrid,
                        sample(kGrid,
                               [](double b, double s) {
                                 return 2362232012. * b * s + 1;
                               })),
            "2362232012 * batch * seq + 1");
}

TEST(Interpolate, TakesAsManyPointsAsThereAre) {
  Points points = {{1}, {1, 2}};
  EXPECT_EQ(interpolate(kDims, points,
                        sample(points, [](double, double s) { return 3 * s; })),
            "3 * seq");
  EXPECT_EQ(interpolate({}, {}, {5}), "5");
}

TEST(Interpolate, HasNoFormulaForOtherCoefficients) {
  EXPECT_EQ(interpolate(kDims, kGrid,
                        sample(kGrid, [](double b, double) { return b / 3; })),
            "");
  EXPECT_EQ(interpolate(kDims, kGrid,
                        sample(kGrid, [](double b, double) { return 9 - b; })),
            "");
}

} // namespace
