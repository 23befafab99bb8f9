//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights against configuration: nothing missing, nothing left over, all
/// shapes as they should be.
///
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "llvm/ADT/StringSet.h"

using namespace sylvite;

/// Messages list so many names; the rest is counted.
static constexpr size_t maxNames = 4;

/// Spells names for a message: 'a', 'b' and 3 more.
static std::string listNames(llvm::ArrayRef<std::string> names) {
  std::string text;
  for (const std::string &name : names.take_front(maxNames))
    text += (text.empty() ? "" : ", ") + quoted(name);
  if (names.size() > maxNames)
    text += " and " + std::to_string(names.size() - maxNames) + " more";
  return text;
}

/// One walk over all that the family's tables ask for.
class Checkpoint::Checker {
public:
  Checker(Checkpoint &checkpoint, const EncoderFamily &family,
          const EncoderConfig &config)
      : checkpoint(checkpoint), store(checkpoint.store), family(family),
        config(config) {}

  llvm::Error check();

private:
  /// An extent of a shape, with the key it comes from where a module has one.
  llvm::Error checkModule(const llvm::Twine &path, const ModuleRule &rule);
  llvm::Error checkTensor(const std::string &path, bool isNorm,
                          llvm::ArrayRef<Extent> shape);
  llvm::Error checkMissing() const;
  llvm::Error checkLeftOver() const;
  llvm::StringRef findPrefix() const;
  bool isPassedOver(llvm::StringRef name) const;
  std::optional<WeightStore::Entry> lookup(llvm::StringRef path,
                                           bool isNorm) const;
  std::string describeExpected(llvm::ArrayRef<Extent> shape) const;

  Checkpoint &checkpoint;
  const WeightStore &store;
  const EncoderFamily &family;
  const EncoderConfig &config;
  llvm::StringRef prefix;
  std::vector<std::string> missing;
  llvm::StringSet<> used;
};

/// What stands before the module paths in this checkpoint.
llvm::StringRef Checkpoint::Checker::findPrefix() const {
  std::string first = (family.embeddingModules.front().path + ".weight").str();
  if (!store.lookup(first))
    for (llvm::StringRef candidate : family.prefixes)
      if (store.lookup((candidate + first).str()))
        return candidate;
  return "";
}

/// Looks a parameter up. Old checkpoints call a norm's weight and bias gamma
/// and beta.
std::optional<WeightStore::Entry>
Checkpoint::Checker::lookup(llvm::StringRef path, bool isNorm) const {
  std::string name = (prefix + path).str();
  if (auto entry = store.lookup(name))
    return entry;
  llvm::StringRef module = name;
  if (isNorm && module.consume_back(".weight"))
    return store.lookup((module + ".gamma").str());
  if (isNorm && module.consume_back(".bias"))
    return store.lookup((module + ".beta").str());
  return std::nullopt;
}

/// Spells the shape that the configuration asks for, with its keys:
/// [vocab_size = 311, hidden_size = 64].
std::string
Checkpoint::Checker::describeExpected(llvm::ArrayRef<Extent> shape) const {
  std::string text;
  for (Extent extent : shape) {
    const auto &[value, key] = config.extents[unsigned(extent)];
    text +=
        (text.empty() ? "[" : ", ") + key.str() + " = " + std::to_string(value);
  }
  return text + "]";
}

llvm::Error Checkpoint::Checker::checkTensor(const std::string &path,
                                             bool isNorm,
                                             llvm::ArrayRef<Extent> shape) {
  std::optional<WeightStore::Entry> entry = lookup(path, isNorm);
  if (!entry) {
    missing.push_back((prefix + path).str());
    return llvm::Error::success();
  }
  const TensorInfo &tensor = *entry->tensor;
  bool agrees =
      llvm::equal(tensor.shape, shape, [&](int64_t stored, Extent extent) {
        return stored == config.get(extent);
      });
  if (!agrees)
    return fileError(entry->file->getPath(),
                     "tensor " + quoted(tensor.name) + " is " +
                         describe(tensor.dtype, tensor.shape) +
                         ", but config.json asks for " +
                         describeExpected(shape) +
                         "; the two files do not belong together");
  if (!widensToF32(tensor.dtype))
    return fileError(entry->file->getPath(),
                     "tensor " + quoted(tensor.name) + " holds " +
                         getName(tensor.dtype) +
                         "; weights must be F32, F16 or BF16: convert the "
                         "model to one of them");
  used.insert(tensor.name);
  checkpoint.parameters[path] = &tensor;
  return llvm::Error::success();
}

