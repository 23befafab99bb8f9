//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The translation --import-onnx.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/ONNX/ImportONNX.h"
#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/SourceMgr.h"

using namespace sylvite;

void sylvite::registerImportOnnx() {
  // The importer maps the file itself, and finds others beside it.
  mlir::TranslateToMLIRRegistration registration(
      "import-onnx", "import an ONNX model as a graph",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        llvm::StringRef path = sources.getMemoryBuffer(sources.getMainFileID())
                                   ->getBufferIdentifier();
        return importONNX(path, {}, context);
      },
      registerOnnxDialects);
}
