//===- Measurement.h - How long a scheduled kernel takes --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel, compiled under one schedule, and its time in calls of a model.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_TUNE_MEASUREMENT_H
#define SYLVITE_TOOLS_SYLVITE_TUNE_MEASUREMENT_H

#include "sylvite/Measure/CallArray.h"
#include "sylvite/Measure/LoadedKernel.h"

namespace sylvite {

/// The buffers of one call, filled: inputs, then outputs.
class CallData {
public:
  static llvm::Expected<CallData> create(const KernelCall &call);
  llvm::ArrayRef<halide_buffer_t *> getBuffers() const { return buffers; }
  /// The bytes of the last buffer, which holds the result.
  std::vector<char> getResult() const;

private:
  std::vector<std::unique_ptr<CallArray>> arrays;
  std::vector<halide_buffer_t *> buffers;
};

/// Compiles a kernel under a schedule. Halide's refusal is an error.
llvm::Expected<LoadedKernel> compileKernel(halide::PipelineOp kernel,
                                           halide::ScheduleOp schedule,
                                           int threads);

/// Seconds of a call of each of two kernels, which take turns.
std::pair<double, double> compareTimes(const LoadedKernel &first,
                                       const LoadedKernel &second,
                                       const CallData &data, int threads);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_TUNE_MEASUREMENT_H
