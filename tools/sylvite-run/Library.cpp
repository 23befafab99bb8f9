//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A compiled library, loaded.
///
//===----------------------------------------------------------------------===//

#include "Library.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include <dlfcn.h>

using namespace sylvite;
using namespace llvm;

/// An error whose message begins with "PATH: ".
static Error makeFileError(StringRef path, const Twine &message) {
  return createStringError(Twine(path) + ": " + message);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// What the names of the library begin with: there is PREFIX_describe, and
/// PREFIX_open beside it.
static Expected<std::string> findPrefix(StringRef path) {
  // Nothing would ever come out of a pipe.
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path))
    return makeFileError(path, "is no file");
  Expected<object::OwningBinary<object::ObjectFile>> binary =
      object::ObjectFile::createObjectFile(path);
  if (!binary)
    return makeFileError(path, toString(binary.takeError()));
  auto *elf = dyn_cast<object::ELFObjectFileBase>(binary->getBinary());
  if (!elf)
    return makeFileError(path, "is no library of this system");
  StringSet<> names;
  for (object::ELFSymbolRef symbol : elf->getDynamicSymbolIterators()) {
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return makeFileError(path, toString(name.takeError()));
    names.insert(*name);
  }
  SmallVector<std::string> prefixes;
  for (StringRef name : names.keys())
    if (name.consume_back("_describe") &&
        names.contains((name + "_open").str()))
      prefixes.push_back(name.str());
  if (prefixes.empty())
    return makeFileError(path, "is no compiled model: it has no function "
                               "..._describe");
  if (prefixes.size() > 1)
    return makeFileError(path, "holds more than one compiled model");
  return prefixes.front();
}

Expected<std::unique_ptr<Library>> Library::load(StringRef path) {
  Expected<std::string> prefix = findPrefix(path);
  if (!prefix)
    return prefix.takeError();
  // A name without a slash would be looked for on the library path.
  SmallString<256> absolute(path);
  sys::fs::make_absolute(absolute);
  void *handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return createStringError(dlerror());
  std::unique_ptr<Library> library(new Library(path.str(), handle));
  if (Error error = library->bind(*prefix))
    return std::move(error);
  return library;
}

template <typename Function>
Function *Library::get(const char *name) const {
  return reinterpret_cast<Function *>(
      dlsym(handle, (interface.prefix + "_" + name).c_str()));
}

Error Library::bind(StringRef prefix) {
  interface.prefix = prefix.str();
  for (const char *name :
       {"open_target", "target", "close", "context_create", "context_destroy",
        "invoke", "last_error", "set_num_threads", "profile", "profile_count"})
    if (!get<void()>(name))
      return makeFileError(path, "has no function " + prefix + "_" + name);
  description = get<const char *()>("describe")();
  Expected<ModelInterface> parsed = parseInterface(description);
  if (!parsed)
    return makeFileError(path, toString(parsed.takeError()));
  interface = std::move(*parsed);
  if (interface.hasDevice() && !get<void()>("get_device_counts"))
    return makeFileError(path, "has no function " + prefix +
                                   "_get_device_counts");
  return Error::success();
}

Library::~Library() {
  if (context)
    get<void(Context *)>("context_destroy")(context);
  if (model)
    get<void(Model *)>("close")(model);
  dlclose(handle);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Error Library::makeError(const Context *where) const {
  return createStringError(
      get<const char *(const Context *)>("last_error")(where));
}

Error Library::open(const std::string &weights, const std::string &target) {
  auto orNull = [](const std::string &text) {
    return text.empty() ? nullptr : text.c_str();
  };
  if (get<int(const char *, const char *, Model **)>("open_target")(
          orNull(weights), orNull(target), &model) ||
      get<int(Model *, Context **)>("context_create")(model, &context))
    return makeError(nullptr);
  return Error::success();
}

Expected<std::string> Library::chooseTarget() const {
  if (const char *name = get<const char *(const Model *)>("target")(nullptr))
    return name;
  return makeError(nullptr);
}

ArrayRef<KernelCallInfo> Library::getCalls(const FunctionInfo &function) const {
  StringRef target = get<const char *(const Model *)>("target")(model);
  for (const VariantInfo &variant : interface.variants)
    if (auto calls = variant.calls.find(function.name);
        variant.target == target && calls != variant.calls.end())
      return calls->second;
  return {};
}

void Library::setNumThreads(int threads) {
  get<void(int)>("set_num_threads")(threads);
}

Error Library::profile(ProfileEvent *events, uint64_t capacity) {
  if (get<int(Context *, ProfileEvent *, uint64_t)>("profile")(context, events,
                                                               capacity))
    return makeError(context);
  return Error::success();
}

uint64_t Library::countEvents() const {
  return get<uint64_t(const Context *)>("profile_count")(context);
}

std::optional<DeviceCounts> Library::countOnDevice() const {
  if (!interface.hasDevice())
    return std::nullopt;
  DeviceCounts counts;
  get<int(const Context *, DeviceCounts *)>("get_device_counts")(context,
                                                                 &counts);
  return counts;
}

Error Library::invoke(const FunctionInfo &function, ArrayRef<int64_t> dims,
                      ArrayRef<const void *> inputs, ArrayRef<void *> outputs) {
  auto *call = get<int(Context *, const char *, const int64_t *,
                       const void *const *, void *const *)>("invoke");
  // Arrays without elements have a place, too.
  static const int64_t noDims[1] = {};
  static const void *const noInputs[1] = {};
  if (call(context, function.name.c_str(), dims.empty() ? noDims : dims.data(),
           inputs.empty() ? noInputs : inputs.data(), outputs.data()))
    return makeError(context);
  return Error::success();
}
