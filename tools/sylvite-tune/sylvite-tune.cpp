//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks for faster schedules of a model's kernels on the machine at hand, and
/// writes them as a file for `sylvitec --schedules`.
///
//===----------------------------------------------------------------------===//

#include "Tuner.h"

#include "mlir/Pass/PassManager.h"
#include "sylvite/InitAll.h"
#include "sylvite/Pipelines/CostShape.h"
#include "sylvite/Pipelines/ModelFile.h"
#include "sylvite/Pipelines/Pipelines.h"
#include "sylvite/Schedule/Passes.h"
#include "sylvite/Schedule/ScheduleFile.h"
#include "sylvite/Support/Diagnostics/DiagnosticPrinter.h"
#include "sylvite/Support/FileTransaction.h"
#include "sylvite/Support/ModuleTarget.h"
#include "sylvite/Support/Version.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"Options of sylvite-tune"};
  cl::opt<std::string> model{cl::Positional, cl::Required, cl::desc("MODEL"),
                             cl::cat(category)};
  cl::opt<std::string> output{"o", cl::Required,
                              cl::desc("Where the schedules go"),
                              cl::value_desc("file.mlir"), cl::cat(category)};
  cl::list<std::string> shapes{
      "shape",
      cl::desc("Extents of one call, for example batch=1,seq=128; one option "
               "for each call of interest (default: a usual one)"),
      cl::value_desc("name=extent,..."), cl::cat(category)};
  cl::opt<std::string> target{"target", cl::init("native"),
                              cl::desc("What to compile for"),
                              cl::value_desc("name"), cl::cat(category)};
  cl::opt<std::string> precision{"precision", cl::desc("As sylvitec has it"),
                                 cl::value_desc("name"), cl::cat(category)};
  cl::opt<int> threads{"threads", cl::init(1), cl::desc("Threads of a call"),
                       cl::value_desc("n"), cl::cat(category)};
  cl::opt<double> seconds{"seconds", cl::init(60),
                          cl::desc("Time for all kernels together"),
                          cl::value_desc("s"), cl::cat(category)};
};

/// The calls of interest of each kernel.
using Calls = llvm::MapVector<Operation *, std::vector<KernelCall>>;
} // namespace

static LogicalResult fail(MLIRContext *context, const Twine &message) {
  return emitError(UnknownLoc::get(context)) << message;
}

/// Reads the model, and goes on to its kernels.
static OwningOpRef<ModuleOp> readKernels(const Options &options,
                                         MLIRContext *context) {
  OwningOpRef<ModuleOp> module = readModel(options.model, context);
  if (!module)
    return {};
  FailureOr<Phase> last = findPhase(*module);
  if (failed(last))
    return {};
  llvm::Expected<const Target &> target = getTarget(options.target);
  if (!target) {
    (void)fail(context, toString(target.takeError()));
    return {};
  }
  if (*last >= Phase::Host) {
    (void)module->emitError("is a host program, which has no kernels to tune");
    return {};
  }
  if (*last < Phase::Kernels) {
    (*module)->setAttr(kTargetAttr, StringAttr::get(context, target->name));
    PassManager passes(context);
    PipelineOptions phases;
    phases.precision = options.precision;
    populatePhase(Phase::Fusion, passes, phases);
    populatePhase(Phase::Kernels, passes, phases);
    if (failed(passes.run(*module)))
      return {};
  }
  for (auto schedule :
       llvm::make_early_inc_range(module->getOps<halide::ScheduleOp>()))
    schedule.erase();
  return module;
}

