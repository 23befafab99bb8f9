//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Coordinate descent over the numbers of the cost model.
///
//===----------------------------------------------------------------------===//

#include "Tuner.h"

#include "sylvite/Schedule/Passes.h"
#include "llvm/ADT/StringSet.h"

#include <chrono>
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace sylvite;

namespace {
/// A number of the cost model with the values to try.
struct Knob {
  const char *name;
  int64_t CostModel::*number;
  std::vector<int64_t> values;
};

/// The search for one kernel.
class Search {
public:
  Search(halide::PipelineOp kernel, const Target &target,
         const TunerOptions &options)
      : kernel(kernel), target(target), options(options) {}

  llvm::Expected<TunedKernel> run(ArrayRef<KernelCall> calls);

private:
  llvm::Error prepare(ArrayRef<KernelCall> calls);
  /// The schedule with these numbers; empty where it was tried before.
  halide::ScheduleOp makeSchedule(const CostModel &costs);
  /// Is the schedule better than the best? Then it is the best from now on.
  bool tryCosts(const CostModel &costs);
  /// Times of all calls, relative to the best ones, in the geometric mean; none
  /// where the candidate is slower somewhere or gives other results.
  std::optional<double> compare(const LoadedKernel &candidate);

  halide::PipelineOp kernel;
  const Target &target;
  const TunerOptions &options;
  std::vector<CallData> data;
  std::vector<std::vector<char>> expected;
  llvm::StringSet<> seen;
  CostModel costs;
  halide::ScheduleOp best;
  std::optional<LoadedKernel> original, fastest;
  TunedKernel result;
};
} // namespace

static const std::vector<Knob> &getKnobs() {
  static const std::vector<Knob> knobs = {
      {"tile rows", &CostModel::tileRows, {2, 4, 6, 8}},
      {"norm rows", &CostModel::normRows, {8, 16, 32, 64}},
      {"task FLOP",
       &CostModel::taskFlops,
       {1 << 19, 1 << 20, 1 << 22, 1 << 24}},
      {"attention rows", &CostModel::attentionRows, {16, 32, 64, 128}},
      {"heavy rows", &CostModel::heavyRows, {1, 2, 4, 8}},
      {"task elements",
       &CostModel::taskElements,
       {1 << 11, 1 << 12, 1 << 14, 1 << 16}},
  };
  return knobs;
}

halide::ScheduleOp Search::makeSchedule(const CostModel &numbers) {
  scheduleKernel(kernel, target, numbers);
  auto schedule = cast<halide::ScheduleOp>(kernel->getNextNode());
  std::string text;
  llvm::raw_string_ostream os(text);
  schedule->print(os);
  if (seen.insert(text).second)
    return schedule;
  schedule->erase();
  return {};
}

llvm::Error Search::prepare(ArrayRef<KernelCall> calls) {
  best = makeSchedule(costs);
  llvm::Expected<LoadedKernel> loaded =
      compileKernel(kernel, best, options.threads);
  if (!loaded)
    return loaded.takeError();
  original.emplace(std::move(*loaded));
  for (const KernelCall &call : calls) {
    llvm::Expected<CallData> next = CallData::create(call);
    if (!next)
      return next.takeError();
    if (llvm::Error error = original->call(next->getBuffers()))
      return error;
    expected.push_back(next->getResult());
    data.push_back(std::move(*next));
  }
  return llvm::Error::success();
}

std::optional<double> Search::compare(const LoadedKernel &candidate) {
  constexpr double slower = 1.03;
  const LoadedKernel &current = fastest ? *fastest : *original;
  double logarithms = 0;
  for (auto [call, result] : llvm::zip_equal(data, expected)) {
    if (llvm::Error error = candidate.call(call.getBuffers())) {
      consumeError(std::move(error));
      return std::nullopt;
    }
    // Other blocks of rows are no other sums: every bit has to be the same.
    if (call.getResult() != result)
      return std::nullopt;
    auto [before, after] =
        compareTimes(current, candidate, call, options.threads);
    if (after > before * slower)
      return std::nullopt;
    logarithms += std::log(after / before);
  }
  return std::exp(logarithms / double(data.size()));
}

bool Search::tryCosts(const CostModel &numbers) {
  constexpr double faster = 0.98;
  halide::ScheduleOp schedule = makeSchedule(numbers);
  if (!schedule)
    return false;
  ++result.tried;
  auto passOver = [&] {
    schedule->erase();
    return false;
  };
  llvm::Expected<LoadedKernel> candidate =
      compileKernel(kernel, schedule, options.threads);
  if (!candidate) {
    consumeError(candidate.takeError());
    return passOver();
  }
  std::optional<double> ratio = compare(*candidate);
  if (!ratio || *ratio > faster)
    return passOver();
  best->erase();
  best = schedule;
  fastest.reset();
  fastest.emplace(std::move(*candidate));
  costs = numbers;
  return true;
}

llvm::Expected<TunedKernel> Search::run(ArrayRef<KernelCall> calls) {
  auto begin = std::chrono::steady_clock::now();
  auto hasTime = [&] {
    std::chrono::duration<double> spent =
        std::chrono::steady_clock::now() - begin;
    return spent.count() < options.seconds;
  };
  if (llvm::Error error = prepare(calls))
    return error;
  // Until a round over all knobs changes nothing.
  for (bool changed = true; changed && hasTime();) {
    changed = false;
    for (const Knob &knob : getKnobs())
      for (int64_t value : knob.values) {
        CostModel numbers = costs;
        numbers.*knob.number = value;
        if (hasTime())
          changed |= tryCosts(numbers);
      }
  }
  CostModel usual;
  for (const Knob &knob : getKnobs())
    if (costs.*knob.number != usual.*knob.number)
      result.changes += (result.changes.empty() ? "" : ", ") +
                        std::string(knob.name) + " " +
                        std::to_string(costs.*knob.number);
  for (auto [call, buffers] : llvm::zip_equal(calls, data)) {
    auto [before, after] = compareTimes(
        *original, fastest ? *fastest : *original, buffers, options.threads);
    result.before += call.count * before;
    result.after += call.count * (fastest ? after : before);
  }
  return result;
}

llvm::Expected<TunedKernel> sylvite::tuneKernel(halide::PipelineOp kernel,
                                                ArrayRef<KernelCall> calls,
                                                const Target &target,
                                                const TunerOptions &options) {
  return Search(kernel, target, options).run(calls);
}
