//===- Header.h - The C header of a library ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The C header of a compiled library: everything a caller has to know, with the
/// names and shapes of the model.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PACKAGE_HEADER_H
#define SYLVITE_LIB_PACKAGE_HEADER_H

#include "sylvite/Support/ModelInterface.h"

#include "llvm/Support/raw_ostream.h"

namespace sylvite {

/// Writes the header. `weightsFile` is the file beside the library, empty for
/// embedded weights.
void printHeader(const ModelInterface &interface, llvm::StringRef weightsFile,
                 llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_LIB_PACKAGE_HEADER_H
