//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Adds up the times of kernels and compares them with the roofline: the time
/// that a kernel would take if either its FLOP or its distinct bytes, read from
/// memory, were all that counts. What lies in a cache may be faster than that.
///
//===----------------------------------------------------------------------===//

#include "Profile.h"

#include "sylvite/Support/ArenaFormula.h"
#include "sylvite/Support/Limits.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace sylvite;
using namespace llvm;

double MachineLimits::getFlops(StringRef product) const {
  if (product == "bf16" && bf16)
    return bf16;
  if (product == "u8s8" && int8)
    return int8;
  // An instruction multiplies pairs of integers where others multiply floats.
  if (product == "s16s8")
    return 2 * flops;
  return flops;
}

MachineLimits sylvite::measureLimits(unsigned threads,
                                     ArrayRef<KernelCallInfo> calls) {
  auto isUsed = [&](StringRef product) {
    return any_of(calls, [&](const KernelCallInfo &call) {
      return call.product == product;
    });
  };
  MachineLimits limits;
  limits.flops = std::max(limits_fma(int(threads), 0.1, 0), 0.0);
  limits.bytes = std::max(limits_read(int(threads), 0.2), 0.0);
  if (isUsed("bf16"))
    limits.bf16 = std::max(limits_bf16(int(threads), 0.1), 0.0);
  if (isUsed("u8s8"))
    limits.int8 = std::max(limits_int8(int(threads), 0.1), 0.0);
  return limits;
}

namespace {
/// The calls of one kernel, in all runs.
struct Row {
  unsigned calls = 0;
  double seconds = 0;
  /// None where a call has no formula.
  std::optional<double> flops = 0, bytes = 0;
  /// Seconds that the roofline needs.
  std::optional<double> least = 0;

  void add(double time, std::optional<double> callFlops,
           std::optional<double> callBytes, std::optional<double> callLeast) {
    ++calls;
    seconds += time;
    auto sum = [](std::optional<double> &total, std::optional<double> value) {
      total = total && value ? std::optional(*total + *value) : std::nullopt;
    };
    sum(flops, callFlops);
    sum(bytes, callBytes);
    sum(least, callLeast);
  }
};
} // namespace

/// "12.3", or nothing for what is not known.
static std::string printRate(std::optional<double> amount, double seconds) {
  if (!amount || seconds <= 0)
    return "";
  return formatv("{0:f1}", *amount / seconds * 1e-9).str();
}

/// The seconds that the roofline needs for so much.
static std::optional<double> predictSeconds(std::optional<double> flops,
                                            std::optional<double> bytes,
                                            const MachineLimits &limits,
                                            StringRef product) {
  double flopLimit = limits.getFlops(product);
  if (!flops || !bytes || !flopLimit || !limits.bytes)
    return std::nullopt;
  return std::max(*flops / flopLimit, *bytes / limits.bytes);
}

static std::string printPrediction(const Row &row) {
  if (row.least)
    return formatv("{0:f1}", *row.least / row.calls * 1e6).str();
  return "";
}

/// The part of `seconds` that the roofline needs, in percent.
static std::string printShare(const Row &row) {
  if (!row.least || row.seconds <= 0)
    return "";
  return formatv("{0:f0} %", 100 * *row.least / row.seconds).str();
}

static void printTable(ArrayRef<std::vector<std::string>> rows,
                       raw_ostream &os) {
  std::vector<size_t> widths(rows.front().size());
  for (const std::vector<std::string> &row : rows)
    for (auto [width, cell] : zip_equal(widths, row))
      width = std::max(width, cell.size());
  for (const std::vector<std::string> &row : rows) {
    // Names to the left, numbers to the right.
    std::string line;
    raw_string_ostream stream(line);
    stream << left_justify(row.front(), widths.front());
    for (size_t i = 1; i < row.size(); ++i)
      stream << "  " << right_justify(row[i], widths[i]);
    os << StringRef(line).rtrim() << '\n';
  }
}

/// What each run has done on the device, and how the weights came there.
static void printDeviceCounts(const Profile &profile, raw_ostream &os) {
  if (!profile.before || !profile.after || !profile.after->launches)
    return;
  const DeviceCounts &from = *profile.before, &to = *profile.after;
  auto each = [&](uint64_t before, uint64_t after) {
    return (after - before) / profile.runs;
  };
  os << formatv(
      "on the device, each run: {0} launches, {1} copies there ({2} "
      "bytes), {3} back ({4} bytes), {5} in between\n",
      each(from.launches, to.launches), each(from.uploads, to.uploads),
      each(from.uploadBytes, to.uploadBytes),
      each(from.downloads, to.downloads),
      each(from.downloadBytes, to.downloadBytes), each(from.copies, to.copies));
  os << formatv("weights on the device: {0} ({1} bytes), {2} of them copied by "
                "these runs\n\n",
                to.weights, to.weightBytes, to.weights - from.weights);
}

