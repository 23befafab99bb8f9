//===- SpirvContainer.h - Programs for Vulkan -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What Halide's runtime for Vulkan loads: one module of SPIR-V for each launch
/// of a kernel, and what the launch binds.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_SPIRVCONTAINER_H
#define SYLVITE_LIB_EMIT_HALIDE_SPIRVCONTAINER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sylvite::emit {

/// One launch.
struct SpirvProgram {
  /// Of the entry.
  std::string name;
  /// What the runtime wants to know of the launch, as it is.
  std::vector<uint32_t> bindings;
  /// The module, in words.
  std::vector<uint32_t> module;

  /// The module's bytes.
  llvm::StringRef getModuleBytes() const;
  /// Passes all names in the module, and the launch's, through a function.
  void rename(llvm::function_ref<std::string(llvm::StringRef)> newName);
};

/// Takes a container apart. Nothing where it is not one.
std::optional<std::vector<SpirvProgram>>
parseSpirvContainer(llvm::StringRef container);

/// The container of these programs.
std::string makeSpirvContainer(const std::vector<SpirvProgram> &programs);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_SPIRVCONTAINER_H
