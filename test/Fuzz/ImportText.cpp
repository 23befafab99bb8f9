//===- ImportText.cpp - The importer of ONNX on bytes of any kind ---------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Imports from memory; external data is looked for where there is none.
///
//===----------------------------------------------------------------------===//

#include "ImportText.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "sylvite/Import/ONNX/ImportONNX.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;

/// A context keeps each type and name that it has seen; a new one now and then
/// bounds the memory of a long run.
static MLIRContext &getContext() {
  static std::unique_ptr<MLIRContext> context;
  static unsigned uses = 0;
  if (!context || ++uses % 512 == 0)
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  return *context;
}

bool sylvite::test::importText(StringRef model) {
  MLIRContext &context = getContext();
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    errors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return success();
  });
  OwningOpRef<ModuleOp> module =
      importONNXText(model, "/nowhere/model.onnx", {}, &context);
  bool isGood = module && succeeded(verify(*module));
  if (!isGood && !errors)
    llvm::report_fatal_error("a model was refused without an error");
  if (module && errors && isGood)
    llvm::report_fatal_error("a model was imported in spite of an error");
  return isGood;
}
