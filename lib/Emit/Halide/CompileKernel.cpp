//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide writes objects to files only, and ends the process where a disk is
/// full, so that they pass through a file in memory.
///
//===----------------------------------------------------------------------===//

#include "CompileKernel.h"
#include "Algorithm.h"
#include "CheckBounds.h"
#include "CheckDevice.h"
#include "CheckDots.h"
#include "DeviceBools.h"
#include "DeviceDots.h"
#include "DeviceMath.h"
#include "Guard.h"
#include "LetNames.h"
#include "PairDots.h"
#include "ProgramNames.h"
#include "Schedules.h"
#include "TaskNames.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

std::string emit::getHalideVersion() {
  return llvm::formatv("{0}.{1}.{2}", HALIDE_VERSION_MAJOR,
                       HALIDE_VERSION_MINOR, HALIDE_VERSION_PATCH);
}

std::string emit::getHalideTarget(const Target &target,
                                  const EmitKernelsOptions &options) {
  std::string text = target.halide.str() + "-no_runtime-user_context";
  if (!options.asserts)
    text += "-no_asserts-no_bounds_query";
  return text;
}

/// Where errors of lowering are reported: most are about the schedule.
static Location getLoweringLoc(const Kernel &kernel) {
  if (kernel.schedule)
    return halide::ScheduleOp(kernel.schedule).getLoc();
  return halide::PipelineOp(kernel.pipeline).getLoc();
}

static FailureOr<Halide::Module> lower(const Kernel &kernel,
                                       Algorithm &algorithm,
                                       const EmitKernelsOptions &options,
                                       DeviceChecks *checks = nullptr) {
  if (failed(checkDotTarget(kernel.pipeline, *kernel.target)))
    return failure();
  std::optional<Halide::Module> lowered;
  LogicalResult result = callHalide(getLoweringLoc(kernel), [&] {
    std::vector<Halide::Argument> arguments;
    for (const Halide::Parameter &input : algorithm.inputs)
      arguments.emplace_back(input.name(), Halide::Argument::InputBuffer,
                             input.type(), input.dimensions(),
                             input.get_argument_estimates());
    // A pass counts and is used once: each lowering has its own.
    algorithm.pipeline.clear_custom_lowering_passes();
    if (kernel.target->device) {
      numberLets(algorithm.pipeline);
      lowerByteDots(algorithm.pipeline);
      lowerDeviceMath(algorithm.pipeline);
      widenDeviceBools(algorithm.pipeline);
      if (checks)
        checks->watch(algorithm.pipeline);
    }
    lowered = algorithm.pipeline.compile_to_module(
        arguments, halide::PipelineOp(kernel.pipeline).getName().str(),
        Halide::Target(getHalideTarget(*kernel.target, options)),
        options.argvWrapper ? Halide::LinkageType::ExternalPlusArgv
                            : Halide::LinkageType::External);
    renameTasks(*lowered);
    renamePrograms(*lowered);
    lowerPairDots(*lowered);
  });
  if (failed(result) ||
      failed(checkDotVectors(getLoweringLoc(kernel), *lowered)))
    return failure();
  if (const Device *device = kernel.target->device;
      device && failed(checkDevice(getLoweringLoc(kernel), *device, *lowered)))
    return failure();
  return *lowered;
}

/// The kernel's algorithm under its schedule.
static FailureOr<Algorithm> buildScheduled(const Kernel &kernel) {
  FailureOr<Algorithm> algorithm =
      buildAlgorithm(kernel.pipeline, kernel.target->device);
  if (failed(algorithm) ||
      (kernel.schedule && failed(applySchedule(kernel.schedule, *algorithm))))
    return failure();
  return algorithm;
}

LogicalResult emit::checkKernel(const Kernel &kernel) {
  return buildScheduled(kernel);
}

/// Refuses a schedule that would read or write what is not there. Halide finds
/// that out while the kernel runs, and without its checks never: the kernel
/// would be fast and wrong.
static LogicalResult checkBounds(const Kernel &kernel, Algorithm &algorithm,
                                 const EmitKernelsOptions &options) {
  if (!kernel.schedule || !mayBreakBounds(kernel.pipeline, kernel.schedule))
    return success();
  EmitKernelsOptions withAsserts = options;
  withAsserts.asserts = true;
  DeviceChecks checks;
  FailureOr<Halide::Module> lowered =
      lower(kernel, algorithm, withAsserts, &checks);
  if (failed(lowered))
    return failure();
  return emit::checkBounds(kernel.pipeline, kernel.schedule, *lowered, checks);
}

/// Has Halide write one kind of output, and returns what it wrote.
static FailureOr<std::string> compile(const Kernel &kernel,
                                      const EmitKernelsOptions &options,
                                      Halide::OutputFileType type) {
  FailureOr<Algorithm> algorithm = buildScheduled(kernel);
  if (failed(algorithm) || failed(checkBounds(kernel, *algorithm, options)))
    return failure();
  FailureOr<Halide::Module> lowered = lower(kernel, *algorithm, options);
  if (failed(lowered))
    return failure();
  Location loc = getLoweringLoc(kernel);
  int file = memfd_create("sylvite-kernel", MFD_CLOEXEC);
  if (file < 0)
    return emitError(loc, "no file in memory can be made: ")
           << llvm::sys::StrError();
  llvm::scope_exit close([&] { ::close(file); });
  // That a write failed, Halide would not survive; so ask beforehand.
  constexpr off_t mostBytes = 64 << 20;
  if (ftruncate(file, mostBytes) || ftruncate(file, 0))
    return emitError(loc, "there is no room for a compiled kernel: ")
           << llvm::sys::StrError();
  std::string path = llvm::formatv("/proc/self/fd/{0}", file);
  LogicalResult compiled =
      callHalide(loc, [&] { lowered->compile({{type, path}}); });
  if (failed(compiled))
    return failure();
  auto bytes = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!bytes)
    return emitError(loc, "the compiled kernel cannot be read: ")
           << bytes.getError().message();
  return (*bytes)->getBuffer().str();
}

FailureOr<std::string>
emit::compileToObject(const Kernel &kernel, const EmitKernelsOptions &options) {
  return compile(kernel, options, Halide::OutputFileType::object);
}

FailureOr<std::string> emit::compileToStmt(const Kernel &kernel,
                                           const EmitKernelsOptions &options) {
  return compile(kernel, options, Halide::OutputFileType::stmt);
}

FailureOr<DeviceKernel>
emit::lowerForDevice(const Kernel &kernel, const EmitKernelsOptions &options) {
  FailureOr<Algorithm> algorithm = buildScheduled(kernel);
  if (failed(algorithm))
    return failure();
  FailureOr<Halide::Module> lowered = lower(kernel, *algorithm, options);
  if (failed(lowered))
    return failure();
  FailureOr<std::vector<Launch>> launches =
      checkDevice(getLoweringLoc(kernel), *kernel.target->device, *lowered);
  if (failed(launches))
    return failure();
  DeviceKernel device{std::move(*launches), {}, getDevicePrograms(*lowered)};
  for (const Halide::Parameter &input : algorithm->inputs)
    device.buffers.push_back(input.name());
  for (const Halide::Func &output : algorithm->pipeline.outputs())
    device.buffers.push_back(output.name());
  return device;
}
