//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Judges kernels, and tells.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/DeviceReport.h"

#include "TextTable.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Judging
//===----------------------------------------------------------------------===//

static LaunchCost judgeLaunch(const DeviceModel &device,
                              const KernelLaunch &launch, const CostRow &row) {
  LaunchCost cost;
  cost.blocks = launch.countBlocks(row.extents);
  cost.occupancy = getOccupancy(
      device, {launch.threads, launch.sharedBytes, launch.registers});
  double warps = cost.occupancy.warps;
  if (cost.blocks && *cost.blocks > 0) {
    double each = *cost.blocks / device.multiprocessors;
    cost.transfer = std::min(1.0, each);
    // The multiprocessor with the most blocks ends last.
    cost.arithmetic = each / std::ceil(each);
    if (cost.occupancy.blocks)
      warps *= std::min(1.0, std::ceil(each) / cost.occupancy.blocks);
  }
  cost.arithmetic *= std::min(1.0, warps / device.warpsToHideLatency);
  return cost;
}

DeviceCall DeviceReport::judge(const CostRow &row,
                               const KernelLaunches &kernel) const {
  DeviceCall call{row, 0, &kernel, {}, 0, {}};
  // What the launches share of the work nobody knows; the one with the most
  // threads stands for all.
  const LaunchCost *largest = nullptr;
  double mostThreads = -1;
  for (const KernelLaunch &launch : kernel.launches)
    call.launches.push_back(judgeLaunch(device, launch, row));
  for (auto [launch, cost] : llvm::zip(kernel.launches, call.launches)) {
    double threads = cost.blocks.value_or(1) * launch.threads;
    if (threads > mostThreads)
      largest = &cost;
    mostThreads = std::max(mostThreads, threads);
  }
  double arithmetic = row.getFlops() / device.flopsPerSecond;
  double memory = row.getBytes() / device.bytesPerSecond;
  // No launch of a kernel that runs is infinitely slow.
  if (largest && largest->arithmetic > 0) {
    arithmetic /= largest->arithmetic;
    memory /= largest->transfer;
  }
  double launches = device.secondsPerLaunch * kernel.launches.size();
  call.seconds = std::max(arithmetic, memory) + launches;
  call.bound = launches > std::max(arithmetic, memory) ? "launches"
               : arithmetic > memory                   ? "arithmetic"
                                                       : "memory";
  return call;
}

LogicalResult DeviceReport::read(ModuleOp module,
                                 ArrayRef<FunctionCost> costs) {
  target = getTargetName(module).str();
  FailureOr<std::vector<KernelLaunches>> described = describeLaunches(module);
  if (failed(described))
    return failure();
  kernels = std::move(*described);
  calls.clear();
  for (const FunctionCost &function : costs)
    for (const CostRow &row : function.kernels) {
      auto same = llvm::find_if(calls, [&](const DeviceCall &call) {
        return call.row.name == row.name && call.row.extents == row.extents;
      });
      if (same == calls.end()) {
        auto kernel = llvm::find_if(kernels, [&](const KernelLaunches &kernel) {
          return kernel.kernel == row.name;
        });
        if (kernel == kernels.end())
          continue;
        calls.push_back(judge(row, *kernel));
        same = std::prev(calls.end());
      }
      same->calls += row.runs;
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Telling
//===----------------------------------------------------------------------===//

/// The number, or a dash.
template <typename Number>
static std::string formatKnown(const std::optional<Number> &number) {
  return number ? std::to_string(int64_t(*number)) : "-";
}

/// The name of an entry without what all of them have.
static std::string shorten(StringRef name) {
  name.consume_front("_kernel_");
  return name.split("_block_id_").first.str();
}

void DeviceReport::print(raw_ostream &os) const {
  os << "on " << device.name << " as " << target << "\n\n";
  TextTable launches({"launch", "blocks", "threads", "shared", "registers",
                      "spills", "occupancy", "limit"});
  for (const DeviceCall &call : calls) {
    if (call.kernel->launches.size() > 1)
      launches.add({call.row.name, "", "", "", "", "", "", ""});
    for (auto [launch, cost] :
         llvm::zip(call.kernel->launches, call.launches)) {
      bool isOnly = call.kernel->launches.size() == 1;
      launches.add(
          {isOnly ? call.row.name : "  " + shorten(launch.name),
           formatKnown(cost.blocks), std::to_string(launch.threads),
           formatNumber(launch.sharedBytes, "B"), formatKnown(launch.registers),
           launch.spillBytes ? formatNumber(*launch.spillBytes, "B") : "-",
           formatShare(cost.occupancy.share, 1),
           cost.occupancy.blocks ? cost.occupancy.limit.str()
                                 : "does not fit"});
    }
  }
  launches.print(os);
  os << '\n';
  TextTable times({"kernel", "result", "calls", "launches", "FLOP/B", "each",
                   "all", "bound by"});
  double seconds = 0, count = 0;
  for (const DeviceCall &call : calls) {
    double bytes = call.row.getBytes();
    seconds += call.calls * call.seconds;
    count += call.calls * call.launches.size();
    times.add(
        {call.row.name, call.row.result, std::to_string(int64_t(call.calls)),
         std::to_string(call.launches.size()),
         llvm::formatv("{0:F1}", bytes ? call.row.getFlops() / bytes : 0.0),
         formatSeconds(call.seconds), formatSeconds(call.calls * call.seconds),
         call.bound.str()});
  }
  times.add({"total", "", "", std::to_string(int64_t(count)), "", "",
             formatSeconds(seconds), ""});
  times.print(os);
  os << '\n';
}

json::Object DeviceReport::toJson() const {
  json::Array array;
  double seconds = 0;
  for (const DeviceCall &call : calls) {
    json::Array launches;
    for (auto [launch, cost] :
         llvm::zip(call.kernel->launches, call.launches)) {
      json::Object object{{"name", launch.name},
                          {"threads", launch.threads},
                          {"shared_bytes", launch.sharedBytes},
                          {"occupancy", cost.occupancy.share},
                          {"limit", cost.occupancy.limit}};
      if (cost.blocks)
        object["blocks"] = int64_t(*cost.blocks);
      if (launch.registers)
        object["registers"] = *launch.registers;
      if (launch.spillBytes)
        object["spill_bytes"] = *launch.spillBytes;
      launches.push_back(std::move(object));
    }
    seconds += call.calls * call.seconds;
    array.push_back(json::Object{{"kernel", call.row.name},
                                 {"result", call.row.result},
                                 {"calls", call.calls},
                                 {"seconds", call.seconds},
                                 {"bound", call.bound},
                                 {"launches", std::move(launches)}});
  }
  return json::Object{{"name", device.name},
                      {"target", target},
                      {"calls", std::move(array)},
                      {"seconds", seconds}};
}
