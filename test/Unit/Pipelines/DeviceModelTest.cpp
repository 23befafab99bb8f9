//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How many blocks a multiprocessor has at once. The numbers are those of
/// NVIDIA's occupancy calculator for compute capability 8.0.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/DeviceModel.h"
#include "gtest/gtest.h"

using namespace sylvite;

static DeviceModel makeA100() {
  DeviceModel device;
  device.multiprocessors = 108;
  device.threads = 2048;
  device.blocks = 32;
  device.registers = 65536;
  device.registerFiles = 4;
  device.sharedBytes = 164 << 10;
  device.threadsOfBlock = 1024;
  device.sharedBytesOfBlock = 163 << 10;
  device.sharedBytesReserved = 1024;
  device.threadsOfWarp = 32;
  device.registersOfWarpUnit = 256;
  device.warpsToHideLatency = 16;
  return device;
}

static void expect(const BlockUse &block, int64_t blocks, int64_t warps,
                   llvm::StringRef limit) {
  Occupancy occupancy = getOccupancy(makeA100(), block);
  EXPECT_EQ(occupancy.blocks, blocks);
  EXPECT_EQ(occupancy.warps, warps);
  EXPECT_EQ(occupancy.share, warps / 64.0);
  if (blocks)
    EXPECT_EQ(occupancy.limit, limit);
}

TEST(DeviceModelTest, ThreadsLimit) {
  expect({256, 0, 32}, 8, 64, "threads");
  expect({1024, 0, 32}, 2, 64, "threads");
  // Warps are whole.
  expect({100, 0, std::nullopt}, 16, 64, "threads");
}

TEST(DeviceModelTest, BlocksLimit) { expect({32, 0, 32}, 32, 32, "blocks"); }

TEST(DeviceModelTest, RegistersLimit) {
  expect({128, 0, 56}, 9, 36, "registers");
  // Each of the four files has registers for twelve warps.
  expect({64, 0, 40}, 24, 48, "registers");
  // 33 registers are 40.
  expect({256, 0, 33}, 6, 48, "registers");
  expect({1024, 0, 255}, 0, 0, "registers");
}

TEST(DeviceModelTest, SharedMemoryLimits) {
  // A block has one kilobyte more than it asks for.
  expect({128, 40 << 10, 32}, 4, 16, "shared memory");
  expect({128, 163 << 10, 32}, 1, 4, "shared memory");
}

TEST(DeviceModelTest, BlocksThatAreTooLargeDoNotFit) {
  expect({2048, 0, 16}, 0, 0, "");
  expect({128, (163 << 10) + 1, 16}, 0, 0, "");
}
