//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights by name over several files.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;

llvm::Expected<WeightStore>
WeightStore::open(llvm::ArrayRef<std::string> paths) {
  WeightStore store;
  for (const std::string &path : paths) {
    llvm::Expected<std::unique_ptr<WeightFile>> file = WeightFile::open(path);
    if (!file)
      return file.takeError();
    store.files.push_back(std::move(*file));
    const WeightFile &added = *store.files.back();
    for (const TensorInfo &tensor : added.getTensors()) {
      if (llvm::StringRef(tensor.name).starts_with(safeTensorsPaddingPrefix))
        continue;
      auto [other, isNew] =
          store.index.try_emplace(tensor.name, Entry{&added, &tensor});
      if (!isNew)
        return fileError(path, "tensor " + quoted(tensor.name) +
                                   " is also in " +
                                   other->second.file->getPath() +
                                   "; weight files must not share a name");
    }
  }
  return store;
}

std::vector<std::string> WeightStore::getPaths() const {
  std::vector<std::string> paths;
  for (const auto &file : files)
    paths.push_back(file->getPath().str());
  return paths;
}

void WeightStore::add(llvm::StringRef name, DType dtype,
                      llvm::ArrayRef<int64_t> shape, Compute compute) {
  auto added = std::make_unique<Computed>();
  added->tensor.name = name.str();
  added->tensor.dtype = dtype;
  added->tensor.shape.assign(shape.begin(), shape.end());
  added->tensor.begin = 0;
  added->tensor.end =
      llvm::divideCeil(added->tensor.getNumElements() * getBitWidth(dtype), 8);
  added->compute = std::move(compute);
  index[name] = Entry{nullptr, &added->tensor};
  computed[name] = std::move(added);
}

std::optional<WeightStore::Entry>
WeightStore::lookup(llvm::StringRef name) const {
  auto found = index.find(name);
  if (found == index.end())
    return std::nullopt;
  return found->second;
}

llvm::Expected<WeightStore::Entry>
WeightStore::get(llvm::StringRef name) const {
  if (std::optional<Entry> entry = lookup(name))
    return *entry;
  if (files.empty())
    return llvm::createStringError("the weight " + quoted(name) +
                                   " was asked for, but the module names no "
                                   "weight files: list them in its attribute " +
                                   graph::GraphDialect::kWeightFiles);
  return llvm::createStringError("no weight file holds the tensor " +
                                 quoted(name) + "; looked in " +
                                 llvm::join(getPaths(), ", "));
}

llvm::Expected<llvm::ArrayRef<uint8_t>>
WeightStore::getBytes(llvm::StringRef name) const {
  llvm::Expected<Entry> entry = get(name);
  if (!entry)
    return entry.takeError();
  if (entry->file)
    return entry->file->getBytes(*entry->tensor);
  Computed &tensor = *computed.find(name)->second;
  std::lock_guard<std::mutex> lock(tensor.mutex);
  if (!tensor.bytes) {
    llvm::Expected<std::vector<uint8_t>> bytes = tensor.compute();
    if (!bytes)
      return bytes.takeError();
    assert(bytes->size() == tensor.tensor.getSizeInBytes());
    tensor.bytes = std::move(*bytes);
  }
  return llvm::ArrayRef<uint8_t>(*tensor.bytes);
}

/// Where a tensor lies, for messages.
static llvm::StringRef getPlace(const WeightStore::Entry &entry) {
  return entry.file ? entry.file->getPath() : "derived weights";
}

/// Fails for a tensor whose values are no floats of at most 32 bits.
static llvm::Error checkWidens(const WeightStore::Entry &entry) {
  if (widensToF32(entry.tensor->dtype))
    return llvm::Error::success();
  return fileError(getPlace(entry),
                   "tensor " + quoted(entry.tensor->name) + " holds " +
                       getName(entry.tensor->dtype) +
                       "; weights must be F32, F16 or BF16: convert the model "
                       "to one of them");
}

llvm::Error WeightStore::readAsF32(llvm::StringRef name,
                                   llvm::MutableArrayRef<float> out,
                                   int64_t first) const {
  llvm::Expected<Entry> entry = get(name);
  if (!entry)
    return entry.takeError();
  if (llvm::Error error = checkWidens(*entry))
    return error;
  const TensorInfo &tensor = *entry->tensor;
  uint64_t elements = tensor.getNumElements();
  if (first < 0 || uint64_t(first) > elements ||
      out.size() > elements - uint64_t(first))
    return fileError(getPlace(*entry),
                     "elements [" + llvm::Twine(first) + ", " +
                         llvm::Twine(uint64_t(first) + out.size()) +
                         ") of tensor " + quoted(name) +
                         " were asked for, it has " + llvm::Twine(elements));
  llvm::Expected<llvm::ArrayRef<uint8_t>> bytes = getBytes(name);
  if (!bytes)
    return bytes.takeError();
  widenToF32(tensor.dtype,
             bytes->data() + first * (getBitWidth(tensor.dtype) / 8), out);
  return llvm::Error::success();
}

llvm::Expected<std::vector<float>>
WeightStore::readAsF32(llvm::StringRef name) const {
  llvm::Expected<Entry> entry = get(name);
  if (!entry)
    return entry.takeError();
  if (llvm::Error error = checkWidens(*entry))
    return std::move(error);
  std::vector<float> values(entry->tensor->getNumElements());
  if (llvm::Error error = readAsF32(name, values))
    return std::move(error);
  return values;
}

void WeightStore::release(llvm::StringRef name) const {
  std::optional<Entry> entry = lookup(name);
  if (!entry)
    return;
  if (entry->file)
    return entry->file->release(*entry->tensor);
  Computed &tensor = *computed.find(name)->second;
  std::lock_guard<std::mutex> lock(tensor.mutex);
  tensor.bytes.reset();
}
