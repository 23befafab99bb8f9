//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The table of targets. Feature levels are those of the x86-64 psABI and what
/// LLVM may use besides on the processor that it compiles for; tiles are the
/// measured best: 4 rows by 4 registers of 16 lanes with AVX-512, 4 by
/// 3 registers of 8 lanes with AVX2 (12 accumulators of 16 registers), 4 by 2
/// registers of 4 lanes with SSE.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Target.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

#include <optional>
#include <vector>

using namespace sylvite;
using llvm::StringRef;

static constexpr StringRef kV2[] = {"sse3", "ssse3", "sse4.1", "sse4.2",
                                    "popcnt"};
static constexpr StringRef kV3[] = {
    "sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "avx",  "avx2",
    "fma",  "f16c",  "bmi",    "bmi2",   "lzcnt",  "movbe"};
static constexpr StringRef kV4[] = {
    "sse3",  "ssse3",   "sse4.1",   "sse4.2",   "popcnt",   "avx",
    "avx2",  "fma",     "f16c",     "bmi",      "bmi2",     "lzcnt",
    "movbe", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"};
static constexpr StringRef kZen4[] = {
    "sse3",        "ssse3",      "sse4.1",       "sse4.2",
    "popcnt",      "avx",        "avx2",         "fma",
    "f16c",        "bmi",        "bmi2",         "lzcnt",
    "movbe",       "avx512f",    "avx512bw",     "avx512cd",
    "avx512dq",    "avx512vl",   "avx512ifma",   "avx512vbmi",
    "avx512vbmi2", "avx512vnni", "avx512bitalg", "avx512vpopcntdq",
    "avx512bf16",  "gfni",       "sse4a"};
// Intel's processors of that name and later ones. Code is that of zen4, but for
// products of bf16: VDPBF16PS does half of what FMA do there, where on Zen 4 it
// does twice as much.
static constexpr StringRef kSapphireRapids[] = {
    "sse3",        "ssse3",      "sse4.1",       "sse4.2",
    "popcnt",      "avx",        "avx2",         "fma",
    "f16c",        "bmi",        "bmi2",         "lzcnt",
    "movbe",       "avx512f",    "avx512bw",     "avx512cd",
    "avx512dq",    "avx512vl",   "avx512ifma",   "avx512vbmi",
    "avx512vbmi2", "avx512vnni", "avx512bitalg", "avx512vpopcntdq",
    "avx512bf16",  "gfni",       "avx512fp16",   "avxvnni"};

static constexpr Target kTargets[] = {
    {"x86-64-v2", 4, 16, 8, 4, "x86-64-linux-sse41", "penryn", kV2},
    {"x86-64-v3", 8, 16, 24, 4, "x86-64-linux-sse41-avx-avx2-f16c-fma",
     "haswell", kV3},
    {"x86-64-v4", 16, 32, 64, 4,
     "x86-64-linux-sse41-avx-avx2-f16c-fma-avx512-avx512_skylake",
     "skylake-avx512", kV4},
    {"zen4", 16, 32, 64, 4,
     "x86-64-linux-tune_znver4-sse41-avx-avx2-f16c-fma-avx512-avx512_skylake-"
     "avx512_cannonlake-avx512_zen4",
     "znver4", kZen4, /*hasFastBf16Dots=*/true},
    {"sapphirerapids", 16, 32, 64, 4,
     "x86-64-linux-sse41-avx-avx2-f16c-fma-avx512-avx512_skylake-"
     "avx512_cannonlake-avx512_zen4",
     "znver4", kSapphireRapids},
};

// Limits are those that the least of the devices have: lavapipe and many phones
// share 32 kB, CUDA's runtime in Halide asks for no more than 48. Halide knows
// no capability above 8.6; PTX for that runs on all later ones.
static constexpr Device kDevices[] = {
    {"opencl", Device::Api::OpenCL, "opencl-cl_doubles", 32 << 10, 256},
    {"vulkan", Device::Api::Vulkan,
     "vulkan-vk_int8-vk_int16-vk_int64-vk_float64", 32 << 10, 256},
    {"cuda-sm80", Device::Api::Cuda, "cuda-cuda_capability_80", 48 << 10, 1024},
    {"cuda-sm86", Device::Api::Cuda, "cuda-cuda_capability_86", 48 << 10, 1024},
    {"cuda-sm90", Device::Api::Cuda, "cuda-cuda_capability_86", 48 << 10, 1024},
};

llvm::ArrayRef<Target> sylvite::getTargets() { return kTargets; }

llvm::ArrayRef<Device> sylvite::getDevices() { return kDevices; }

StringRef sylvite::getApiName(Device::Api api) {
  switch (api) {
  case Device::Api::OpenCL:
    return "opencl";
  case Device::Api::Vulkan:
    return "vulkan";
  case Device::Api::Cuda:
    return "cuda";
  }
  llvm_unreachable("all kinds are handled");
}

namespace {
/// All targets in their order: processors, then with each device all of them.
struct TargetTable {
  TargetTable();
  const Target *get(size_t cpu, size_t device) const {
    return &targets[(device + 1) * std::size(kTargets) + cpu];
  }

  std::vector<Target> targets;

private:
  // Targets refer to these.
  std::vector<std::string> names;
};
} // namespace

TargetTable::TargetTable() : targets(std::begin(kTargets), std::end(kTargets)) {
  size_t count = std::size(kTargets) * std::size(kDevices);
  targets.reserve(targets.size() + count);
  names.reserve(2 * count);
  for (const Device &device : kDevices)
    for (const Target &cpu : kTargets) {
      Target target = cpu;
      names.push_back((cpu.name + "+" + device.name).str());
      target.name = names.back();
      names.push_back((cpu.halide + "-" + device.halide).str());
      target.halide = names.back();
      // The forms of kernels that suit blocks of threads: a row is reduced by
      // 64 of them, a panel is what a block multiplies by.
      target.vectorLanes = 16;
      target.vectorRegisters = 32;
      target.panelColumns = 64;
      target.tileRows = 4;
      target.hasFastBf16Dots = false;
      target.device = &device;
      targets.push_back(target);
    }
}

static const TargetTable &getTable() {
  static const TargetTable table;
  return table;
}

/// The strongest processor whose features the machine has, or none.
static std::optional<size_t> findNative() {
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  for (size_t i = std::size(kTargets); i-- > 0;)
    if (llvm::all_of(kTargets[i].features,
                     [&](StringRef feature) { return host.lookup(feature); }))
      return i;
  return std::nullopt;
}

template <typename Range>
static std::string joinNames(const Range &range) {
  return llvm::join(llvm::map_range(range, [](auto &x) { return x.name; }),
                    ", ");
}

template <typename Range>
static std::optional<size_t> findName(const Range &range, StringRef name) {
  for (auto [i, entry] : llvm::enumerate(range))
    if (entry.name == name)
      return i;
  return std::nullopt;
}

llvm::Expected<const Target &> sylvite::getTarget(StringRef name) {
  auto [cpuName, deviceName] = name.split('+');
  bool hasDevice = name.contains('+');
  if (!hasDevice && findName(kDevices, name)) {
    cpuName = "native";
    deviceName = name;
    hasDevice = true;
  }
  std::optional<size_t> cpu =
      cpuName == "native" ? findNative() : findName(kTargets, cpuName);
  if (!cpu && cpuName == "native")
    return llvm::createStringError("this machine is below x86-64-v2; name a "
                                   "target to compile for another one");
  if (!cpu)
    return llvm::createStringError("unknown target '" + cpuName.str() +
                                   "': expected native, " +
                                   joinNames(kTargets) +
                                   ", each perhaps with a device as in "
                                   "native+opencl, or a device alone: " +
                                   joinNames(kDevices));
  if (!hasDevice)
    return *getTable().get(*cpu, -1);
  std::optional<size_t> device = findName(kDevices, deviceName);
  if (!device)
    return llvm::createStringError("unknown device '" + deviceName.str() +
                                   "' of target '" + name.str() +
                                   "': expected " + joinNames(kDevices));
  return *getTable().get(*cpu, *device);
}

llvm::Expected<TargetList> sylvite::getTargetList(StringRef names) {
  TargetList list;
  for (StringRef name : llvm::split(names, ',')) {
    llvm::Expected<const Target &> target = getTarget(name.trim());
    if (!target)
      return target.takeError();
    list.push_back(&*target);
  }
  // The table is in order.
  llvm::sort(list);
  list.erase(llvm::unique(list), list.end());
  return list;
}

std::string sylvite::getTargetNames(llvm::ArrayRef<const Target *> targets) {
  auto names = llvm::map_range(
      targets, [](const Target *target) { return target->name; });
  return llvm::join(names, ",");
}