void sylvite::printProfile(const Profile &profile, const MachineLimits &limits,
                           bool byPlace, raw_ostream &os) {
  const FunctionInfo &function = profile.function;
  StringMap<uint64_t> dims;
  std::string extents;
  for (auto [dim, extent] : zip_equal(function.dims, profile.dims)) {
    dims[dim.name] = uint64_t(extent);
    extents += formatv(", {0} = {1}", dim.name, extent).str();
  }
  // Of a call that is run in parts each part is noted, the last one smaller.
  bool onDevice =
      profile.after && profile.after->launches != profile.before->launches;
  int64_t part = onDevice ? 0 : function.getPart(profile.dims);
  int64_t batch = part ? profile.dims[function.batchDim] : 1;
  int64_t numParts = part ? divideCeil(batch, part) : 1;
  size_t next = 0;
  auto evaluate = [&](const std::string &formula) -> std::optional<double> {
    if (std::optional<uint64_t> value = evaluateArena(formula, dims))
      return double(*value);
    return std::nullopt;
  };
  // In the order in which they ran.
  std::vector<std::pair<std::string, Row>> rows;
  StringMap<size_t> places;
  Row total;
  for (const ProfileEvent &event : profile.events) {
    const KernelCallInfo &call = profile.calls[event.call];
    if (part) {
      // Functions that are run in parts have no loops.
      int64_t begin = next++ / profile.calls.size() % numParts * part;
      dims[function.dims[function.batchDim].name] =
          uint64_t(std::min(part, batch - begin));
    }
    std::string name = call.kernel;
    if (byPlace && !call.place.empty())
      name += " (" + call.place + ")";
    double seconds = double(event.end - event.begin) * 1e-9;
    std::optional<double> flops = evaluate(call.flops),
                          bytes = evaluate(call.bytes);
    auto [place, isNew] = places.try_emplace(name, rows.size());
    if (isNew)
      rows.emplace_back(name, Row());
    std::optional<double> least =
        predictSeconds(flops, bytes, limits, call.product);
    rows[place->second].second.add(seconds, flops, bytes, least);
    total.add(seconds, flops, bytes, least);
  }

  os << formatv(
      "{0}{1}: {2} run{3} on {4} thread{5}, {6:f3} ms in kernels each\n",
      function.name, extents, profile.runs, profile.runs == 1 ? "" : "s",
      profile.threads, profile.threads == 1 ? "" : "s",
      total.seconds / profile.runs * 1e3);
  os << formatv("limits measured now: {0:f0} GFLOP/s, {1:f1} GB/s from memory",
                limits.flops * 1e-9, limits.bytes * 1e-9);
  if (limits.bf16)
    os << formatv(", {0:f0} GFLOP/s of bf16", limits.bf16 * 1e-9);
  if (limits.int8)
    os << formatv(", {0:f0} Gop/s of int8", limits.int8 * 1e-9);
  os << "\n\n";
  printDeviceCounts(profile, os);
  std::vector<std::vector<std::string>> table = {
      {"kernel", "calls", "us", "predicted", "of time", "GFLOP/s", "GB/s",
       "of roofline"}};
  auto addRow = [&](StringRef name, const Row &row) {
    table.push_back({name.str(), std::to_string(row.calls / profile.runs),
                     formatv("{0:f1}", row.seconds / row.calls * 1e6),
                     printPrediction(row),
                     formatv("{0:f1} %", 100 * row.seconds / total.seconds),
                     printRate(row.flops, row.seconds),
                     printRate(row.bytes, row.seconds), printShare(row)});
  };
  for (const auto &[name, row] : rows)
    addRow(name, row);
  if (total.calls)
    addRow("all", total);
  printTable(table, os);
}

void sylvite::printTrace(const Profile &profile, raw_ostream &os) {
  json::OStream out(os);
  uint64_t start = profile.events.empty() ? 0 : profile.events.front().begin;
  out.object([&] {
    out.attribute("displayTimeUnit", "ns");
    out.attributeArray("traceEvents", [&] {
      for (const ProfileEvent &event : profile.events) {
        const KernelCallInfo &call = profile.calls[event.call];
        out.object([&] {
          out.attribute("name", call.kernel);
          out.attribute("cat", "kernel");
          out.attribute("ph", "X");
          // Microseconds.
          out.attribute("ts", double(event.begin - start) * 1e-3);
          out.attribute("dur", double(event.end - event.begin) * 1e-3);
          out.attribute("pid", 1);
          out.attribute("tid", 1);
          out.attributeObject("args",
                              [&] { out.attribute("place", call.place); });
        });
      }
    });
  });
  os << '\n';
}
