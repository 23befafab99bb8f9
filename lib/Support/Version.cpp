//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Versions, as CMake knows them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Version.h"

#include "llvm/Config/llvm-config.h"

void sylvite::printVersion(llvm::raw_ostream &os) {
  os << "Sylvite " SYLVITE_VERSION " with LLVM " LLVM_VERSION_STRING "\n";
}
