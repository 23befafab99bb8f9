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

#include "llvm/ADT/StringRef.h"

namespace sylvite {

/// --build-transformer: a model by its name, or from its weights, as a graph.
void registerBuildTransformer();
/// Does a model that --build-transformer builds have this name?
bool isTransformerName(llvm::StringRef name);

/// --import-huggingface: a model folder to a graph.
void registerImportHuggingFace();

/// --import-onnx: an ONNX model to a graph.
void registerImportOnnx();

/// --halide-to-stmt and --halide-to-cpp: kernels as text.
void registerPrintHalide();

} // namespace sylvite

#endif // SYLVITE_TOOLS_TRANSLATE_TRANSLATIONS_H
