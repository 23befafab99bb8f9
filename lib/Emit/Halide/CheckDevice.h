//===- CheckDevice.h - What a device can run --------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Whether what was made of a kernel for a device runs there: all of it, and
/// within the limits of a block. Drivers would find out when it is launched.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_CHECKDEVICE_H
#define SYLVITE_LIB_EMIT_HALIDE_CHECKDEVICE_H

#include "Halide.h"
#include "mlir/IR/Diagnostics.h"
#include "sylvite/Support/Target.h"

namespace sylvite::emit {

/// One launch of a kernel: its blocks have so many threads, which share so many
/// bytes.
struct Launch {
  std::string name;
  int64_t threads;
  int64_t sharedBytes;
  /// How many blocks, of extents of the kernel's buffers.
  Halide::Expr blocks;
};

/// A kernel for a device, lowered.
struct DeviceKernel {
  std::vector<Launch> launches;
  /// The names of its buffers, inputs first.
  std::vector<std::string> buffers;
  /// As Halide keeps them in an object: OpenCL C, PTX, or the container of
  /// SPIR-V that its runtime reads.
  std::vector<std::string> programs;
};

/// The launches of a lowered kernel, in order. Fails, with an error at `loc`,
/// where a launch is more than the device takes, or where its size is known at
/// run time alone; and where a loop would run on the processor, which has none
/// of the data.
mlir::FailureOr<std::vector<Launch>> checkDevice(mlir::Location loc,
                                                 const Device &device,
                                                 const Halide::Module &lowered);

/// Whether a buffer of a lowered kernel is a program for a device.
bool isDeviceProgram(const Halide::Buffer<> &buffer);

/// The programs for the device in a lowered kernel, as Halide keeps them.
std::vector<std::string> getDevicePrograms(const Halide::Module &lowered);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_CHECKDEVICE_H
