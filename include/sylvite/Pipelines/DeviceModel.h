//===- DeviceModel.h - What a device can do ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A device as a file describes it, and how much of it a launch keeps busy.
/// With that a kernel can be judged for a device that is not there.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_DEVICEMODEL_H
#define SYLVITE_PIPELINES_DEVICEMODEL_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace sylvite {

/// Multiprocessors are what CUDA calls so; compute units elsewhere.
struct DeviceModel {
  std::string name, source;
  /// Of f32 arithmetic outside of matrix units, a multiply-add counting as two.
  double flopsPerSecond = 0;
  double bytesPerSecond = 0;
  /// What each launch takes beside its work.
  double secondsPerLaunch = 0;
  int64_t multiprocessors = 0;
  /// Of one multiprocessor.
  int64_t threads = 0, blocks = 0, registers = 0, sharedBytes = 0;
  /// Of one block.
  int64_t threadsOfBlock = 0, sharedBytesOfBlock = 0;
  /// What the driver takes of the shared memory for each block.
  int64_t sharedBytesReserved = 0;
  int64_t threadsOfWarp = 0;
  /// A warp gets a multiple of these, all of one file of registers.
  int64_t registersOfWarpUnit = 0, registerFiles = 0;
  /// So many warps of a multiprocessor hide how long an instruction takes.
  int64_t warpsToHideLatency = 0;

  /// Reads a file. Errors name the place in it: what is missing, unknown, of
  /// another kind, or not positive.
  static llvm::Expected<DeviceModel> read(llvm::StringRef path);
  /// The file of a device: as named, or NAME.json of the folder.
  static llvm::Expected<std::string> find(llvm::StringRef name,
                                          llvm::StringRef folder);
};

/// What one block takes.
struct BlockUse {
  int64_t threads = 0, sharedBytes = 0;
  /// Of a thread; none where nobody knows.
  std::optional<int64_t> registers;
};

struct Occupancy {
  /// Blocks that a multiprocessor has at once; 0 where a block is too large.
  int64_t blocks = 0;
  /// Their warps, and the share of those that it could have.
  int64_t warps = 0;
  double share = 0;
  /// What more blocks lack: "threads", "blocks", "registers", "shared memory".
  llvm::StringRef limit;
};

Occupancy getOccupancy(const DeviceModel &device, const BlockUse &block);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_DEVICEMODEL_H
