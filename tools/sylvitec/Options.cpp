//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The options as LLVM's command line knows them, and what they mean together.
///
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "sylvite/Precision/Precision.h"
#include "sylvite/Support/CIdentifier.h"
#include "sylvite/Support/Target.h"
#include "sylvite/Support/Version.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cmath>
#include <cstdlib>

using namespace sylvite;
using namespace llvm;

/// A description that lists what may be given.
template <typename Range>
static std::string describe(StringRef text, const Range &choices) {
  auto names =
      map_range(choices, [](const auto &choice) { return choice.name; });
  return (text + ": " + join(names, ", ")).str();
}

namespace {
struct CommandLine {
  // Options keep references to their descriptions.
  std::string targetText =
      describe("What to compile for, native by default; several in one "
               "library as a list",
               getTargets()) +
      describe("; with a GPU behind a plus, as in native+opencl", getDevices());
  std::string precisionText =
      describe("How weights of layers are stored, as in the model by default",
               getPrecisions());
  std::string stopText =
      describe("Print the IR after this phase and stop", getPhases());
  std::string startText =
      describe("Go on at this phase with IR that was dumped", getPhases());

  // Help lists categories by their names.
  cl::OptionCategory library{"1. The library"};
  cl::OptionCategory phases{"2. Phases: look at the IR, go on with it"};
  cl::OptionCategory fusion{"3. Fusion"};
  cl::OptionCategory kernels{"4. Kernels and their schedules"};
  cl::OptionCategory reports{"5. Reports"};
  cl::opt<std::string> model{
      cl::Positional,
      cl::desc("MODEL (a folder, an .onnx, a .mlir or a .safetensors file)"),
      cl::cat(library)};
  cl::list<std::string> inputValue{
      "input-value",
      cl::desc("The value of an input that shapes of an ONNX model depend on, "
               "for example shape=2,3; the library then does not take it"),
      cl::value_desc("name=list"), cl::cat(library)};
  cl::opt<std::string> output{
      "o",
      cl::desc("Path of the library without suffix, for example "
               "out/bert; with --stop-after a file for the IR"),
      cl::value_desc("prefix"), cl::cat(library)};
  cl::opt<std::string> target{"target", cl::desc(targetText),
                              cl::value_desc("list"), cl::cat(library)};
  cl::opt<std::string> precision{"precision", cl::desc(precisionText),
                                 cl::value_desc("name"), cl::cat(library)};
  cl::opt<std::string> calibrate{
      "calibrate",
      cl::desc(
          "Measure the error of --precision=int8 on these inputs, arrays by "
          "their names; name the function where there are several"),
      cl::value_desc("[function=]file.npz"), cl::cat(library)};
  cl::opt<double> precisionLimit{
      "precision-limit", cl::init(kPrecisionLimit),
      cl::desc(
          "Layers with a larger relative error are not quantised (default: "
          "0.05)"),
      cl::value_desc("error"), cl::cat(library)};
  cl::opt<std::string> prefix{
      "prefix",
      cl::desc("With what C names begin (default: the library's name)"),
      cl::value_desc("name"), cl::cat(library)};
  cl::opt<std::string> emit{
      "emit", cl::init("so,a,header"),
      cl::desc("What to write: a list of so, a, o, header (default: so,a,"
               "header); weights are always written"),
      cl::value_desc("list"), cl::cat(library)};
  cl::opt<std::string> weights{
      "weights", cl::init("file"),
      cl::desc("Weights in a file beside the library (default), or embedded "
               "in it: embed"),
      cl::value_desc("file|embed"), cl::cat(library)};
  cl::opt<std::string> stopAfter{"stop-after", cl::desc(stopText),
                                 cl::value_desc("phase"), cl::cat(phases)};
  cl::opt<std::string> startAt{"start-at", cl::desc(startText),
                               cl::value_desc("phase"), cl::cat(phases)};
  cl::opt<std::string> dumpPhases{
      "dump-phases", cl::desc("Write the IR after each phase to this folder"),
      cl::value_desc("folder"), cl::cat(phases)};
  cl::opt<Options::Explain> explainFusion{
      "explain-fusion",
      cl::ValueOptional,
      cl::init(Options::Explain::No),
      cl::desc("Tell what was fused, and what was not and why"),
      cl::values(
          clEnumValN(Options::Explain::Text, "text",
                     "in words, with a table behind them (default)"),
          clEnumValN(Options::Explain::Table, "table",
                     "candidates by family, and the share of fused kernels"),
          clEnumValN(Options::Explain::Yaml, "yaml", "for programs"),
          clEnumValN(Options::Explain::Text, "", "")),
      cl::cat(fusion)};
  cl::opt<std::string> fusionManifest{
      "fusion-manifest",
      cl::desc("Fail where something is not fused that is in this file"),
      cl::value_desc("file"), cl::cat(fusion)};
  cl::opt<std::string> writeFusionManifest{
      "write-fusion-manifest",
      cl::desc("List what is fused in a file, for --fusion-manifest"),
      cl::value_desc("file"), cl::cat(fusion)};
  cl::list<std::string> expectFused{
      "expect-fused", cl::CommaSeparated,
      cl::desc("Fail unless these are fused: family:count, or family for all "
               "candidates of it"),
      cl::value_desc("list"), cl::cat(fusion)};
  cl::opt<bool> verifyFusion{
      "verify-fusion",
      cl::desc("Evaluate the graph before and after each pass over it and "
               "name the pass that changes a result"),
      cl::cat(fusion)};
  cl::opt<std::string> dumpSchedules{
      "dump-schedules", cl::desc("Write the schedules of all kernels"),
      cl::value_desc("file"), cl::cat(kernels)};
  cl::opt<std::string> schedules{
      "schedules",
      cl::desc("Take schedules from this file; other kernels get the "
               "compiler's own"),
      cl::value_desc("file"), cl::cat(kernels)};
  cl::opt<std::string> cache{
      "cache",
      cl::desc("Folder in which compiled kernels are kept (default: "
               "$XDG_CACHE_HOME/sylvite or ~/.cache/sylvite)"),
      cl::value_desc("folder"), cl::cat(kernels)};
  cl::opt<bool> noCache{"no-cache", cl::desc("Compile all kernels anew"),
                        cl::cat(kernels)};
  cl::opt<unsigned> threads{"threads", cl::init(0),
                            cl::desc("Threads (default: one per processor)"),
                            cl::value_desc("n"), cl::cat(kernels)};
  cl::list<std::string> report{
      "report",
      cl::desc(
          "Tell what ops and kernels cost: cost as tables, cost-json as "
          "JSON, either to a file as well; or precision: what int8 does to "
          "each layer. Without -o nothing else is written"),
      cl::value_desc("cost|cost-json[:file]|precision"), cl::cat(reports)};
  cl::list<std::string> dims{
      "dim",
      cl::desc("An extent for --report=cost, for example batch=2; with lengths "
               "of its rows without their padding seq=128:64 or "
               "seq=128:64/100"),
      cl::value_desc("name=extent[:lengths]"), cl::cat(reports)};
  cl::opt<double> peak{
      "peak",
      cl::desc("What the machine calculates at most, for --report=cost"),
      cl::value_desc("GFLOP/s"), cl::cat(reports)};
  cl::opt<double> bandwidth{
      "bandwidth",
      cl::desc("What its memory transfers at most, for --report=cost"),
      cl::value_desc("GB/s"), cl::cat(reports)};
  cl::opt<std::string> device{
      "device",
      cl::desc("A device that the kernels of a target with one are judged for, "
               "with --report=cost: a100, h100, mi300x, rtx4090, or a file"),
      cl::value_desc("name|file.json"), cl::cat(reports)};
  cl::opt<bool> timing{"timing",
                       cl::desc("Report the time of phases and passes"),
                       cl::cat(reports)};
  cl::opt<bool> quiet{"quiet", cl::desc("Print neither progress nor summary"),
                      cl::cat(reports)};
};
} // namespace

