//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The table of targets against what LLVM knows of processors.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/TargetParser/X86TargetParser.h"
#include <gtest/gtest.h>

using namespace sylvite;
using namespace llvm;

/// What the processor has, with what that implies.
static StringSet<> getFeatures(StringRef cpu) {
  SmallVector<StringRef> features;
  X86::getFeaturesForCPU(cpu, features);
  StringMap<bool> implied;
  for (StringRef feature : features) {
    implied[feature] = true;
    X86::updateImpliedFeatures(feature, true, implied);
  }
  StringSet<> set;
  for (const auto &[feature, isThere] : implied)
    if (isThere)
      set.insert(feature);
  return set;
}

// What the runtime can ask a processor for.
static constexpr StringRef kKnown[] = {
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state) text,
#include "sylvite/Runtime/CpuFeatures.def"
};

TEST(Target, AsksForAllThatItsCodeMayUse) {
  for (const Target &target : getTargets()) {
    StringSet<> used = getFeatures(target.llvmCpu);
    ASSERT_FALSE(used.empty()) << target.llvmCpu.str();
    // Halide makes the code for Intel's processors as for zen4's, without what
    // only AMD has: EndToEnd/instructions.test reads it.
    if (target.name == "sapphirerapids")
      used.erase("sse4a");
    for (StringRef feature : kKnown)
      if (used.contains(feature))
        EXPECT_TRUE(is_contained(target.features, feature))
            << target.name.str() << " lacks " << feature.str();
  }
}

TEST(Target, AsksForNoMoreThanItsLevel) {
  for (StringRef level : {"x86-64-v2", "x86-64-v3", "x86-64-v4"}) {
    StringSet<> of = getFeatures(level);
    for (StringRef feature : cantFail(getTarget(level)).features)
      EXPECT_TRUE(of.contains(feature))
          << level.str() << " has no " << feature.str();
  }
  StringSet<> zen4 = getFeatures("znver4");
  for (StringRef feature : cantFail(getTarget("zen4")).features)
    EXPECT_TRUE(zen4.contains(feature)) << feature.str();
  StringSet<> intel = getFeatures("sapphirerapids");
  for (StringRef feature : cantFail(getTarget("sapphirerapids")).features)
    EXPECT_TRUE(intel.contains(feature)) << feature.str();
}

TEST(Target, FeaturesAreOnesThatTheRuntimeKnows) {
  for (const Target &target : getTargets())
    for (StringRef feature : target.features)
      EXPECT_TRUE(is_contained(kKnown, feature)) << feature.str();
}

TEST(Target, EachHasTheFeaturesOfTheOneBefore) {
  // So that the strongest that runs is the last that runs.
  for (size_t i = 1; i < getTargets().size(); ++i) {
    StringSet<> before = getFeatures(getTargets()[i - 1].llvmCpu);
    StringSet<> after = getFeatures(getTargets()[i].llvmCpu);
    for (StringRef feature : before.keys())
      if (is_contained(kKnown, feature))
        EXPECT_TRUE(after.contains(feature)) << feature.str();
  }
}

TEST(Target, ListsAreInOrderAndWithoutRepetition) {
  auto read = [](StringRef text) {
    Expected<TargetList> list = getTargetList(text);
    return list ? getTargetNames(*list) : toString(list.takeError());
  };
  EXPECT_EQ(read("zen4,x86-64-v3,zen4"), "x86-64-v3,zen4");
  EXPECT_EQ(read("x86-64-v2, x86-64-v4"), "x86-64-v2,x86-64-v4");
  EXPECT_EQ(read("x86-64-v3"), "x86-64-v3");
  EXPECT_EQ(read("x86-64-v3,").find("unknown target ''"), 0u);
  EXPECT_EQ(read("zen4,sparc").find("unknown target 'sparc'"), 0u);
  // Those with a device are last.
  EXPECT_EQ(read("zen4+opencl,zen4,x86-64-v3+vulkan,x86-64-v2+opencl"),
            "zen4,x86-64-v2+opencl,zen4+opencl,x86-64-v3+vulkan");
}

TEST(Target, MayHaveADevice) {
  const Target &cpu = cantFail(getTarget("zen4"));
  EXPECT_EQ(cpu.device, nullptr);
  const Target &gpu = cantFail(getTarget("zen4+cuda-sm80"));
  ASSERT_NE(gpu.device, nullptr);
  EXPECT_EQ(gpu.name, "zen4+cuda-sm80");
  EXPECT_EQ(gpu.device->name, "cuda-sm80");
  EXPECT_TRUE(gpu.halide.starts_with(cpu.halide));
  EXPECT_TRUE(gpu.halide.ends_with("-cuda-cuda_capability_80"));
  EXPECT_EQ(gpu.features, cpu.features);
  // A device alone goes with what this machine has.
  Expected<const Target &> native = getTarget("native"),
                           alone = getTarget("opencl");
  if (!native) {
    EXPECT_FALSE(bool(alone));
    consumeError(joinErrors(native.takeError(), alone.takeError()));
    return;
  }
  ASSERT_TRUE(bool(alone)) << toString(alone.takeError());
  EXPECT_EQ(alone->name, (native->name + "+opencl").str());
  EXPECT_EQ(&*alone, &cantFail(getTarget("native+opencl")));
}

TEST(Target, UnknownDevicesAreErrors) {
  auto read = [](StringRef text) {
    Expected<const Target &> target = getTarget(text);
    return target ? "" : toString(target.takeError());
  };
  EXPECT_EQ(read("zen4+metal"),
            "unknown device 'metal' of target 'zen4+metal': expected opencl, "
            "vulkan, cuda-sm80, cuda-sm86, cuda-sm90");
  EXPECT_EQ(read("zen4+").find("unknown device ''"), 0u);
  EXPECT_EQ(read("+opencl").find("unknown target ''"), 0u);
  EXPECT_EQ(read("opencl+zen4").find("unknown target 'opencl'"), 0u);
}
