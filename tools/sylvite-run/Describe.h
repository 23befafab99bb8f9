//===- Describe.h - What a library offers, to read --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a library offers, for people.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITE_RUN_DESCRIBE_H
#define SYLVITE_TOOLS_SYLVITE_RUN_DESCRIBE_H

#include "Library.h"

#include "llvm/Support/raw_ostream.h"

namespace sylvite {

/// Prints functions, dimensions, inputs and outputs.
void describe(const Library &library, llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITE_RUN_DESCRIBE_H
