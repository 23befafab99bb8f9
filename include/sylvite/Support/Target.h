//===- Target.h - What is known of an instruction set -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The targets by their names: their vector registers, for schedules; their
/// spelling in Halide and in LLVM, for code generation; and the processor
/// features that a machine must have, for the check at load.
///
/// A target with a GPU is a processor and a device, "zen4+opencl": the kernels
/// run on the device, what calls them on the processor.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_TARGET_H
#define SYLVITE_SUPPORT_TARGET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace sylvite {

/// What a kind of device offers to one block of threads at least; kernels stay
/// within it.
struct Device {
  /// How kernels reach the device.
  enum class Api { OpenCL, Vulkan, Cuda };

  /// The name users write behind the plus: "cuda-sm80".
  llvm::StringRef name;
  Api api;
  /// What Halide's target string has for it.
  llvm::StringRef halide;
  /// Bytes of memory that the threads of a block share, and how many threads
  /// it may have.
  int64_t sharedBytes;
  int64_t blockThreads;
};

/// "opencl", "vulkan" or "cuda".
llvm::StringRef getApiName(Device::Api api);

struct Target {
  /// The name users write: "x86-64-v3".
  llvm::StringRef name;
  /// f32 lanes of one vector register, and how many registers there are.
  int64_t vectorLanes;
  int64_t vectorRegisters;
  /// Columns of a weight panel: what one GEMM tile covers, in lanes times
  /// vectors.
  int64_t panelColumns;
  /// Rows of a GEMM tile.
  int64_t tileRows;
  /// Halide's target string, without kernel-independent features.
  llvm::StringRef halide;
  /// LLVM's name of the processor that Halide makes code for: it chooses one by
  /// the features above.
  llvm::StringRef llvmCpu;
  /// What a machine must have to run that code, as
  /// llvm::sys::getHostCPUFeatures names it.
  llvm::ArrayRef<llvm::StringRef> features;
  /// Is VDPBF16PS there, and faster than two FMA of f32?
  bool hasFastBf16Dots = false;
  /// Where the kernels run, or null for the processor.
  const Device *device = nullptr;

  /// Do its machines have a feature?
  bool has(llvm::StringRef feature) const {
    return llvm::is_contained(features, feature);
  }
};

/// All targets without a device, weakest first.
llvm::ArrayRef<Target> getTargets();

/// All kinds of devices.
llvm::ArrayRef<Device> getDevices();

/// The target of that name; "native" is the strongest that this machine has,
/// and a device alone goes with that. An unknown name is an error that lists
/// the known ones.
llvm::Expected<const Target &> getTarget(llvm::StringRef name);

using TargetList = llvm::SmallVector<const Target *, 4>;

/// The targets of a list like "x86-64-v3,native", weakest first and those with
/// a device last. One that is named twice counts once.
llvm::Expected<TargetList> getTargetList(llvm::StringRef names);

/// The names of targets as a list, which getTargetList() reads.
std::string getTargetNames(llvm::ArrayRef<const Target *> targets);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_TARGET_H