//===----------------------------------------------------------------------===//
// Single options
//===----------------------------------------------------------------------===//

/// --emit: a list of what to write.
static Error parseEmit(StringRef list, Options &options) {
  options.emitObject = options.emitArchive = false;
  options.emitSharedLibrary = options.emitHeader = false;
  for (StringRef name : split(list, ',')) {
    bool *flag = StringSwitch<bool *>(name)
                     .Case("o", &options.emitObject)
                     .Case("a", &options.emitArchive)
                     .Case("so", &options.emitSharedLibrary)
                     .Case("header", &options.emitHeader)
                     .Default(nullptr);
    if (!flag)
      return createStringError("--emit: unknown kind '" + name.str() +
                               "': expected a list of so, a, o, header");
    *flag = true;
  }
  return Error::success();
}

static Error parseWeights(StringRef text, Options &options) {
  options.embedWeights = text == "embed";
  if (text == "file" || text == "embed")
    return Error::success();
  return createStringError("--weights: expected file or embed, not '" +
                           text.str() + "'");
}

/// --input-value: a name and numbers.
static Error parseInputValues(ArrayRef<std::string> entries, Options &options) {
  for (StringRef entry : entries) {
    auto [name, list] = entry.rsplit('=');
    std::vector<double> &values = options.onnx.inputValues[name.str()];
    values.clear();
    SmallVector<StringRef> numbers;
    list.split(numbers, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (StringRef number : numbers) {
      double value;
      if (number.getAsDouble(value))
        return createStringError("--input-value: '" + entry +
                                 "' is no list of numbers, as in shape=2,3");
      values.push_back(value);
    }
    if (name.empty() || !entry.contains('='))
      return createStringError("--input-value: '" + entry +
                               "' names no input, as shape=2,3 does");
  }
  return Error::success();
}

/// --expect-fused: families, each with or without a number.
static Error parseExpectations(ArrayRef<std::string> list, Options &options) {
  for (StringRef entry : list) {
    FusionExpectation expected;
    auto [family, number] = entry.split(':');
    expected.family = family;
    unsigned count;
    if (entry.contains(':')) {
      if (number.getAsInteger(10, count))
        return createStringError("--expect-fused: '" + entry.str() +
                                 "' should be a family and a number, for "
                                 "example attention:6");
      expected.count = count;
    }
    if (family.empty())
      return createStringError("--expect-fused: a family is missing, for "
                               "example attention:6");
    options.expectFused.push_back(expected);
  }
  return Error::success();
}

/// What is for --precision=int8 alone.
static Error checkInt8(const CommandLine &line, const Options &options) {
  std::pair<bool, StringRef> given[] = {
      {!options.calibrate.empty(), "calibrate"},
      {line.precisionLimit.getNumOccurrences() != 0, "precision-limit"},
      {options.reportPrecision, "report=precision"}};
  for (auto [isGiven, name] : given)
    if (isGiven && options.precision != "int8")
      return createStringError("--" + name + " is for --precision=int8");
  if (!(options.precisionLimit >= 0))
    return createStringError("--precision-limit should not be negative");
  return Error::success();
}

/// The device that kernels are judged for.
static Error readDevice(const CommandLine &line, Options &options) {
  if (!line.device.getNumOccurrences())
    return Error::success();
  // The address of any function of this program finds it on every system.
  static const int inThisProgram = 0;
  SmallString<256> folder(
      sys::fs::getMainExecutable(nullptr, const_cast<int *>(&inThisProgram)));
  sys::path::remove_filename(folder);
  sys::path::append(folder, "..", "share", "sylvite", "devices");
  Expected<std::string> path = DeviceModel::find(line.device, folder);
  if (!path)
    return createStringError("--device: " + toString(path.takeError()));
  Expected<DeviceModel> device = DeviceModel::read(*path);
  if (!device)
    return device.takeError();
  options.device = std::move(*device);
  return Error::success();
}

/// --report and what belongs to it.
static Error parseReport(const CommandLine &line, Options &options) {
  for (StringRef report : line.report) {
    if (report == "precision") {
      options.reportPrecision = true;
      continue;
    }
    auto [kind, file] = report.split(':');
    options.costJson = kind == "cost-json";
    if ((kind != "cost" && !options.costJson) ||
        (report.contains(':') && file.empty()))
      return createStringError("--report: expected precision, or cost or "
                               "cost-json and perhaps a file as in cost:FILE, "
                               "not '" +
                               report.str() + "'");
    if (options.reportCost)
      return createStringError("--report=cost is given twice");
    options.reportCost = true;
    options.costFile = file;
  }
  std::pair<bool, StringRef> needed[] = {
      {!line.dims.empty(), "dim"},
      {line.peak.getNumOccurrences() != 0, "peak"},
      {line.bandwidth.getNumOccurrences() != 0, "bandwidth"},
      {line.device.getNumOccurrences() != 0, "device"}};
  for (auto [isGiven, name] : needed)
    if (isGiven && !options.reportCost)
      return createStringError("--" + name + " is for --report=cost");
  for (StringRef text : line.dims)
    if (Error error = parseCostShape(text, options.cost.shape))
      return createStringError("--dim: " + toString(std::move(error)));
  for (const cl::opt<double> *option : {&line.peak, &line.bandwidth})
    if (option->getNumOccurrences() &&
        !(*option > 0 && std::isfinite(double(*option))))
      return createStringError("--" + option->ArgStr + " should be positive");
  options.cost.peak = line.peak;
  options.cost.bandwidth = line.bandwidth;
  return readDevice(line, options);
}

static Error parsePhases(const CommandLine &line, Options &options) {
  auto parse = [](const cl::opt<std::string> &option, Phase &phase) -> Error {
    if (!option.getNumOccurrences())
      return Error::success();
    Expected<Phase> parsed = parsePhase(option);
    if (!parsed)
      return createStringError("--" + option.ArgStr.str() + ": " +
                               toString(parsed.takeError()));
    phase = *parsed;
    return Error::success();
  };
  if (Error error = parse(line.startAt, options.startAt))
    return error;
  if (Error error = parse(line.stopAfter, options.stopAfter))
    return error;
  if (options.startAt > options.stopAfter)
    return createStringError(
        "--start-at=" + getPhaseName(options.startAt) +
        " is behind --stop-after=" + getPhaseName(options.stopAfter));
  return Error::success();
}

/// The folder of the cache: as named, or else where users keep such things.
static std::string findCache(const CommandLine &line) {
  if (line.noCache)
    return "";
  if (line.cache.getNumOccurrences())
    return line.cache;
  SmallString<128> folder;
  if (const char *base = std::getenv("XDG_CACHE_HOME"); base && *base)
    folder = base;
  else if (!sys::path::home_directory(folder))
    return "";
  else
    sys::path::append(folder, ".cache");
  sys::path::append(folder, "sylvite");
  return std::string(folder);
}

//===----------------------------------------------------------------------===//
// All together
//===----------------------------------------------------------------------===//

/// What the options need of each other.
static Error check(const CommandLine &line, const Options &options) {
  auto needs = [&](bool given, StringRef option, Phase phase) -> Error {
    if (!given || options.runs(phase))
      return Error::success();
    return createStringError("--" + option + " needs the phase " +
                             getPhaseName(phase) +
                             ", which --start-at and --stop-after leave out");
  };
  struct {
    bool given;
    StringRef option;
    Phase phase;
  } needed[] = {
      {options.explainFusion != Options::Explain::No, "explain-fusion",
       Phase::Fusion},
      {!options.fusionManifest.empty(), "fusion-manifest", Phase::Fusion},
      {!options.writeFusionManifest.empty(), "write-fusion-manifest",
       Phase::Fusion},
      {options.verifyFusion, "verify-fusion", Phase::Fusion},
      {!options.expectFused.empty(), "expect-fused", Phase::Fusion},
      {!options.schedules.empty(), "schedules", Phase::Schedule},
      {!options.dumpSchedules.empty(), "dump-schedules", Phase::Schedule},
      {!options.precision.empty(), "precision", Phase::Fusion},
      {options.device.has_value(), "device", Phase::Schedule},
      {line.emit.getNumOccurrences() != 0, "emit", Phase::Package},
      {line.weights.getNumOccurrences() != 0, "weights", Phase::Package},
  };
  for (const auto &[given, option, phase] : needed)
    if (Error error = needs(given, option, phase))
      return error;
  if (options.reportCost && options.startAt > Phase::Kernels)
    return createStringError("--report=cost reads the graph: start at the "
                             "phase " +
                             getPhaseName(Phase::Kernels) + " or before");
  if (options.model.empty())
    return createStringError("name the model, a folder, a .mlir or a "
                             ".safetensors file; --help lists all options");
  if (options.startAt > Phase::Import && sys::fs::is_directory(options.model))
    return createStringError(options.model +
                             ": is a model folder, which --start-at=" +
                             getPhaseName(options.startAt) +
                             " cannot go on with: name the file "
                             "that --dump-phases or --stop-after wrote");
  if (options.runs(Phase::Package) && options.output.empty())
    return createStringError("name the library by -o, for example -o encoder");
  if (options.runs(Phase::Package) &&
      sys::path::is_separator(options.output.back()))
    return createStringError(options.output +
                             ": names a folder; add the library's name");
  if (line.noCache && line.cache.getNumOccurrences())
    return createStringError("--cache and --no-cache exclude each other");
  if (!options.prefix.empty() && !isCIdentifier(options.prefix))
    return createStringError("--prefix: '" + options.prefix +
                             "' cannot begin names in C; for example " +
                             makeCIdentifier(options.prefix) + " can");
  if (!options.target.empty())
    if (Expected<TargetList> targets = getTargetList(options.target); !targets)
      return createStringError("--target: " + toString(targets.takeError()));
  if (!options.precision.empty())
    if (Expected<Precision> known = parsePrecision(options.precision); !known)
      return createStringError("--precision: " + toString(known.takeError()));
  return checkInt8(line, options);
}

Expected<Options> sylvite::parseOptions(int argc, char **argv) {
  // LLVM's libraries register options of their own, also one called threads.
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions({&line.library, &line.phases, &line.fusion,
                            &line.kernels, &line.reports});
  cl::SetVersionPrinter(printVersion);
  cl::ParseCommandLineOptions(
      argc, argv,
      "Compiles a model into a library, a header and a file of weights\n");

  Options options;
  options.model = line.model;
  options.output = line.output;
  options.target = line.target;
  options.precision = line.precision;
  options.calibrate = line.calibrate;
  options.precisionLimit = line.precisionLimit;
  options.prefix = line.prefix;
  options.dumpPhases = line.dumpPhases;
  options.explainFusion = line.explainFusion;
  options.fusionManifest = line.fusionManifest;
  options.writeFusionManifest = line.writeFusionManifest;
  options.verifyFusion = line.verifyFusion;
  options.dumpSchedules = line.dumpSchedules;
  options.schedules = line.schedules;
  options.cache = findCache(line);
  options.threads = line.threads;
  options.timing = line.timing;
  options.quiet = line.quiet;
  if (Error error = parseEmit(line.emit, options))
    return std::move(error);
  if (Error error = parseWeights(line.weights, options))
    return std::move(error);
  if (Error error = parseInputValues(line.inputValue, options))
    return std::move(error);
  if (Error error = parseExpectations(line.expectFused, options))
    return std::move(error);
  if (Error error = parsePhases(line, options))
    return std::move(error);
  if (Error error = parseReport(line, options))
    return std::move(error);
  if (options.stopAfter != Phase::Package && options.output == "-")
    options.output.clear();
  // All that is asked for is known then.
  bool isReported = options.reportCost || options.reportPrecision;
  if (isReported && options.output.empty() && options.runs(Phase::Package)) {
    options.stopAfter = options.reportCost ? Phase::Host : Phase::Fusion;
    options.onlyReports = true;
  }
  if (Error error = check(line, options))
    return std::move(error);
  return options;
}
