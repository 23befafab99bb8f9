//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Files are JSON with one number for each member.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/DeviceModel.h"

#include "sylvite/Import/Common/Json.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cmath>

using namespace llvm;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

namespace {
/// A member of a file: a number of one of two kinds.
struct Field {
  StringRef key;
  double DeviceModel::*number;
  int64_t DeviceModel::*count;
  /// May it be zero?
  bool mayBeZero;
};
} // namespace

static constexpr Field kFields[] = {
    {"peak_f32_flops_per_second", &DeviceModel::flopsPerSecond, nullptr, false},
    {"bandwidth_bytes_per_second", &DeviceModel::bytesPerSecond, nullptr,
     false},
    {"launch_overhead_seconds", &DeviceModel::secondsPerLaunch, nullptr, true},
    {"multiprocessors", nullptr, &DeviceModel::multiprocessors, false},
    {"max_threads_per_multiprocessor", nullptr, &DeviceModel::threads, false},
    {"max_blocks_per_multiprocessor", nullptr, &DeviceModel::blocks, false},
    {"registers_per_multiprocessor", nullptr, &DeviceModel::registers, false},
    {"shared_bytes_per_multiprocessor", nullptr, &DeviceModel::sharedBytes,
     false},
    {"max_threads_per_block", nullptr, &DeviceModel::threadsOfBlock, false},
    {"max_shared_bytes_per_block", nullptr, &DeviceModel::sharedBytesOfBlock,
     false},
    {"reserved_shared_bytes_per_block", nullptr,
     &DeviceModel::sharedBytesReserved, true},
    {"threads_per_warp", nullptr, &DeviceModel::threadsOfWarp, false},
    {"register_unit_per_warp", nullptr, &DeviceModel::registersOfWarpUnit,
     false},
    {"register_files_per_multiprocessor", nullptr, &DeviceModel::registerFiles,
     false},
    {"warps_to_hide_latency", nullptr, &DeviceModel::warpsToHideLatency, false},
};

static Error readField(const JsonObject &object, const Field &field,
                       DeviceModel &device) {
  double value = 0;
  if (field.number) {
    if (Error error = object.get(field.key, value))
      return error;
    device.*field.number = value;
  } else {
    if (Error error = object.get(field.key, device.*field.count))
      return error;
    value = device.*field.count;
  }
  if (value < 0 || (value == 0 && !field.mayBeZero))
    return object.error(field.key, field.mayBeZero ? "should not be negative"
                                                   : "should be positive");
  return Error::success();
}

Expected<DeviceModel> DeviceModel::read(StringRef path) {
  Expected<JsonObject> object = JsonObject::load(path);
  if (!object)
    return object.takeError();
  DeviceModel device;
  if (Error error = object->get("name", device.name))
    return std::move(error);
  if (Error error = object->get("source", device.source))
    return std::move(error);
  for (const Field &field : kFields)
    if (Error error = readField(*object, field, device))
      return std::move(error);
  for (StringRef key : object->getKeys())
    if (key != "name" && key != "source" &&
        none_of(kFields, [&](const Field &field) { return field.key == key; }))
      return object->error(
          key, "no such member; expected name, source, " +
                   join(map_range(kFields,
                                  [](const Field &field) { return field.key; }),
                        ", "));
  return device;
}

Expected<std::string> DeviceModel::find(StringRef name, StringRef folder) {
  if (name.contains('/') || name.ends_with(".json"))
    return name.str();
  SmallString<256> path(folder);
  sys::path::append(path, name + ".json");
  if (sys::fs::exists(path))
    return std::string(path);
  SmallVector<std::string> known;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code;
       it.increment(code))
    known.push_back(sys::path::stem(it->path()).str());
  llvm::sort(known);
  return createStringError("there is no device '" + name.str() +
                           "'; name a file, DEVICE.json, or one of " +
                           join(known, ", "));
}

//===----------------------------------------------------------------------===//
// Occupancy
//===----------------------------------------------------------------------===//

static int64_t roundUp(int64_t number, int64_t unit) {
  return (number + unit - 1) / unit * unit;
}

Occupancy sylvite::getOccupancy(const DeviceModel &device,
                                const BlockUse &block) {
  Occupancy occupancy;
  int64_t warp = device.threadsOfWarp;
  int64_t warpsOfBlock =
      (std::max<int64_t>(block.threads, 1) + warp - 1) / warp;
  std::pair<int64_t, StringRef> limits[] = {
      {device.threads / (warpsOfBlock * warp), "threads"},
      {device.blocks, "blocks"},
      {device.registers, "registers"},
      {device.sharedBytes, "shared memory"}};
  if (block.registers && *block.registers) {
    int64_t ofWarp =
        roundUp(*block.registers * warp, device.registersOfWarpUnit);
    int64_t warps =
        device.registers / device.registerFiles / ofWarp * device.registerFiles;
    limits[2].first = warps / warpsOfBlock;
  }
  if (block.sharedBytes || device.sharedBytesReserved)
    limits[3].first =
        device.sharedBytes / (block.sharedBytes + device.sharedBytesReserved);
  auto least =
      *min_element(limits, [](auto &a, auto &b) { return a.first < b.first; });
  occupancy.limit = least.second;
  if (block.threads <= device.threadsOfBlock &&
      block.sharedBytes <= device.sharedBytesOfBlock)
    occupancy.blocks = least.first;
  occupancy.warps = occupancy.blocks * warpsOfBlock;
  occupancy.share = double(occupancy.warps * warp) / device.threads;
  return occupancy;
}
