//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Outputs appear by renaming, so that even the file that is read could be
/// replaced safely. It is refused where that would lose what cannot be made
/// again: a model's weights and what describes them. IR may be written over the
/// IR that it came from.
///
//===----------------------------------------------------------------------===//

#include "Outputs.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Support/FileTransaction.h"
#include "sylvite/Support/Target.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace sylvite;
using namespace llvm;
namespace fs = sys::fs;
namespace path = sys::path;

static std::string inFolder(StringRef folder, StringRef name) {
  SmallString<256> joined(folder);
  path::append(joined, name);
  return std::string(joined);
}

/// The targets that a phase has a dump for each of; one without a name where
/// there is one dump.
static SmallVector<StringRef> listDumped(const Options &options, Phase phase) {
  TargetList targets;
  if (!options.target.empty())
    // Options are checked before.
    targets = cantFail(getTargetList(options.target));
  if (targets.size() < 2 || !isForOneTarget(phase))
    return {""};
  return map_to_vector(targets,
                       [](const Target *target) { return target->name; });
}

/// The paths of all outputs.
static std::vector<std::string> listOutputs(const Options &options) {
  std::vector<std::string> files;
  if (options.runs(Phase::Package)) {
    auto add = [&](bool wanted, const char *suffix) {
      if (wanted)
        files.push_back(options.output + suffix);
    };
    add(options.emitSharedLibrary, ".so");
    add(options.emitArchive, ".a");
    add(options.emitObject, ".o");
    add(options.emitHeader, ".h");
    add(!options.embedWeights, ".safetensors");
  } else if (!options.output.empty()) {
    files.push_back(options.output);
  }
  if (!options.dumpSchedules.empty())
    files.push_back(options.dumpSchedules);
  if (!options.costFile.empty())
    files.push_back(options.costFile);
  if (!options.writeFusionManifest.empty())
    files.push_back(options.writeFusionManifest);
  if (!options.dumpPhases.empty())
    for (const PhaseInfo &info : getPhases())
      if (options.runs(info.phase) && info.phase >= options.startAt &&
          info.phase != Phase::Package)
        for (StringRef target : listDumped(options, info.phase))
          files.push_back(
              inFolder(options.dumpPhases, getDumpName(info.phase, target)));
  return files;
}

/// Whether both name one file, which need not exist.
static bool isSameFile(StringRef a, StringRef b) {
  if (a == b || fs::equivalent(a, b))
    return true;
  auto folder = [](StringRef file) {
    StringRef parent = path::parent_path(file);
    return parent.empty() ? StringRef(".") : parent;
  };
  return path::filename(a) == path::filename(b) &&
         fs::equivalent(folder(a), folder(b));
}

/// Whether something that is no file receives what is written there.
static bool isDevice(StringRef file) {
  return fs::exists(file) && !fs::is_regular_file(file) &&
         !fs::is_directory(file);
}

static Error checkDistinct(ArrayRef<std::string> files) {
  for (size_t i = 0; i < files.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      if (!isDevice(files[i]) && isSameFile(files[i], files[k]))
        return makeFileError(files[i], "would be written twice, with different "
                                       "contents; choose another name");
  return Error::success();
}

/// Fails where one of `files` is the file `input`, which is `what`.
static Error checkKept(ArrayRef<std::string> files, StringRef input,
                       StringRef what) {
  for (const std::string &file : files)
    if (isSameFile(file, input))
      return makeFileError(file, "is " + what +
                                     ", which would be lost; choose another "
                                     "name");
  return Error::success();
}

/// Fails where an output would take the place of what the model is read from.
static Error checkModelIsKept(const Options &options,
                              ArrayRef<std::string> files) {
  if (fs::is_directory(options.model)) {
    // Also where there are none: the folder would be another model.
    for (const char *name : {"config.json", "model.safetensors",
                             "model.safetensors.index.json", "modules.json"})
      if (Error error = checkKept(files, inFolder(options.model, name),
                                  "a file of the model"))
        return error;
    return Error::success();
  }
  // All but IR made of it.
  for (const std::string &file :
       {options.dumpSchedules, options.costFile, options.writeFusionManifest})
    if (!file.empty())
      if (Error error = checkKept(file, options.model, "the model"))
        return error;
  return Error::success();
}

Error sylvite::checkOutputs(const Options &options) {
  std::vector<std::string> files = listOutputs(options);
  if (Error error = checkDistinct(files))
    return error;
  if (Error error = checkModelIsKept(options, files))
    return error;
  FileTransaction neverCommitted;
  for (StringRef file : files) {
    // Opening a pipe here would end what its reader reads. A new folder is made
    // when there is something to put into it.
    bool isOfNewFolder = !options.dumpPhases.empty() &&
                         !fs::exists(options.dumpPhases) &&
                         path::parent_path(file) == options.dumpPhases;
    if (isDevice(file) || isOfNewFolder)
      continue;
    if (Expected<raw_fd_ostream &> os = neverCommitted.addStream(file); !os)
      return os.takeError();
  }
  return Error::success();
}

Error sylvite::checkWeightsAreKept(const Options &options,
                                   mlir::ModuleOp module) {
  auto weights =
      module->getAttrOfType<mlir::ArrayAttr>(graph::GraphDialect::kWeightFiles);
  if (!weights)
    return Error::success();
  std::vector<std::string> files = listOutputs(options);
  for (auto input : weights.getAsRange<mlir::StringAttr>())
    if (Error error = checkKept(files, input.getValue(), "a file of weights"))
      return error;
  return Error::success();
}
