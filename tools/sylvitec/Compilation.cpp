//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The phases in order. Every file appears whole or not at all: the library's
/// files together at the end, what is dumped after the phase that it shows.
///
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "Outputs.h"
#include "Summary.h"

#include "mlir/Pass/PassManager.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Emit/Host/WeightList.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Pipelines/FusionManifest.h"
#include "sylvite/Pipelines/ModelFile.h"
#include "sylvite/Pipelines/Pipelines.h"
#include "sylvite/Reference/VerifyFusion.h"
#include "sylvite/Schedule/ScheduleFile.h"
#include "sylvite/Support/CIdentifier.h"
#include "sylvite/Support/FileTransaction.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <chrono>

using namespace mlir;
using namespace sylvite;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Seconds of a clock that only goes forward.
static double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Emits an error that has its place in its text.
static LogicalResult fail(MLIRContext *context, llvm::Error error) {
  return emitError(UnknownLoc::get(context), llvm::toString(std::move(error)));
}

/// Writes one file, whole or not at all.
static llvm::Error
writeFile(StringRef file, llvm::function_ref<void(llvm::raw_ostream &)> print) {
  FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> os = transaction.addStream(file);
  if (!os)
    return os.takeError();
  print(*os);
  return transaction.commit();
}

/// With what C names begin: as the user said, else after the output.
static std::string choosePrefix(const Options &options) {
  if (!options.prefix.empty())
    return options.prefix;
  if (options.output.empty())
    return PipelineOptions().prefix;
  // Of a library all of the name: "bge-v1.5" has no suffix.
  return makeCIdentifier(options.stopAfter == Phase::Package
                             ? path::filename(options.output)
                             : path::stem(options.output));
}

Compilation::Compilation(const Options &options, MLIRContext *context)
    : options(options), context(context), progress(!options.quiet),
      fusion(context), costs(options.cost), prefix(choosePrefix(options)),
      start(now()) {
  clearProgress =
      context->getDiagEngine().registerHandler([this](Diagnostic &) {
        progress.clear();
        return failure();
      });
}

Compilation::~Compilation() {
  context->getDiagEngine().eraseHandler(clearProgress);
}

llvm::raw_ostream &Compilation::getReportStream() const {
  return options.printsIR() ? llvm::errs() : llvm::outs();
}

//===----------------------------------------------------------------------===//
// The phases
//===----------------------------------------------------------------------===//

/// Fails where the IR is not what the first phase takes.
LogicalResult Compilation::checkStart() {
  FailureOr<Phase> last = findPhase(getModule());
  if (failed(last))
    return failure();
  // Graphs may be fused already, and schedules be kept or made again.
  auto [first, best, latest] = [&]() -> std::array<Phase, 3> {
    switch (*last) {
    case Phase::Host:
      return {Phase::Package, Phase::Package, Phase::Package};
    case Phase::Schedule:
      return {Phase::Schedule, Phase::Host, Phase::Host};
    case Phase::Kernels:
      return {Phase::Schedule, Phase::Schedule, Phase::Host};
    default:
      return {Phase::Import, Phase::Fusion, Phase::Kernels};
    }
  }();
  if (options.startAt >= first && options.startAt <= latest)
    return success();
  return getModule().emitError("is IR behind the phase ")
         << getPhaseName(*last) << ", with which the phase "
         << getPhaseName(options.startAt == Phase::Import ? Phase::Fusion
                                                          : options.startAt)
         << " cannot begin: go on with --start-at=" << getPhaseName(best);
}

/// Notes the targets in the module. IR from the kernels phase on is for the one
/// that it names.
LogicalResult Compilation::settleTargets() {
  auto named = getModule()->getAttrOfType<StringAttr>(kTargetAttr);
  StringRef names = options.target;
  if (names.empty())
    names = named ? named.getValue() : "native";
  isNative = names == "native";
  llvm::Expected<TargetList> list = getTargetList(names);
  if (!list)
    return fail(context, list.takeError());
  targets = std::move(*list);
  std::string text = getTargetNames(targets);
  bool isFixed = options.startAt > Phase::Kernels;
  if (isFixed && named && named.getValue() != text)
    return getModule().emitError("its kernels are for ")
           << named.getValue() << "; leave out --target=" << options.target
           << ", or start at the phase " << getPhaseName(Phase::Kernels)
           << " or before";
  getModule()->setAttr(kTargetAttr, StringAttr::get(context, text));
  return checkTargets();
}

