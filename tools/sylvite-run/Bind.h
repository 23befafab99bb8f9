//===- Bind.h - From named arrays to arguments ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arguments of a function from named arrays: dimensions are read off the
/// arrays' shapes, and what does not fit is told with what was expected.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_RUN_BIND_H
#define SYLVITE_TOOLS_SYLVITE_RUN_BIND_H

#include "sylvite/Support/ModelInterface.h"
#include "sylvite/Support/Npz/Npz.h"

namespace sylvite {

/// Arguments in the order of the function's interface.
struct BoundArguments {
  std::vector<int64_t> dims;
  /// Null for an input that is left out.
  std::vector<const void *> inputs;
};

/// Binds `arrays`, which must outlive the result, and the dimensions that are
/// given besides. Messages begin with `path`, the file that the arrays came
/// from.
llvm::Expected<BoundArguments>
bindInputs(const FunctionInfo &function, const NpzArrays &arrays,
           llvm::StringRef path,
           llvm::ArrayRef<std::pair<std::string, int64_t>> extents);

/// Moves inputs that the function has replaced to the outputs, by the names of
/// the results that they hold now.
void takeInPlace(const FunctionInfo &function, NpzArrays &inputs,
                 NpzArrays &outputs);

/// Makes arrays for all outputs; fails where one would be too large.
llvm::Expected<NpzArrays> makeOutputs(const FunctionInfo &function,
                                      llvm::ArrayRef<int64_t> dims);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_RUN_BIND_H
