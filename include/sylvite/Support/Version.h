//===- Version.h - What --version says --------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What --version says, in every tool.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_VERSION_H
#define SYLVITE_SUPPORT_VERSION_H

#include "llvm/Support/raw_ostream.h"

namespace sylvite {

/// Prints the versions of Sylvite and of LLVM, for cl::SetVersionPrinter.
void printVersion(llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_VERSION_H