/// Fails where something is asked for that there is for one target only.
LogicalResult Compilation::checkTargets() {
  if (auto host = getModule().lookupSymbol<ModuleOp>(kHostModule);
      host && host->hasAttr(kVariantAttr))
    return getModule().emitError("is one of the programs of a library for "
                                 "several targets, which is none by itself: "
                                 "go on with what the phase ")
           << getPhaseName(Phase::Schedule) << " or one before it left";
  if (options.device && targets.size() == 1 && !targets.front()->device)
    return getModule().emitError("--device judges kernels for a device, and "
                                 "the target ")
           << targets.front()->name << " has none: name one, as in "
           << targets.front()->name << "+opencl";
  if (targets.size() == 1)
    return success();
  std::string names = getTargetNames(targets);
  if (options.startAt > Phase::Kernels)
    return getModule().emitError("is for one target; name one of ")
           << names << ", or start at the phase "
           << getPhaseName(Phase::Kernels) << " or before";
  if (options.reportCost)
    return getModule().emitError("--report=cost tells of the kernels for one "
                                 "target; name one of ")
           << names << " by --target";
  if (isForOneTarget(options.stopAfter) && options.stopAfter != Phase::Package)
    return getModule().emitError("the phase ")
           << getPhaseName(options.stopAfter)
           << " leaves IR for each target; name one of " << names
           << " by --target, or write all of it by --dump-phases";
  return success();
}

/// A host program has the prefix that it was made with.
LogicalResult Compilation::settlePrefix() {
  if (options.startAt <= Phase::Host)
    return success();
  FailureOr<ModelInterface> interface = getInterface(getModule());
  if (failed(interface))
    return failure();
  if (!options.prefix.empty() && options.prefix != interface->prefix)
    return getModule().emitError("its program has names that begin with ")
           << interface->prefix << "; leave out --prefix=" << options.prefix
           << ", or start at the phase " << getPhaseName(Phase::Host)
           << " or before";
  return success();
}

LogicalResult Compilation::import() {
  modules.push_back(readModel(options.model, context, options.onnx));
  if (!getModule() || failed(checkStart()) || failed(settleTargets()) ||
      failed(settlePrefix()))
    return failure();
  StringRef name = getModelName(options.model);
  if (!name.empty() && options.runs(Phase::Package))
    return emitError(UnknownLoc::get(context), options.model)
           << ": is a model without weights: give its .safetensors file, which "
              "for random weights sylvite-translate --build-transformer "
           << name << " --random-weights=FILE writes";
  if (llvm::Error error = checkWeightsAreKept(options, getModule()))
    return fail(context, std::move(error));
  // While weights are ops that have a place. Who only looks at the IR need not
  // have the files.
  if (options.runs(Phase::Package) &&
      failed(WeightStore::fromModule(getModule())))
    return failure();
  return success();
}

void Compilation::fork() {
  while (modules.size() < targets.size())
    modules.push_back(getModule().clone());
  work.resize(targets.size());
  for (auto [module, target] : llvm::zip(modules, targets))
    (*module)->setAttr(kTargetAttr, StringAttr::get(context, target->name));
}

LogicalResult Compilation::runPasses(Phase phase, size_t index,
                                     TimingScope &timing) {
  ModuleOp module = *modules[index];
  PipelineOptions pipeline;
  pipeline.prefix = prefix;
  pipeline.schedules = options.schedules;
  pipeline.precision = options.precision;
  pipeline.calibrate = options.calibrate;
  pipeline.precisionLimit = options.precisionLimit;
  pipeline.precisionReport = &precision;
  for (const Target *other : targets)
    if (other != targets[index])
      pipeline.otherTargets.push_back(other->name.str());
  // All weights lie in one file. What two targets pack alike is there once.
  if (phase == Phase::Host && index)
    module->setAttr(kWeightsAttr, (*modules[index - 1])->getAttr(kWeightsAttr));
  PassManager passes(context);
  passes.enableTiming(timing);
  pipeline.trace = [&, index](ModuleOp module) {
    work[index].trace(module);
    // Those of the first target are told of.
    return needsCosts() && index == 0 ? costs.trace(module) : success();
  };
  populatePhase(phase, passes, pipeline);
  if (phase == Phase::Fusion && options.verifyFusion)
    addVerifyFusion(passes);
  return passes.run(module);
}

