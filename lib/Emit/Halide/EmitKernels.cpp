//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pairs pipelines with schedules and compiles them in parallel. Diagnostics of
/// all threads come out in the order of the module.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Halide/EmitKernels.h"
#include "KernelCache.h"
#include "mlir/IR/Diagnostics.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>
#include <mutex>

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

static FailureOr<const Target *>
chooseTarget(ModuleOp module, const EmitKernelsOptions &options) {
  StringRef name = options.target;
  if (name.empty())
    name = getTargetName(module);
  if (name.empty())
    return module.emitError("no target: neither the options nor the module's ")
           << kTargetAttr << " name one";
  llvm::Expected<const Target &> target = getTarget(name);
  if (!target)
    return module.emitError() << llvm::toString(target.takeError());
  return &*target;
}

FailureOr<std::vector<Kernel>>
emit::collectKernels(ModuleOp module, const EmitKernelsOptions &options) {
  FailureOr<const Target *> target = chooseTarget(module, options);
  if (failed(target))
    return failure();

  llvm::StringMap<halide::ScheduleOp> schedules;
  for (auto schedule : module.getOps<halide::ScheduleOp>()) {
    if (schedule.getTarget() != (*target)->name)
      continue;
    auto [first, isNew] = schedules.insert({schedule.getKernel(), schedule});
    if (!isNew)
      return schedule.emitError("kernel @")
                 .append(schedule.getKernel(), " has a schedule for \"",
                         schedule.getTarget(), "\" already")
                 .attachNote(first->second.getLoc())
             << "here";
  }

  std::vector<Kernel> kernels;
  for (auto pipeline : module.getOps<halide::PipelineOp>()) {
    halide::ScheduleOp schedule = schedules.lookup(pipeline.getName());
    if (!schedule && !options.allowUnscheduled)
      return pipeline.emitError("kernel @")
             << pipeline.getName() << " has no schedule for \""
             << (*target)->name << "\"";
    kernels.push_back({pipeline, schedule, *target});
  }
  return kernels;
}

/// Bytes of code and constants in an object, 0 where it cannot be read.
static uint64_t countTextBytes(StringRef object) {
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(object, "kernel"));
  if (!file) {
    llvm::consumeError(file.takeError());
    return 0;
  }
  uint64_t bytes = 0;
  for (const llvm::object::SectionRef &section : (*file)->sections())
    if (section.isText() || section.isData())
      bytes += section.getSize();
  return bytes;
}

/// Takes the kernel from the cache, or compiles it and keeps it there.
static FailureOr<EmittedKernel> emitKernel(const Kernel &kernel,
                                           const EmitKernelsOptions &options,
                                           const KernelCache &cache) {
  auto start = std::chrono::steady_clock::now();
  halide::PipelineOp pipeline = kernel.pipeline;
  EmittedKernel emitted;
  emitted.name = pipeline.getName();
  std::string key = KernelCache::computeKey(kernel, options);
  if (std::optional<std::string> cached = cache.find(key)) {
    emitted.object = std::move(*cached);
    emitted.cacheHit = true;
  } else {
    FailureOr<std::string> compiled = compileToObject(kernel, options);
    if (failed(compiled))
      return failure();
    emitted.object = std::move(*compiled);
    if (llvm::Error error = cache.store(key, emitted.object))
      pipeline.emitWarning("the compiled kernel is not kept: ")
          << llvm::toString(std::move(error));
  }
  emitted.textBytes = countTextBytes(emitted.object);
  emitted.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return emitted;
}

/// The cache that the options name. A cache that cannot be used makes compiling
/// slow, not wrong.
static KernelCache openCache(ModuleOp module,
                             const EmitKernelsOptions &options) {
  llvm::Expected<KernelCache> cache = KernelCache::open(options.cacheDirectory);
  if (cache)
    return *cache;
  module.emitWarning("compiled kernels are not kept: ")
      << llvm::toString(cache.takeError());
  return KernelCache();
}

FailureOr<std::vector<std::vector<EmittedKernel>>>
sylvite::emitKernels(ArrayRef<ModuleOp> modules,
                     const EmitKernelsOptions &options) {
  // All in one list, so that no thread is idle between two modules.
  std::vector<Kernel> kernels;
  std::vector<size_t> counts;
  for (ModuleOp module : modules) {
    FailureOr<std::vector<Kernel>> some = collectKernels(module, options);
    if (failed(some))
      return failure();
    counts.push_back(some->size());
    llvm::append_range(kernels, *some);
  }
  ModuleOp first = modules.front();
  KernelCache cache = openCache(first, options);

  std::vector<EmittedKernel> emitted(kernels.size());
  std::atomic<bool> anyFailed = false;
  std::mutex progressMutex;
  size_t done = 0;
  auto emitOne = [&](size_t i) {
    FailureOr<EmittedKernel> result = emitKernel(kernels[i], options, cache);
    if (failed(result)) {
      anyFailed = true;
      return;
    }
    emitted[i] = std::move(*result);
    std::lock_guard lock(progressMutex);
    ++done;
    if (options.progress)
      options.progress(emitted[i], done, kernels.size());
  };

  // A context without threads has attributes that are not safe to share.
  bool isThreaded = first.getContext()->isMultithreadingEnabled();
  ParallelDiagnosticHandler handler(first.getContext());
  llvm::StdThreadPool pool(
      llvm::hardware_concurrency(isThreaded ? options.threads : 1));
  for (size_t i = 0; i < kernels.size(); ++i)
    pool.async([&, i] {
      handler.setOrderIDForThread(i);
      emitOne(i);
      handler.eraseOrderIDForThread();
    });
  pool.wait();
  if (anyFailed)
    return failure();
  std::vector<std::vector<EmittedKernel>> result;
  auto next = std::make_move_iterator(emitted.begin());
  for (size_t count : counts) {
    result.emplace_back(next, next + count);
    next += count;
  }
  return result;
}

FailureOr<std::vector<EmittedKernel>>
sylvite::emitKernels(ModuleOp module, const EmitKernelsOptions &options) {
  FailureOr<std::vector<std::vector<EmittedKernel>>> emitted =
      emitKernels(ArrayRef<ModuleOp>(module), options);
  if (failed(emitted))
    return failure();
  return std::move(emitted->front());
}
