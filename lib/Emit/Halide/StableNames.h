//===- StableNames.h - Names without the process' numbers -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide makes a name unique by a number that counts through the process,
/// "kernel_out__7". Names that stand in an object get numbers of their own.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_STABLENAMES_H
#define SYLVITE_LIB_EMIT_HALIDE_STABLENAMES_H

#include <set>
#include <string>

namespace sylvite::emit {

/// The names of one kind in one kernel.
class StableNames {
public:
  /// The name without the process' number; with a number in order, where one
  /// that has been added is called alike.
  std::string add(const std::string &name);

private:
  std::set<std::string> taken;
};

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_STABLENAMES_H
