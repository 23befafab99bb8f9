//===- Run.h - Calls of a compiled function ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs a function of a compiled library on arrays from a file, and measures
/// it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_RUN_RUN_H
#define SYLVITE_TOOLS_SYLVITE_RUN_RUN_H

#include "Library.h"

#include "llvm/Support/raw_ostream.h"

namespace sylvite {

enum class ProfileBy { None, Kernel, Place };

struct RunOptions {
  /// Empty for the only one that the library has.
  std::string function;
  std::string inputs;
  /// Empty to write none.
  std::string outputs;
  /// Empty for where the library looks itself.
  std::string weights;
  /// Empty for the library's choice.
  std::string target;
  /// Times to run after the first; 0 does not measure.
  unsigned repeat = 0;
  /// What rows of a profile stand for; and the file of a trace, empty for none.
  ProfileBy profile = ProfileBy::None;
  std::string trace;
  /// 0 for one per processor.
  unsigned threads = 0;
  /// Of dimensions that no input tells.
  std::vector<std::pair<std::string, int64_t>> dims = {};
};

/// Runs the function; times go to `os` as one line of JSON,
/// behind it a profile as a table.
llvm::Error run(Library &library, const RunOptions &options,
                llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_RUN_RUN_H
