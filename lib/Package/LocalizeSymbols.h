//===- LocalizeSymbols.h - Symbols that only their object sees --*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes symbols of an object local, so that objects of several models, each with
/// its own runtime, can be linked into one program.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PACKAGE_LOCALIZESYMBOLS_H
#define SYLVITE_LIB_PACKAGE_LOCALIZESYMBOLS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace sylvite {

/// Writes `object` to `os` with every definition local but those of `global`.
llvm::Error localizeSymbols(llvm::MemoryBufferRef object,
                            llvm::ArrayRef<std::string> global,
                            llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_LIB_PACKAGE_LOCALIZESYMBOLS_H
