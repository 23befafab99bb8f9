//===- WeightFolder.cpp - Find the weight files of a model folder ---------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A folder holds its weights in `model.safetensors`, or in several files
/// (shards) with an index: `model.safetensors.index.json`, whose `weight_map`
/// says for each tensor in which shard it lies. Where both are there the single
/// file counts, as it does for the libraries that write such folders.
///
/// The index is checked against the shards. A shard may hold tensors that the
/// index does not list: those libraries load shards whole, and so do we.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/Common/Json.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace sylvite;

static std::string join(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return std::string(path);
}

/// Reads `weight_map`: pairs of tensor and shard, in the order of the index.
static llvm::Error
readWeightMap(const JsonObject &index,
              std::vector<std::pair<std::string, std::string>> &weightMap) {
  return index.forEachString(
      "weight_map",
      [&](llvm::StringRef tensor, llvm::StringRef shard) -> llvm::Error {
        // A name, not a path: an index must not reach outside its folder.
        if (shard.empty() || shard.starts_with(".") ||
            llvm::sys::path::filename(shard) != shard)
          return index.error("weight_map",
                             "weight_map: tensor " + quoted(tensor) +
                                 " is said to be in " + quoted(shard) +
                                 ", which is no file name");
        weightMap.emplace_back(tensor, shard);
        return llvm::Error::success();
      });
}

static llvm::Expected<WeightStore> openShards(llvm::StringRef folder,
                                              const JsonObject &index) {
  std::vector<std::pair<std::string, std::string>> weightMap;
  if (llvm::Error error = readWeightMap(index, weightMap))
    return std::move(error);
  if (weightMap.empty())
    return index.error("weight_map", "weight_map lists no tensor");

  std::set<std::string> shards(llvm::make_second_range(weightMap).begin(),
                               llvm::make_second_range(weightMap).end());
  std::vector<std::string> paths;
  for (const std::string &shard : shards) {
    paths.push_back(join(folder, shard));
    if (!llvm::sys::fs::exists(paths.back()))
      return index.error("weight_map",
                         "weight_map names the file " + quoted(shard) +
                             ", which is not in the folder: fetch it as well");
  }
  llvm::Expected<WeightStore> store = WeightStore::open(paths);
  if (!store)
    return store.takeError();
  for (const auto &[tensor, shard] : weightMap) {
    std::optional<WeightStore::Entry> entry = store->lookup(tensor);
    if (!entry)
      return index.error("weight_map", "weight_map: tensor " + quoted(tensor) +
                                           " is said to be in " +
                                           quoted(shard) +
                                           ", but no shard holds it");
    if (llvm::sys::path::filename(entry->file->getPath()) != shard)
      return index.error(
          "weight_map",
          "weight_map: tensor " + quoted(tensor) + " is said to be in " +
              quoted(shard) + ", but it is in " +
              quoted(llvm::sys::path::filename(entry->file->getPath())));
  }
  return store;
}

llvm::Expected<WeightStore> WeightStore::openFolder(llvm::StringRef folder) {
  std::string single = join(folder, "model.safetensors");
  if (llvm::sys::fs::exists(single))
    return open(single);
  std::string indexPath = join(folder, "model.safetensors.index.json");
  if (!llvm::sys::fs::exists(indexPath))
    return fileError(folder,
                     "the folder has neither model.safetensors nor "
                     "model.safetensors.index.json; convert other weights "
                     "(pytorch_model.bin, tf_model.h5) to safetensors first");
  llvm::Expected<JsonObject> index = JsonObject::load(indexPath);
  if (!index)
    return index.takeError();
  return openShards(folder, *index);
}
