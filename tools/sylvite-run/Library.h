//===- Library.h - A compiled library, loaded -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A compiled library, loaded: its prefix, its interface and its functions.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_RUN_LIBRARY_H
#define SYLVITE_TOOLS_SYLVITE_RUN_LIBRARY_H

#include "Profile.h"
#include "sylvite/Support/ModelInterface.h"

#include <memory>

namespace sylvite {

class Library {
public:
  /// Loads a library and finds by its symbols what its names begin with. Fails
  /// for a file that is no library, or none that Sylvite made.
  static llvm::Expected<std::unique_ptr<Library>> load(llvm::StringRef path);

  ~Library();
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

  const std::string &getPath() const { return path; }
  const ModelInterface &getInterface() const { return interface; }
  /// The interface as the library tells it.
  const std::string &getDescription() const { return description; }

  /// Opens the model, with the weights at `weights`, or where it looks for them
  /// itself if that is empty.
  /// The code is that for `target`, or the one that the library chooses.
  llvm::Error open(const std::string &weights, const std::string &target);

  /// The target that open() would choose, or why it would fail.
  llvm::Expected<std::string> chooseTarget() const;

  /// The calls of kernels in a function, as the opened model runs it; none
  /// where the description tells of none.
  llvm::ArrayRef<KernelCallInfo> getCalls(const FunctionInfo &function) const;

  /// Threads that calls share; 0 for one per processor.
  void setNumThreads(int threads);

  /// Runs a function. All arrays are in the order of the interface.
  llvm::Error invoke(const FunctionInfo &function, llvm::ArrayRef<int64_t> dims,
                     llvm::ArrayRef<const void *> inputs,
                     llvm::ArrayRef<void *> outputs);

  /// Notes the kernels of calls from now on, at most as many as `events` has
  /// room for; null ends it.
  llvm::Error profile(ProfileEvent *events, uint64_t capacity);
  /// Kernels since, whether there was room or not.
  uint64_t countEvents() const;
  /// What calls have done on a device so far; none where the library has no
  /// code for one.
  std::optional<DeviceCounts> countOnDevice() const;

private:
  struct Model;
  struct Context;

  Library(std::string path, void *handle)
      : path(std::move(path)), handle(handle) {}

  /// The function PREFIX_`name`, which every library has.
  template <typename Function>
  Function *get(const char *name) const;
  llvm::Error bind(llvm::StringRef prefix);
  llvm::Error makeError(const Context *context) const;

  std::string path;
  void *handle;
  ModelInterface interface;
  std::string description;
  Model *model = nullptr;
  Context *context = nullptr;
};

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_RUN_LIBRARY_H
