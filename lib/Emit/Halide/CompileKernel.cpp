//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide writes objects to files only, so that they pass through a temporary
/// one.
///
//===----------------------------------------------------------------------===//

#include "CompileKernel.h"
#include "Algorithm.h"
#include "Guard.h"
#include "Schedules.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

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
                                       const EmitKernelsOptions &options) {
  halide::PipelineOp pipeline = kernel.pipeline;
  FailureOr<Algorithm> algorithm = buildAlgorithm(pipeline);
  if (failed(algorithm) ||
      (kernel.schedule && failed(applySchedule(kernel.schedule, *algorithm))))
    return failure();

  std::optional<Halide::Module> lowered;
  LogicalResult result = callHalide(getLoweringLoc(kernel), [&] {
    std::vector<Halide::Argument> arguments;
    for (const Halide::Parameter &input : algorithm->inputs)
      arguments.emplace_back(input.name(), Halide::Argument::InputBuffer,
                             input.type(), input.dimensions(),
                             input.get_argument_estimates());
    lowered = algorithm->pipeline.compile_to_module(
        arguments, pipeline.getName().str(),
        Halide::Target(getHalideTarget(*kernel.target, options)),
        options.argvWrapper ? Halide::LinkageType::ExternalPlusArgv
                            : Halide::LinkageType::External);
  });
  if (failed(result))
    return failure();
  return *lowered;
}

/// Has Halide write one kind of output, and returns what it wrote.
static FailureOr<std::string> compile(const Kernel &kernel,
                                      const EmitKernelsOptions &options,
                                      Halide::OutputFileType type) {
  FailureOr<Halide::Module> lowered = lower(kernel, options);
  if (failed(lowered))
    return failure();
  Location loc = getLoweringLoc(kernel);
  SmallString<128> path;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("sylvite-kernel", "o", path))
    return emitError(loc, "no temporary file can be made: ") << error.message();
  llvm::FileRemover remover(path);
  LogicalResult compiled =
      callHalide(loc, [&] { lowered->compile({{type, path.str().str()}}); });
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
