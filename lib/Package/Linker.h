//===- Linker.h - Calls of the linker ---------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The linker runs as a program of its own; what it complains about becomes an
/// error.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PACKAGE_LINKER_H
#define SYLVITE_LIB_PACKAGE_LINKER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace sylvite {

/// Runs the linker with these arguments. `program` is its path; empty means the
/// one found when Sylvite was configured, else the first ld.lld on PATH.
llvm::Error runLinker(llvm::StringRef program,
                      llvm::ArrayRef<std::string> arguments);

/// The C library's shared objects on this machine: libc, libm and, where they
/// are apart, libpthread and libdl. A library is linked with the files
/// themselves, because that needs no development package.
llvm::Expected<std::vector<std::string>> findCLibraries();

} // namespace sylvite

#endif // SYLVITE_LIB_PACKAGE_LINKER_H
