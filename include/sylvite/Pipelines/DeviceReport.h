//===- DeviceReport.h - Kernels judged for a device -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of the report of costs that is about a device: what each launch
/// takes of it, and how long a call is predicted to take. Brings libHalide.so
/// along.
///
/// A call takes as long as the larger of its FLOP by what the device calculates
/// and its bytes by what it transfers, each as far as its blocks keep the
/// device busy, and the overhead of its launches.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_DEVICEREPORT_H
#define SYLVITE_PIPELINES_DEVICEREPORT_H

#include "sylvite/Emit/Halide/Launches.h"
#include "sylvite/Pipelines/CostReport.h"
#include "sylvite/Pipelines/DeviceModel.h"
#include "llvm/Support/JSON.h"

namespace sylvite {

/// A launch of one call.
struct LaunchCost {
  std::optional<double> blocks;
  Occupancy occupancy;
  /// The shares of its multiprocessors' arithmetic and of its transfer that the
  /// launch can use.
  double arithmetic = 1, transfer = 1;
};

/// All calls of a kernel with the same extents.
struct DeviceCall {
  CostRow row;
  double calls = 0;
  const KernelLaunches *kernel = nullptr;
  std::vector<LaunchCost> launches;
  /// Of one call, and what most of it is for: "arithmetic", "memory" or
  /// "launches".
  double seconds = 0;
  llvm::StringRef bound;
};

class DeviceReport {
public:
  explicit DeviceReport(DeviceModel device) : device(std::move(device)) {}

  /// Looks at scheduled kernels, for calls that `costs` has.
  mlir::LogicalResult read(mlir::ModuleOp module,
                           llvm::ArrayRef<FunctionCost> costs);

  void print(llvm::raw_ostream &os) const;
  llvm::json::Object toJson() const;

private:
  DeviceCall judge(const CostRow &row, const KernelLaunches &kernel) const;

  DeviceModel device;
  std::string target;
  std::vector<KernelLaunches> kernels;
  std::vector<DeviceCall> calls;
};

} // namespace sylvite

#endif // SYLVITE_PIPELINES_DEVICEREPORT_H
