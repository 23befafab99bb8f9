//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls of a compiled function.
///
//===----------------------------------------------------------------------===//

#include "Run.h"
#include "Bind.h"
#include "sylvite/Support/FileTransaction.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>
#include <thread>

using namespace sylvite;
using namespace llvm;

static Expected<const FunctionInfo &> findFunction(const Library &library,
                                                   StringRef name) {
  const std::vector<FunctionInfo> &functions = library.getInterface().functions;
  if (name.empty() && functions.size() == 1)
    return functions.front();
  for (const FunctionInfo &function : functions)
    if (function.name == name)
      return function;
  auto names = map_range(
      functions, [](const FunctionInfo &function) { return function.name; });
  std::string known = " (it has " + join(names, ", ") + ")";
  if (name.empty())
    return createStringError(
        library.getPath() + ": name the function to run by --function" + known);
  return createStringError(library.getPath() + ": has no function '" + name +
                           "'" + known);
}

/// Calls `call` `runs` times and prints the median and the least time.
static Error measure(unsigned runs, unsigned threads,
                     function_ref<Error()> call, raw_ostream &os) {
  std::vector<double> times;
  for (unsigned i = 0; i < runs; ++i) {
    auto start = std::chrono::steady_clock::now();
    if (Error error = call())
      return error;
    std::chrono::duration<double, std::milli> time =
        std::chrono::steady_clock::now() - start;
    times.push_back(time.count());
  }
  llvm::sort(times);
  double median =
      runs % 2 ? times[runs / 2] : (times[runs / 2 - 1] + times[runs / 2]) / 2;
  os << formatv("{{\"median_ms\": {0:f4}, \"min_ms\": {1:f4}, \"runs\": {2}, "
                "\"threads\": {3}}\n",
                median, times.front(), runs, threads);
  return Error::success();
}

/// Calls `call` `runs` times and tells where the time went.
static Error profile(Library &library, const FunctionInfo &function,
                     ArrayRef<int64_t> dims, const RunOptions &options,
                     unsigned threads, function_ref<Error()> call,
                     raw_ostream &os) {
  unsigned runs = std::max(options.repeat, 1u);
  ArrayRef<KernelCallInfo> calls = library.getCalls(function);
  // How many kernels a run has depends on its loops.
  ProfileEvent none;
  if (Error error = library.profile(&none, 0))
    return error;
  if (Error error = call())
    return error;
  std::vector<ProfileEvent> events(
      std::max<uint64_t>(library.countEvents(), 1) * runs);
  if (Error error = library.profile(events.data(), events.size()))
    return error;
  std::optional<DeviceCounts> before = library.countOnDevice();
  for (unsigned i = 0; i < runs; ++i)
    if (Error error = call())
      return error;
  std::optional<DeviceCounts> after = library.countOnDevice();
  events.resize(std::min<uint64_t>(library.countEvents(), events.size()));
  if (Error error = library.profile(nullptr, 0))
    return error;
  // Of a library whose description has been changed.
  llvm::erase_if(events, [&](const ProfileEvent &event) {
    return event.call >= calls.size();
  });
  Profile profile{function, calls,   dims,   events,
                  runs,     threads, before, after};
  if (options.profile != ProfileBy::None)
    printProfile(profile, measureLimits(threads, calls),
                 options.profile == ProfileBy::Place, os);
  if (options.trace.empty())
    return Error::success();
  FileTransaction transaction;
  Expected<raw_fd_ostream &> file = transaction.addStream(options.trace);
  if (!file)
    return file.takeError();
  printTrace(profile, *file);
  return transaction.commit();
}

Error sylvite::run(Library &library, const RunOptions &options,
                   raw_ostream &os) {
  Expected<const FunctionInfo &> function =
      findFunction(library, options.function);
  if (!function)
    return function.takeError();
  Expected<NpzArrays> inputs = readNpz(options.inputs);
  if (!inputs)
    return inputs.takeError();
  Expected<BoundArguments> bound =
      bindInputs(*function, *inputs, options.inputs, options.dims);
  if (!bound)
    return bound.takeError();
  Expected<NpzArrays> outputs = makeOutputs(*function, bound->dims);
  if (!outputs)
    return outputs.takeError();
  std::vector<void *> results;
  for (const ParameterInfo &output : function->outputs)
    results.push_back((*outputs)[output.name].data.data());

  if (Error error = library.open(options.weights, options.target))
    return error;
  library.setNumThreads(options.threads);
  auto call = [&] {
    return library.invoke(*function, bound->dims, bound->inputs, results);
  };
  // The first call allocates and reads the weights; it is not measured.
  if (Error error = call())
    return error;
  unsigned threads =
      options.threads ? options.threads : std::thread::hardware_concurrency();
  if (options.repeat)
    if (Error error = measure(options.repeat, threads, call, os))
      return error;
  if (options.profile != ProfileBy::None || !options.trace.empty())
    if (Error error = profile(library, *function, bound->dims, options, threads,
                              call, os))
      return error;
  takeInPlace(*function, *inputs, *outputs);
  return options.outputs.empty() ? Error::success()
                                 : writeNpz(options.outputs, *outputs);
}
