//===- EmitObject.h - From LLVM IR to an object -----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compiles a module of LLVM IR for x86-64 Linux, in memory. The same module
/// makes the same bytes.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_EMITOBJECT_H
#define SYLVITE_EMIT_HOST_EMITOBJECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace llvm {
class Module;
} // namespace llvm

namespace sylvite {

/// Optimises and compiles `module`, whose triple and data layout it sets. The
/// code is for any x86-64: it calls kernels, which hold the vector code.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
emitObject(llvm::Module &module);

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_EMITOBJECT_H
