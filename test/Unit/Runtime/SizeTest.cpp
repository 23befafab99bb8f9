//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Sizes that cannot overflow.
///
//===----------------------------------------------------------------------===//

#include "Internal.h"

#include <gtest/gtest.h>

TEST(Size, MultipliesUpToTheLargest) {
  EXPECT_EQ(sylvite_multiply(3, 5), 15u);
  EXPECT_EQ(sylvite_multiply(UINT64_MAX, 0), 0u);
  EXPECT_EQ(sylvite_multiply(UINT64_C(1) << 32, UINT64_C(1) << 31), UINT64_C(1)
                                                                        << 63);
  EXPECT_EQ(sylvite_multiply(UINT64_C(1) << 32, UINT64_C(1) << 32), UINT64_MAX);
  EXPECT_EQ(sylvite_multiply(UINT64_MAX, 4), UINT64_MAX);
}

TEST(Size, AddsUpToTheLargest) {
  EXPECT_EQ(sylvite_add(3, 5), 8u);
  EXPECT_EQ(sylvite_add(UINT64_MAX, 1), UINT64_MAX);
  EXPECT_EQ(sylvite_add(UINT64_MAX, UINT64_MAX), UINT64_MAX);
}

TEST(Size, AlignsToCacheLines) {
  EXPECT_EQ(sylvite_align_device(1), 512u);
  EXPECT_EQ(sylvite_align_device(512), 512u);
  EXPECT_EQ(sylvite_align_device(UINT64_MAX - 1), UINT64_MAX);
  EXPECT_EQ(sylvite_align(0), 0u);
  EXPECT_EQ(sylvite_align(1), 64u);
  EXPECT_EQ(sylvite_align(64), 64u);
  EXPECT_EQ(sylvite_align(65), 128u);
  EXPECT_EQ(sylvite_align(UINT64_MAX - 1), UINT64_MAX);
  EXPECT_EQ(sylvite_align(UINT64_MAX), UINT64_MAX);
}

TEST(Size, ChecksElementsAgainst32Bits) {
  EXPECT_EQ(sylvite_check_elements(0), 0u);
  EXPECT_EQ(sylvite_check_elements(INT32_MAX), 0u);
  EXPECT_EQ(sylvite_check_elements(UINT64_C(1) << 31), UINT64_MAX);
  EXPECT_EQ(sylvite_check_elements(UINT64_MAX), UINT64_MAX);
}
