//===- DataObject.h - Bytes as an object file -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Wraps bytes into an object file that defines them as one read-only symbol.
///
/// Weights are embedded this way. They stream through: an assembler or LLVM's IR
/// would hold all of them in memory.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PACKAGE_DATAOBJECT_H
#define SYLVITE_LIB_PACKAGE_DATAOBJECT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace sylvite {

/// Writes an x86-64 object to `os`. `writeData` writes exactly `size` bytes;
/// they are 64-byte aligned under the hidden symbol `name`.
llvm::Error
writeDataObject(llvm::raw_ostream &os, llvm::StringRef name, uint64_t size,
                llvm::function_ref<llvm::Error(llvm::raw_ostream &)> writeData);

} // namespace sylvite

#endif // SYLVITE_LIB_PACKAGE_DATAOBJECT_H
