//===- Profile.h - Where the time of a call goes ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Times of kernels: as a table beside what the machine can do, and as a trace.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_RUN_PROFILE_H
#define SYLVITE_TOOLS_SYLVITE_RUN_PROFILE_H

#include "sylvite/Support/ModelInterface.h"

#include <optional>

namespace sylvite {

/// One call of a kernel; sylvite_event of Runtime.h.
struct ProfileEvent {
  uint32_t function, call;
  uint64_t begin, end;
};

/// What calls have done on a device; sylvite_device_counts of Runtime.h.
struct DeviceCounts {
  uint64_t launches = 0;
  uint64_t uploads = 0, uploadBytes = 0;
  uint64_t downloads = 0, downloadBytes = 0;
  uint64_t copies = 0;
  uint64_t weights = 0, weightBytes = 0;
};

/// FLOP and bytes a second that the machine reaches at most; products of bf16
/// and of int8 where somebody asked, 0 for what it has no instruction for.
struct MachineLimits {
  double flops = 0, bytes = 0, bf16 = 0, int8 = 0;

  /// Of a kernel with such products.
  double getFlops(llvm::StringRef product) const;
};

/// Measures those that the kernels need, in about half a second.
MachineLimits measureLimits(unsigned threads,
                            llvm::ArrayRef<KernelCallInfo> calls);

/// What was profiled.
struct Profile {
  const FunctionInfo &function;
  /// Its calls of kernels, in the code that ran.
  llvm::ArrayRef<KernelCallInfo> calls;
  llvm::ArrayRef<int64_t> dims;
  llvm::ArrayRef<ProfileEvent> events;
  unsigned runs, threads;
  /// What was done on a device before the runs and behind them, if anything.
  std::optional<DeviceCounts> before, after;
};

/// Prints one row for each kernel, or for each place that calls one.
void printProfile(const Profile &profile, const MachineLimits &limits,
                  bool byPlace, llvm::raw_ostream &os);

/// Writes the events as JSON in the Trace Event Format, which chrome://tracing
/// and Perfetto show.
void printTrace(const Profile &profile, llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_RUN_PROFILE_H
