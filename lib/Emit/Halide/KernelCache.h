//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels that were compiled before, by all that their bytes depend on.
///
/// The folder holds one file per kernel, which anyone may delete at any time.
/// Several processes may use it at once: files appear whole.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_KERNELCACHE_H
#define SYLVITE_LIB_EMIT_HALIDE_KERNELCACHE_H

#include "CompileKernel.h"
#include "llvm/Support/Error.h"

namespace sylvite::emit {

class KernelCache {
public:
  /// A cache in this folder, which is made where it is missing. An empty name
  /// makes a cache that holds nothing and keeps nothing.
  static llvm::Expected<KernelCache> open(llvm::StringRef folder);
  KernelCache() = default;

  /// The name under which a kernel's object is kept: a hash over its IR, its
  /// schedule, the target, this emitter and Halide.
  static std::string computeKey(const Kernel &kernel,
                                const EmitKernelsOptions &options);

  /// The object of that key; nothing where there is none or its file is not as
  /// it was written.
  std::optional<std::string> find(llvm::StringRef key) const;

  llvm::Error store(llvm::StringRef key, llvm::StringRef object) const;

private:
  std::string getPath(llvm::StringRef key) const;

  std::string folder;
};

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_KERNELCACHE_H