LogicalResult Compilation::runPasses(Phase phase, TimingScope &timing) {
  if (isForOneTarget(phase))
    fork();
  if (modules.size() == 1)
    return runPasses(phase, 0, timing);
  for (size_t index = 0; index < modules.size(); ++index) {
    TimingScope targetTiming = timing.nest(targets[index]->name);
    if (failed(runPasses(phase, index, targetTiming)))
      return failure();
  }
  return success();
}

LogicalResult Compilation::package(TimingScope &timing) {
  PackagePhaseOptions phase;
  phase.kernels.threads = options.threads;
  phase.kernels.cacheDirectory = options.cache;
  phase.kernels.progress = [&](const EmittedKernel &kernel, size_t done,
                               size_t total) {
    progress.finishKernel(kernel, done, total);
  };
  phase.package.path = options.output;
  phase.package.emitObject = options.emitObject;
  phase.package.emitArchive = options.emitArchive;
  phase.package.emitSharedLibrary = options.emitSharedLibrary;
  phase.package.emitHeader = options.emitHeader;
  phase.package.embedWeights = options.embedWeights;
  SmallVector<ModuleOp> programs;
  for (OwningOpRef<ModuleOp> &module : modules)
    programs.push_back(*module);
  FailureOr<PackagedModel> model = runPackagePhase(programs, phase, timing);
  progress.clear();
  if (failed(model))
    return failure();
  if (!options.quiet)
    printSummary({*model, isNative, options.runs(Phase::Fusion),
                  fusion.countFamilies(), now() - start},
                 getReportStream());
  return success();
}

LogicalResult Compilation::runPhase(Phase phase, TimingScope &timing) {
  progress.enterPhase(phase);
  TimingScope phaseTiming = timing.nest(getPhaseName(phase));
  switch (phase) {
  case Phase::Import:
    return import();
  case Phase::Package:
    return package(phaseTiming);
  default:
    return runPasses(phase, phaseTiming);
  }
}

//===----------------------------------------------------------------------===//
// Between the phases
//===----------------------------------------------------------------------===//

void Compilation::explainFusion() {
  progress.clear();
  if (options.explainFusion == Options::Explain::Yaml)
    fusion.printYaml(getReportStream(), costs.getCosts());
  else
    fusion.printTable(getReportStream(), costs.getCosts());
}

LogicalResult Compilation::reportFusion() {
  progress.clear();
  if (options.explainFusion == Options::Explain::Text) {
    fusion.printCandidates(getReportStream());
    if (!fusion.getCandidates().empty())
      getReportStream() << '\n';
  }
  if (options.reportPrecision)
    precision.print(getReportStream());
  LogicalResult result = checkFusion();
  // How much kernels do is known when there are some.
  bool isLast = failed(result) || !options.runs(Phase::Kernels);
  if (options.explainFusion != Options::Explain::No && isLast)
    explainFusion();
  return result;
}

LogicalResult Compilation::checkFusion() {
  std::vector<FusionCandidate> candidates = fusion.getCandidates();
  LogicalResult result = fusion.check(options.expectFused);
  if (!options.fusionManifest.empty()) {
    auto manifest = FusionManifest::read(options.fusionManifest);
    if (!manifest)
      return fail(context, manifest.takeError());
    if (failed(manifest->check(candidates, options.fusionManifest, context)))
      result = failure();
  }
  if (failed(result) || options.writeFusionManifest.empty())
    return result;
  if (llvm::Error error =
          writeFile(options.writeFusionManifest, [&](llvm::raw_ostream &os) {
            FusionManifest(candidates).write(os);
          }))
    return fail(context, std::move(error));
  return success();
}

