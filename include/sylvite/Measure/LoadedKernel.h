//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel in this process: linked with Halide's runtime and loaded.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_MEASURE_LOADEDKERNEL_H
#define SYLVITE_MEASURE_LOADEDKERNEL_H

#include "sylvite/Emit/Halide/EmitKernels.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

struct halide_buffer_t;

namespace sylvite {

class LoadedKernel {
public:
  /// Links and loads a kernel that was emitted with `argvWrapper`.
  static llvm::Expected<LoadedKernel> load(const EmittedKernel &kernel,
                                           int threads);
  LoadedKernel(LoadedKernel &&other)
      : entry(std::exchange(other.entry, nullptr)), shutDown(other.shutDown) {}
  ~LoadedKernel();

  /// Runs the kernel on its inputs, then its outputs. An error carries what the
  /// kernel reported.
  llvm::Error call(llvm::ArrayRef<halide_buffer_t *> buffers) const;

private:
  using Entry = int (*)(void **);
  LoadedKernel(Entry entry, void (*shutDown)())
      : entry(entry), shutDown(shutDown) {}

  Entry entry;
  /// Ends the runtime's threads.
  void (*shutDown)();
};

} // namespace sylvite

#endif // SYLVITE_MEASURE_LOADEDKERNEL_H
