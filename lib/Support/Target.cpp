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

llvm::ArrayRef<Target> sylvite::getTargets() { return kTargets; }

/// The strongest target whose features the machine has, or null.
static const Target *findNative() {
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  for (const Target &target : llvm::reverse(kTargets))
    if (llvm::all_of(target.features,
                     [&](StringRef feature) { return host.lookup(feature); }))
      return &target;
  return nullptr;
}

llvm::Expected<const Target &> sylvite::getTarget(StringRef name) {
  if (name == "native") {
    if (const Target *target = findNative())
      return *target;
    return llvm::createStringError("this machine is below x86-64-v2; name a "
                                   "target to compile for another one");
  }
  for (const Target &target : kTargets)
    if (target.name == name)
      return target;
  auto names =
      llvm::map_range(kTargets, [](const Target &t) { return t.name; });
  return llvm::createStringError("unknown target '" + name.str() +
                                 "': expected native, " +
                                 llvm::join(names, ", "));
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
