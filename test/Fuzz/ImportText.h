//===- ImportText.h - The importer of ONNX on bytes of any kind -*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is asked of an importer whatever its input.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_FUZZ_IMPORTTEXT_H
#define SYLVITE_TEST_FUZZ_IMPORTTEXT_H

#include "llvm/ADT/StringRef.h"

namespace sylvite::test {

/// Imports a model: whether it is one. Ends the program where it is refused
/// without an error, or where its graph, imported without one, breaks a rule of
/// an op without an error.
bool importText(llvm::StringRef model);

} // namespace sylvite::test

#endif // SYLVITE_TEST_FUZZ_IMPORTTEXT_H
