//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel and Halide's runtime become a shared library in the folder for
/// temporary files, which is opened and removed.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Measure/LoadedKernel.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <dlfcn.h>
#include <mutex>

using namespace sylvite;
using llvm::StringRef;

/// What the kernel that runs has reported; kernels report from any thread.
static std::string reported;
static std::mutex reportMutex;

static void collectError(void *, const char *message) {
  std::lock_guard lock(reportMutex);
  if (reported.empty())
    reported = StringRef(message).trim().str();
}

static llvm::Error link(StringRef object, StringRef library) {
  std::string message;
  const StringRef arguments[] = {
      SYLVITE_LLD, "-shared", "-o", library, object, SYLVITE_HALIDE_RUNTIME};
  if (llvm::sys::ExecuteAndWait(SYLVITE_LLD, arguments, std::nullopt, {}, 0, 0,
                                &message))
    return llvm::createStringError("linking the kernel failed " + message);
  return llvm::Error::success();
}

llvm::Expected<LoadedKernel> LoadedKernel::load(const EmittedKernel &kernel,
                                                int threads) {
  llvm::SmallString<128> object, library;
  for (auto [suffix, path] : {std::pair{"o", &object}, {"so", &library}})
    if (std::error_code error =
            llvm::sys::fs::createTemporaryFile("kernel", suffix, *path))
      return llvm::errorCodeToError(error);
  llvm::FileRemover objectRemover(object), libraryRemover(library);
  std::error_code error;
  llvm::raw_fd_ostream(object, error) << kernel.object;
  if (error)
    return llvm::errorCodeToError(error);
  if (llvm::Error failed = link(object, library))
    return std::move(failed);

  void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return llvm::createStringError(dlerror());
  auto find = [&](const std::string &name) {
    return dlsym(handle, name.c_str());
  };
  using ErrorHandler = void (*)(void *, const char *);
  reinterpret_cast<ErrorHandler (*)(ErrorHandler)>(
      find("halide_set_error_handler"))(collectError);
  reinterpret_cast<int (*)(int)>(find("halide_set_num_threads"))(threads);
  auto entry = reinterpret_cast<Entry>(find(kernel.name + "_argv"));
  if (!entry)
    return llvm::createStringError("the object does not define " + kernel.name +
                                   "_argv");
  return LoadedKernel(
      entry, reinterpret_cast<void (*)()>(find("halide_shutdown_thread_pool")));
}

LoadedKernel::~LoadedKernel() {
  if (entry)
    shutDown();
}

llvm::Error
LoadedKernel::call(llvm::ArrayRef<halide_buffer_t *> buffers) const {
  void *userContext = nullptr;
  llvm::SmallVector<void *> arguments{&userContext};
  arguments.append(buffers.begin(), buffers.end());
  reported.clear();
  int code = entry(arguments.data());
  if (code)
    return llvm::createStringError("the kernel returned %d: %s", code,
                                   reported.c_str());
  return llvm::Error::success();
}
