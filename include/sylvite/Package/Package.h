//===- Package.h - From objects to a library --------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The last phase: objects, runtime and weights become the files that users
/// get.
///
///   PREFIX.o            one object; only the public names are global in it
///   PREFIX.a            the same as an archive
///   PREFIX.so           the same as a shared library
///   PREFIX.h            the C header
///   PREFIX.safetensors  the packed weights, unless they are embedded
///
/// The files appear together or not at all, and the same input makes the same
/// bytes.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PACKAGE_PACKAGE_H
#define SYLVITE_PACKAGE_PACKAGE_H

#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"
#include "sylvite/Support/ModelInterface.h"

#include "llvm/Support/MemoryBufferRef.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sylvite {

/// The weights in the form that kernels read, produced one tensor at a time.
struct PackedWeights {
  /// The offsets in it are the ones that the host program was compiled with.
  SafeTensorsLayout layout;
  /// Writes the bytes of one tensor of the layout.
  std::function<llvm::Error(size_t tensor, llvm::raw_ostream &os)> write;
};

/// The code for one of several targets.
struct PackagedVariant {
  /// The host program and the kernels.
  std::vector<llvm::MemoryBufferRef> objects;
  /// The one symbol of them that the others see: their descriptor.
  std::string descriptor;
};

struct PackageInput {
  ModelInterface interface;
  /// The host program and the kernels; for several targets the public functions
  /// alone. The identifier of each buffer names it in messages.
  std::vector<llvm::MemoryBufferRef> objects;
  /// For several targets what they do not share; else empty.
  std::vector<PackagedVariant> variants;
  /// None for a model without weights.
  std::optional<PackedWeights> weights;
};

struct PackageOptions {
  /// Path without suffix: "out/bert" makes out/bert.so and so on. The last
  /// part need not be the interface's prefix, which must be a C identifier.
  std::string path;
  bool emitObject = false;
  bool emitArchive = true;
  bool emitSharedLibrary = true;
  bool emitHeader = true;
  /// Puts the weights into the library; else they become a file beside it.
  bool embedWeights = false;
  /// The runtime's object; empty means lib/sylvite/runtime.o beside the folder
  /// of the running program.
  std::string runtime;
  /// The linker; empty means the one found when Sylvite was built.
  std::string linker;
};

/// A file that was written.
struct PackagedFile {
  std::string path;
  uint64_t bytes;
};

/// Writes all files that `options` asks for. On failure nothing is left behind
/// and files that were there before are untouched.
llvm::Expected<std::vector<PackagedFile>>
writePackage(const PackageInput &input, const PackageOptions &options);

} // namespace sylvite

#endif // SYLVITE_PACKAGE_PACKAGE_H