LogicalResult Compilation::readCosts(Phase phase) {
  switch (phase) {
  case Phase::Import:
    return options.runs(Phase::Fusion) ? success()
                                       : costs.readGraph(getModule());
  case Phase::Fusion:
    return costs.readGraph(getModule());
  case Phase::Kernels:
    costs.readKernels(getModule());
    return success();
  case Phase::Schedule:
    if (!options.device)
      return success();
    device.emplace(*options.device);
    return device->read(getModule(), costs.getCosts());
  case Phase::Host: {
    if (!options.reportCost)
      return success();
    FailureOr<ModelInterface> interface = getInterface(getModule());
    if (succeeded(interface))
      costs.readArena(*interface);
    return interface;
  }
  default:
    return success();
  }
}

LogicalResult Compilation::reportCosts() {
  progress.clear();
  auto print = [&](llvm::raw_ostream &os) {
    if (options.costJson) {
      costs.printJson(os, device ? device->toJson() : llvm::json::Object());
      return;
    }
    costs.print(os);
    if (device)
      device->print(os);
  };
  if (options.costFile.empty()) {
    print(getReportStream());
    return success();
  }
  if (llvm::Error error = writeFile(options.costFile, print))
    return fail(context, std::move(error));
  return success();
}

LogicalResult Compilation::dumpSchedules() {
  if (llvm::Error error =
          writeFile(options.dumpSchedules, [&](llvm::raw_ostream &os) {
            for (auto [index, module] : llvm::enumerate(modules)) {
              if (index)
                os << '\n';
              printSchedules(*module, os);
            }
          }))
    return fail(context, std::move(error));
  return success();
}

LogicalResult Compilation::dumpModule(ModuleOp module,
                                      const std::string &name) {
  SmallString<128> file(options.dumpPhases);
  path::append(file, name);
  if (llvm::Error error = writeFile(file, [&](llvm::raw_ostream &os) {
        printModel(module, options.dumpPhases, os);
      }))
    return fail(context, std::move(error));
  return success();
}

LogicalResult Compilation::dumpPhase(Phase phase) {
  if (std::error_code code = fs::create_directories(options.dumpPhases))
    return fail(context, makeFileError(options.dumpPhases,
                                       "cannot be made: " + code.message()));
  if (modules.size() == 1)
    return dumpModule(getModule(), getDumpName(phase));
  for (auto [module, target] : llvm::zip(modules, targets))
    if (failed(dumpModule(*module, getDumpName(phase, target->name))))
      return failure();
  return success();
}

LogicalResult Compilation::printResult() {
  progress.clear();
  // A folder that paths of weights are relative to.
  StringRef folder = path::parent_path(options.output);
  StringRef file = options.output.empty() ? "-" : StringRef(options.output);
  if (llvm::Error error = writeFile(file, [&](llvm::raw_ostream &os) {
        printModel(getModule(), folder, os);
      }))
    return fail(context, std::move(error));
  return success();
}

LogicalResult Compilation::run(TimingScope &timing) {
  if (llvm::Error error = checkOutputs(options))
    return fail(context, std::move(error));
  for (const PhaseInfo &info : getPhases()) {
    if (!options.runs(info.phase))
      continue;
    if (failed(runPhase(info.phase, timing)))
      return failure();
    if (needsCosts() && failed(readCosts(info.phase)))
      return failure();
    if (info.phase == Phase::Kernels) {
      for (auto [module, formulas] : llvm::zip(modules, work)) {
        formulas.annotate(*module);
        dropOpNumbers(*module);
      }
    }
    bool isRun = info.phase >= options.startAt;
    if (info.phase == Phase::Fusion && failed(reportFusion()))
      return failure();
    if (info.phase == Phase::Kernels && options.runs(Phase::Fusion) &&
        options.explainFusion != Options::Explain::No)
      explainFusion();
    if (info.phase == Phase::Schedule && !options.dumpSchedules.empty() &&
        failed(dumpSchedules()))
      return failure();
    if (isRun && info.phase != Phase::Package && !options.dumpPhases.empty() &&
        failed(dumpPhase(info.phase)))
      return failure();
  }
  if (options.reportCost && failed(reportCosts()))
    return failure();
  return options.stopAfter == Phase::Package || options.onlyReports
             ? success()
             : printResult();
}
