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
#include "CompileKernel.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>
#include <mutex>

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

/// Attribute of the module: the target that its kernels are for.
static constexpr StringRef kTargetAttribute = "sylvite.target";

static FailureOr<const Target *> findTarget(ModuleOp module,
                                            const EmitKernelsOptions &options) {
  std::string name = options.target;
  if (auto attribute = module->getAttrOfType<StringAttr>(kTargetAttribute);
      attribute && name.empty())
    name = attribute.getValue();
  if (name.empty())
    return module.emitError("no target: neither the options nor the module's ")
           << kTargetAttribute << " name one";
  llvm::Expected<const Target &> target = getTarget(name);
  if (!target)
    return module.emitError() << llvm::toString(target.takeError());
  return &*target;
}

FailureOr<std::vector<Kernel>>
emit::collectKernels(ModuleOp module, const EmitKernelsOptions &options) {
  FailureOr<const Target *> target = findTarget(module, options);
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

static FailureOr<EmittedKernel> emitKernel(const Kernel &kernel,
                                           const EmitKernelsOptions &options) {
  auto start = std::chrono::steady_clock::now();
  FailureOr<std::string> object = compileToObject(kernel, options);
  if (failed(object))
    return failure();
  EmittedKernel emitted;
  emitted.name = halide::PipelineOp(kernel.pipeline).getName();
  emitted.object = std::move(*object);
  emitted.textBytes = countTextBytes(emitted.object);
  emitted.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return emitted;
}

FailureOr<std::vector<EmittedKernel>>
sylvite::emitKernels(ModuleOp module, const EmitKernelsOptions &options) {
  FailureOr<std::vector<Kernel>> kernels = collectKernels(module, options);
  if (failed(kernels))
    return failure();

  std::vector<EmittedKernel> emitted(kernels->size());
  std::atomic<bool> anyFailed = false;
  std::mutex progressMutex;
  size_t done = 0;
  {
    ParallelDiagnosticHandler handler(module.getContext());
    llvm::StdThreadPool pool(llvm::hardware_concurrency(options.threads));
    for (size_t i = 0; i < kernels->size(); ++i)
      pool.async([&, i] {
        handler.setOrderIDForThread(i);
        FailureOr<EmittedKernel> result = emitKernel((*kernels)[i], options);
        handler.eraseOrderIDForThread();
        if (failed(result)) {
          anyFailed = true;
          return;
        }
        emitted[i] = std::move(*result);
        std::lock_guard lock(progressMutex);
        ++done;
        if (options.progress)
          options.progress(emitted[i], done, kernels->size());
      });
    pool.wait();
  }
  if (anyFailed)
    return failure();
  return emitted;
}
