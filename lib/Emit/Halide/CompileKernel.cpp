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
#include "Guard.h"
#include "Schedules.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <set>
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
                                       const EmitKernelsOptions &options) {
  std::optional<Halide::Module> lowered;
  LogicalResult result = callHalide(getLoweringLoc(kernel), [&] {
    std::vector<Halide::Argument> arguments;
    for (const Halide::Parameter &input : algorithm.inputs)
      arguments.emplace_back(input.name(), Halide::Argument::InputBuffer,
                             input.type(), input.dimensions(),
                             input.get_argument_estimates());
    lowered = algorithm.pipeline.compile_to_module(
        arguments, halide::PipelineOp(kernel.pipeline).getName().str(),
        Halide::Target(getHalideTarget(*kernel.target, options)),
        options.argvWrapper ? Halide::LinkageType::ExternalPlusArgv
                            : Halide::LinkageType::External);
  });
  if (failed(result))
    return failure();
  return *lowered;
}

namespace {
/// Collects the bounds of a schedule that Halide would check while the kernel
/// runs.
class UnprovenBounds : public Halide::Internal::IRVisitor {
public:
  /// Reports each at the directive that gives it.
  LogicalResult report(halide::ScheduleOp schedule);

private:
  using IRVisitor::visit;
  void visit(const Halide::Internal::AssertStmt *assertion) override {
    using namespace Halide::Internal;
    auto *error = assertion->message.as<Call>();
    if (error && error->name == "halide_error_explicit_bounds_too_small")
      found.insert({error->args[1].as<StringImm>()->value,
                    error->args[0].as<StringImm>()->value});
  }

  /// Functions and their variables.
  std::set<std::pair<std::string, std::string>> found;
};
} // namespace

LogicalResult UnprovenBounds::report(halide::ScheduleOp schedule) {
  for (Operation &op : schedule.getBody().front()) {
    StringRef func = cast<halide::Directive>(op).getFunc(), var;
    if (auto bound = dyn_cast<halide::BoundExtentOp>(op))
      var = bound.getVar();
    else if (auto bound = dyn_cast<halide::BoundOp>(op))
      var = bound.getVar();
    if (found.count({func.str(), var.str()}))
      return op.emitOpError("is not known to cover what consumers need of \"")
             << func << "\" in " << var;
  }
  if (found.empty())
    return success();
  return schedule.emitError("the bounds of \"")
         << found.begin()->first << "\" in " << found.begin()->second
         << " are not known to cover what consumers need";
}

/// Refuses a schedule whose bounds do not cover what consumers need. Halide
/// finds that out while the kernel runs, and without its checks never: the
/// kernel would be fast and wrong. What holds is proven while lowering and
/// leaves no check behind.
static LogicalResult checkBounds(const Kernel &kernel, Algorithm &algorithm,
                                 const EmitKernelsOptions &options) {
  halide::ScheduleOp schedule = kernel.schedule;
  if (!schedule ||
      llvm::none_of(schedule.getBody().front(),
                    llvm::IsaPred<halide::BoundOp, halide::BoundExtentOp>))
    return success();
  EmitKernelsOptions withAsserts = options;
  withAsserts.asserts = true;
  FailureOr<Halide::Module> lowered = lower(kernel, algorithm, withAsserts);
  if (failed(lowered))
    return failure();
  UnprovenBounds bounds;
  for (const Halide::Internal::LoweredFunc &func : lowered->functions())
    func.body.accept(&bounds);
  return bounds.report(schedule);
}

/// The kernel's algorithm under its schedule.
static FailureOr<Algorithm> buildScheduled(const Kernel &kernel) {
  FailureOr<Algorithm> algorithm = buildAlgorithm(kernel.pipeline);
  if (failed(algorithm) ||
      (kernel.schedule && failed(applySchedule(kernel.schedule, *algorithm))))
    return failure();
  return algorithm;
}

LogicalResult emit::checkKernel(const Kernel &kernel) {
  return buildScheduled(kernel);
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