/// Adds the calls that a function makes at each shape. A function with loops is
/// passed over: the extents of its calls are not known here.
static LogicalResult addCalls(func::FuncOp function, const Options &options,
                              Calls &calls) {
  std::vector<CostShape> shapes;
  for (const std::string &text : options.shapes)
    if (llvm::Error error = parseCostShape(text, shapes.emplace_back()))
      return fail(function.getContext(),
                  "--shape: " + toString(std::move(error)));
  if (shapes.empty())
    shapes.push_back(getUsualShape(getFunctionDims(function)));
  for (const CostShape &shape : shapes) {
    llvm::StringMap<int64_t> dims;
    for (const auto &[name, extent] : shape.extents)
      dims[name] = extent;
    std::string reason;
    ScopedDiagnosticHandler handler(function.getContext(),
                                    [&](Diagnostic &d) { reason = d.str(); });
    FailureOr<std::vector<KernelCall>> found = findKernelCalls(function, dims);
    if (failed(found)) {
      llvm::WithColor::warning(llvm::errs(), "sylvite-tune")
          << "passes over function " << function.getName() << ": " << reason
          << '\n';
      return success();
    }
    for (KernelCall &call : *found)
      calls[call.kernel].push_back(std::move(call));
  }
  return success();
}

static LogicalResult tune(const Options &options, MLIRContext *context) {
  OwningOpRef<ModuleOp> module = readKernels(options, context);
  if (!module)
    return failure();
  FailureOr<const Target *> target = findTarget(*module);
  if (failed(target))
    return failure();
  Calls calls;
  for (auto function : module->getOps<func::FuncOp>())
    if (failed(addCalls(function, options, calls)))
      return failure();
  if (calls.empty())
    return fail(context, "there is no call of a kernel to measure");

  TunerOptions tuner{options.threads, options.seconds / double(calls.size())};
  bool showsProgress = llvm::sys::Process::StandardErrIsDisplayed();
  double before = 0, after = 0;
  for (auto &[op, kernelCalls] : calls) {
    auto kernel = cast<halide::PipelineOp>(op);
    if (showsProgress)
      llvm::errs() << "\r\033[Ktuning " << kernel.getName();
    llvm::Expected<TunedKernel> tuned =
        tuneKernel(kernel, kernelCalls, **target, tuner);
    if (showsProgress)
      llvm::errs() << "\r\033[K";
    if (!tuned) {
      llvm::WithColor::warning(llvm::errs(), "sylvite-tune")
          << "leaves " << kernel.getName()
          << " as it is: " << toString(tuned.takeError()) << '\n';
      continue;
    }
    before += tuned->before;
    after += tuned->after;
    llvm::outs() << llvm::formatv(
        "{0}: {1:f1} us -> {2:f1} us, {3} tried{4}\n", kernel.getName(),
        tuned->before * 1e6, tuned->after * 1e6, tuned->tried,
        tuned->changes.empty() ? "" : "; " + tuned->changes);
  }
  llvm::outs() << llvm::formatv("all: {0:f1} us -> {1:f1} us\n", before * 1e6,
                                after * 1e6);

  // Kernels that nobody calls here get the compiler's.
  PassManager passes(context);
  passes.addPass(createSchedulePass());
  passes.addPass(createVerifySchedulesPass());
  if (failed(passes.run(*module)))
    return failure();
  FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> file =
      transaction.addStream(options.output);
  if (!file)
    return fail(context, toString(file.takeError()));
  printSchedules(*module, *file);
  if (llvm::Error error = transaction.commit())
    return fail(context, toString(std::move(error)));
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // LLVM's libraries register options of their own.
  cl::ResetCommandLineParser();
  Options options;
  cl::HideUnrelatedOptions(options.category);
  cl::SetVersionPrinter(printVersion);
  cl::ParseCommandLineOptions(
      argc, argv, "Looks for faster schedules of a model's kernels here\n");
  if (options.threads < 1 || !(options.seconds > 0)) {
    llvm::WithColor::error(llvm::errs(), "sylvite-tune")
        << "--threads and --seconds are positive\n";
    return 1;
  }
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  DiagnosticPrinter printer("sylvite-tune", sources, &context);
  return failed(tune(options, &context));
}
