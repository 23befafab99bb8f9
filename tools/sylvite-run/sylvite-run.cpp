//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls a function of a compiled library, or of a graph, with the arrays of an
/// .npz file and writes its outputs to another; measures; says what a library
/// offers.
///
//===----------------------------------------------------------------------===//

#include "Describe.h"
#include "Library.h"
#include "Reference.h"
#include "Run.h"

#include "sylvite/Support/Version.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

using namespace sylvite;
using namespace llvm;

namespace {

enum class DescribeAs { No, Text, Json };

struct Options {
  cl::OptionCategory category{"Options of sylvite-run"};
  cl::opt<std::string> library{cl::Positional, cl::desc("[LIBRARY.so]"),
                               cl::cat(category)};
  cl::opt<std::string> reference{
      "reference",
      cl::desc("Evaluate this graph in double precision, not a library"),
      cl::value_desc("graph.mlir"), cl::cat(category)};
  cl::opt<DescribeAs> describe{
      "describe",
      cl::ValueOptional,
      cl::init(DescribeAs::No),
      cl::desc("Print functions, inputs, outputs and dimensions"),
      cl::values(clEnumValN(DescribeAs::Text, "", "for people"),
                 clEnumValN(DescribeAs::Text, "text", "for people"),
                 clEnumValN(DescribeAs::Json, "json", "as JSON")),
      cl::cat(category)};
  cl::opt<std::string> function{
      "function", cl::desc("Function to run (default: the only one)"),
      cl::value_desc("name"), cl::cat(category)};
  cl::opt<std::string> inputs{"inputs", cl::desc("Arrays by the inputs' names"),
                              cl::value_desc("file.npz"), cl::cat(category)};
  cl::opt<std::string> outputs{
      "outputs", cl::desc("Where to write the outputs by their names"),
      cl::value_desc("file.npz"), cl::cat(category)};
  cl::list<std::string> dims{
      "dim", cl::desc("Extent of a dimension that no input tells"),
      cl::value_desc("name=extent"), cl::cat(category)};
  cl::opt<std::string> weights{
      "weights", cl::desc("Weights file (default: the one beside the library)"),
      cl::value_desc("file.safetensors"), cl::cat(category)};
  cl::opt<std::string> target{
      "target",
      cl::desc("Run the code for this target (default: the strongest that "
               "this machine can run)"),
      cl::value_desc("name"), cl::cat(category)};
  cl::opt<unsigned> repeat{
      "repeat", cl::init(0),
      cl::desc("Run so many times and print the times as JSON"),
      cl::value_desc("n"), cl::cat(category)};
  cl::opt<ProfileBy> profile{
      "profile",
      cl::ValueOptional,
      cl::init(ProfileBy::None),
      cl::desc("Print where the time goes, beside what the machine can do"),
      cl::values(
          clEnumValN(ProfileBy::Kernel, "", "a row for each kernel"),
          clEnumValN(ProfileBy::Kernel, "kernels", "a row for each kernel"),
          clEnumValN(ProfileBy::Place, "places",
                     "a row for each place that calls one")),
      cl::cat(category)};
  cl::opt<std::string> trace{
      "trace",
      cl::desc("Write when kernels ran, for chrome://tracing or Perfetto"),
      cl::value_desc("file.json"), cl::cat(category)};
  cl::opt<unsigned> threads{"threads", cl::init(0),
                            cl::desc("Threads (default: one per processor)"),
                            cl::value_desc("n"), cl::cat(category)};
};

} // namespace

/// What `options` say must come together.
static Error check(const Options &options) {
  bool isReference = !options.reference.empty();
  if (isReference != options.library.empty())
    return createStringError("name a library, or a graph by --reference");
  if (isReference &&
      (options.describe != DescribeAs::No || options.repeat ||
       options.threads || !options.weights.empty() || !options.target.empty() ||
       options.profile != ProfileBy::None || !options.trace.empty()))
    return createStringError("--reference goes with --function, --inputs, "
                             "--outputs and --dim only");
  if (options.describe != DescribeAs::No)
    return Error::success();
  SmallString<128> beside(options.library);
  sys::path::replace_extension(beside, "safetensors");
  for (StringRef input :
       {StringRef(options.library), StringRef(options.reference),
        StringRef(options.weights), StringRef(beside)})
    if (sys::fs::equivalent(input, options.outputs))
      return createStringError("--outputs would replace " + input +
                               "; choose another name");
  if (options.inputs.empty())
    return createStringError("name the file of inputs by --inputs" +
                             Twine(isReference ? ""
                                               : ", or ask for "
                                                 "--describe"));
  bool measures = options.repeat || options.profile != ProfileBy::None ||
                  !options.trace.empty();
  if (options.outputs.empty() && (isReference || !measures))
    return createStringError("name the file of outputs by --outputs" +
                             Twine(isReference ? ""
                                               : ", or measure by --repeat "
                                                 "or --profile"));
  return Error::success();
}

/// The extents that are given by themselves.
static Expected<DimExtents> parseDims(const Options &options) {
  DimExtents extents;
  for (StringRef option : options.dims) {
    auto [name, text] = option.split('=');
    int64_t extent = 0;
    if (name.empty() || text.getAsInteger(10, extent) || extent < 1)
      return createStringError("--dim=" + option +
                               " is not a name, '=' and a positive extent");
    extents.emplace_back(name, extent);
  }
  return extents;
}

static Error runLibrary(const Options &options, const DimExtents &dims) {
  Expected<std::unique_ptr<Library>> library = Library::load(options.library);
  if (!library)
    return library.takeError();
  switch (options.describe) {
  case DescribeAs::Json:
    outs() << (*library)->getDescription() << '\n';
    return Error::success();
  case DescribeAs::Text:
    describe(**library, outs());
    return Error::success();
  case DescribeAs::No:
    return run(**library,
               {options.function, options.inputs, options.outputs,
                options.weights, options.target, options.repeat,
                options.profile, options.trace, options.threads, dims},
               outs());
  }
  llvm_unreachable("all values of --describe are handled");
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  // A file too large is an error like a full disk, of which writing tells.
  std::signal(SIGXFSZ, SIG_IGN);
  // LLVM's libraries register options of their own, also one called threads.
  cl::ResetCommandLineParser();
  Options options;
  cl::HideUnrelatedOptions(options.category);
  cl::SetVersionPrinter(printVersion);
  cl::ParseCommandLineOptions(argc, argv,
                              "Runs models on the arrays of .npz files\n");
  Error error = check(options);
  DimExtents dims;
  if (!error)
    error = parseDims(options).moveInto(dims);
  if (!error && !options.reference.empty())
    return failed(
        runReferenceMode(options.reference, {options.function, options.inputs,
                                             options.outputs, dims}));
  if (!error)
    error = runLibrary(options, dims);
  if (!error)
    return 0;
  WithColor::error(errs(), "sylvite-run") << toString(std::move(error)) << '\n';
  return 1;
}
