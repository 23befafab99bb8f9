//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The translations of the tool, one function a file.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_TRANSLATE_TRANSLATIONS_H
#define SYLVITE_TOOLS_TRANSLATE_TRANSLATIONS_H

namespace sylvite {

/// --import-huggingface: a model folder to a graph.
void registerImportHuggingFace();

/// --halide-to-stmt and --halide-to-cpp: kernels as text.
void registerPrintHalide();

} // namespace sylvite

#endif // SYLVITE_TOOLS_TRANSLATE_TRANSLATIONS_H
