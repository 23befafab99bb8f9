//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compiles and times kernels. One thread is judged by the time that it had the
/// processor, several by the time that passed, and each by its best block: what
/// else the machine does can only add to it.
///
//===----------------------------------------------------------------------===//

#include "Measurement.h"

#include "mlir/IR/Builders.h"
#include "sylvite/Support/ModuleTarget.h"

#include <algorithm>
#include <ctime>

using namespace mlir;
using namespace sylvite;

llvm::Expected<CallData> CallData::create(const KernelCall &call) {
  CallData data;
  for (const CallBuffer &buffer : call.buffers) {
    llvm::Expected<CallArray> array = CallArray::create(buffer);
    if (!array)
      return array.takeError();
    data.arrays.push_back(std::make_unique<CallArray>(std::move(*array)));
    data.buffers.push_back(data.arrays.back()->describe());
  }
  return data;
}

std::vector<char> CallData::getResult() const {
  const halide_buffer_t *buffer = buffers.back();
  size_t bytes = buffer->type.bytes();
  for (int i = 0; i < buffer->dimensions; ++i)
    bytes *= buffer->dim[i].extent;
  const char *data = reinterpret_cast<const char *>(buffer->host);
  return {data, data + bytes};
}

llvm::Expected<LoadedKernel> sylvite::compileKernel(halide::PipelineOp kernel,
                                                    halide::ScheduleOp schedule,
                                                    int threads) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
  (*module)->setAttr(kTargetAttr,
                     kernel->getParentOfType<ModuleOp>()->getAttr(kTargetAttr));
  OpBuilder builder(module->getBodyRegion());
  builder.clone(*kernel);
  builder.clone(*schedule);
  EmitKernelsOptions options;
  options.argvWrapper = true;
  options.threads = 1;
  // A schedule that is wrong says so, and does not write where it must not.
  options.asserts = true;
  std::string text;
  ScopedDiagnosticHandler handler(kernel.getContext(), [&](Diagnostic &d) {
    if (text.empty())
      text = d.str();
  });
  auto emitted = emitKernels(*module, options);
  if (failed(emitted))
    return llvm::createStringError(text);
  return LoadedKernel::load(emitted->front(), threads);
}

static double now(int threads) {
  timespec time;
  clock_gettime(threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC,
                &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

std::pair<double, double> sylvite::compareTimes(const LoadedKernel &first,
                                                const LoadedKernel &second,
                                                const CallData &data,
                                                int threads) {
  // A block is about 2 ms, so that clocks and caches do not matter.
  constexpr double blockSeconds = 2e-3;
  constexpr int blocks = 7;
  auto run = [&](const LoadedKernel &kernel, int calls) {
    double begin = now(threads);
    for (int i = 0; i < calls; ++i)
      cantFail(kernel.call(data.getBuffers()));
    return (now(threads) - begin) / calls;
  };
  run(first, 1);
  double once = std::min(run(first, 1), run(first, 1));
  int calls = std::clamp(int(blockSeconds / std::max(once, 1e-7)), 1, 10000);
  run(second, 1);
  std::pair<double, double> best = {1e9, 1e9};
  for (int block = 0; block < blocks; ++block) {
    best.first = std::min(best.first, run(first, calls));
    best.second = std::min(best.second, run(second, calls));
  }
  return best;
}
