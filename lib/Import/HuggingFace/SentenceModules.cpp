//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a sentence-transformers folder says about itself.
///
/// `modules.json` lists modules that run one after the other, each with a type
/// (a Python class) and the folder of its configuration. Understood is what
/// sentence encoders consist of: Transformer, Pooling, and Normalize if need
/// be.
///
//===----------------------------------------------------------------------===//

#include "SentenceModules.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace sylvite;

namespace path = llvm::sys::path;

static std::string join(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> joined(folder);
  if (!name.empty())
    path::append(joined, name);
  return std::string(joined);
}

/// The folder of a module. It must not reach outside the model's folder.
static llvm::Expected<std::string> readModuleFolder(llvm::StringRef folder,
                                                    const JsonObject &module) {
  std::string name;
  if (llvm::Error error = module.get("path", name))
    return std::move(error);
  bool climbs = llvm::is_contained(
      llvm::make_range(path::begin(name), path::end(name)), "..");
  if (path::is_absolute(name) || climbs)
    return module.error("path", "path " + quoted(name) +
                                    " leads out of the model's folder");
  return join(folder, name);
}

/// The one pooling mode that is switched on.
static llvm::Expected<Pooling> readPooling(const JsonObject &config) {
  static constexpr std::pair<llvm::StringLiteral, Pooling> modes[] = {
      {"pooling_mode_mean_tokens", Pooling::Mean},
      {"pooling_mode_cls_token", Pooling::Cls},
      {"pooling_mode_max_tokens", Pooling::Max},
      // Known, so that they are not overlooked, but not understood.
      {"pooling_mode_mean_sqrt_len_tokens", Pooling::None},
      {"pooling_mode_weightedmean_tokens", Pooling::None},
      {"pooling_mode_lasttoken", Pooling::None}};
  std::optional<Pooling> found;
  for (auto [key, pooling] : modes) {
    bool isOn = false;
    if (config.isSet(key))
      if (llvm::Error error = config.get(key, isOn))
        return std::move(error);
    if (!isOn)
      continue;
    if (pooling == Pooling::None)
      return config.error(key, key + " is not supported; supported are the "
                                     "modes mean_tokens, cls_token and "
                                     "max_tokens");
    if (found)
      return config.error(key, "more than one pooling mode is on, which is "
                               "not supported; choose one with the option "
                               "for pooling");
    found = pooling;
  }
  if (!found)
    return config.error("pooling_mode_mean_tokens",
                        "no pooling mode is on; choose one with the option "
                        "for pooling");
  return *found;
}

/// What must not come next.
static llvm::Error refuseModule(const JsonObject &module,
                                llvm::StringRef type) {
  return module.error(
      "type", "module " + quoted(type) +
                  " is not supported here; supported are Transformer, then "
                  "Pooling, then Normalize. The option for pooling imports the "
                  "encoder with a pooling of your choice and without the other "
                  "modules");
}

llvm::Expected<SentenceModules>
sylvite::readSentenceModules(llvm::StringRef folder,
                             const HuggingFaceOptions &options) {
  SentenceModules result;
  result.encoderFolder = folder.str();
  std::string modulesPath = join(folder, "modules.json");
  bool isSentenceModel = llvm::sys::fs::exists(modulesPath);
  if (isSentenceModel) {
    auto modules = JsonObject::loadArray(modulesPath);
    if (!modules)
      return modules.takeError();
    for (auto [i, module] : llvm::enumerate(*modules)) {
      std::string type;
      if (llvm::Error error = module.get("type", type))
        return std::move(error);
      // Where the class lies in its library has changed over time.
      llvm::StringRef name = llvm::StringRef(type);
      name = name.drop_front(name.rfind('.') + 1);
      auto moduleFolder = readModuleFolder(folder, module);
      if (!moduleFolder)
        return moduleFolder.takeError();
      if (i == 0 && name == "Transformer") {
        result.encoderFolder = *moduleFolder;
        // The options take over from here.
        if (options.pooling)
          break;
      } else if (i == 1 && name == "Pooling") {
        auto config = JsonObject::load(join(*moduleFolder, "config.json"));
        if (!config)
          return config.takeError();
        auto pooling = readPooling(*config);
        if (!pooling)
          return pooling.takeError();
        result.pooling = *pooling;
        result.poolingConfig = std::move(*config);
      } else if (i == 2 && name == "Normalize") {
        result.normalize = true;
      } else {
        return refuseModule(module, type);
      }
    }
  }
  result.pooling = options.pooling.value_or(result.pooling);
  result.normalize = options.normalize.value_or(result.normalize);
  if (result.normalize && result.pooling == Pooling::None)
    return fileError(folder, "there is no sentence embedding to normalise: "
                             "choose a pooling as well");
  return result;
}