llvm::Error Checkpoint::Checker::checkModule(const llvm::Twine &path,
                                             const ModuleRule &rule) {
  std::string weight = (path + ".weight").str();
  std::string bias = (path + ".bias").str();
  bool isNorm = rule.kind == ModuleRule::Norm;
  Extent matrix[] = {rule.rows, rule.columns};
  if (llvm::Error error =
          checkTensor(weight, isNorm,
                      isNorm ? llvm::ArrayRef(matrix).take_front()
                             : llvm::ArrayRef(matrix)))
    return error;
  if (rule.kind == ModuleRule::Embedding)
    return llvm::Error::success();
  return checkTensor(bias, isNorm, rule.rows);
}

bool Checkpoint::Checker::isPassedOver(llvm::StringRef name) const {
  // Heads stand outside the prefix, buffers and the pooler inside.
  llvm::StringRef inside = name;
  inside.consume_front(prefix);
  return llvm::any_of(family.passedOver, [&](llvm::StringRef pattern) {
    if (!pattern.ends_with("."))
      return name == pattern || inside == pattern;
    return name.starts_with(pattern) || inside.starts_with(pattern);
  });
}

llvm::Error Checkpoint::Checker::checkMissing() const {
  if (missing.empty())
    return llvm::Error::success();
  return fileError(
      store.getFiles().front()->getPath(),
      "config.json describes a model with " + llvm::Twine(config.numLayers) +
          " layers, but the weights lack " + listNames(missing) +
          "; are they those of another model, or is a shard missing?");
}

llvm::Error Checkpoint::Checker::checkLeftOver() const {
  std::vector<std::string> leftOver;
  llvm::StringRef path;
  for (const auto &file : store.getFiles())
    for (const TensorInfo &tensor : file->getTensors()) {
      llvm::StringRef name = tensor.name;
      if (used.contains(name) || isPassedOver(name) ||
          name.starts_with(safeTensorsPaddingPrefix))
        continue;
      if (leftOver.empty())
        path = file->getPath();
      leftOver.push_back(tensor.name);
    }
  if (leftOver.empty())
    return llvm::Error::success();
  return fileError(
      path, "a model of this kind, with " + llvm::Twine(config.numLayers) +
                " layers, has no place for " + listNames(leftOver) +
                "; it is not the model that config.json "
                "describes");
}

llvm::Error Checkpoint::Checker::check() {
  prefix = findPrefix();
  for (const ModuleRule &rule : family.embeddingModules)
    if (llvm::Error error = checkModule(rule.path, rule))
      return error;
  for (int64_t layer = 0; layer < config.numLayers; ++layer) {
    for (const ModuleRule &rule : family.layerModules)
      if (llvm::Error error = checkModule(
              family.layersPath + "." + llvm::Twine(layer) + "." + rule.path,
              rule))
        return error;
    // An absurd number of layers ends here, not after as many look-ups.
    if (!missing.empty())
      break;
  }
  if (llvm::Error error = checkMissing())
    return error;
  return checkLeftOver();
}

mlir::FailureOr<Checkpoint> Checkpoint::open(llvm::StringRef folder,
                                             const EncoderFamily &family,
                                             const EncoderConfig &config,
                                             mlir::MLIRContext *context) {
  mlir::Location unknown = mlir::UnknownLoc::get(context);
  llvm::Expected<WeightStore> store = WeightStore::openFolder(folder);
  if (!store)
    return emitFileErrors(store.takeError(), unknown);
  Checkpoint checkpoint(std::move(*store));
  if (llvm::Error error = Checker(checkpoint, family, config).check())
    return emitFileErrors(std::move(error), unknown);
  return checkpoint;
}
