//===- DiagnosticPrinter.h - Diagnostics for users --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How the tools show diagnostics. A diagnostic begins with what it is about:
///
///   graph.mlir:7:8: error: ...                a line of a text file, shown
///   below model.safetensors: error: ...             a file as a whole
///   encoder.layer.0.output.dense: error: ...  a module of the model
///   sylvitec: error: ...                      nothing of the above
///
/// What an op was fused from follows the first place, in short: "and 2 more".
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_DIAGNOSTICS_DIAGNOSTICPRINTER_H
#define SYLVITE_SUPPORT_DIAGNOSTICS_DIAGNOSTICPRINTER_H

#include "mlir/IR/Diagnostics.h"

#include <string>

namespace sylvite {

/// Shows the diagnostics of a context on the standard error stream, for as long
/// as it lives.
class DiagnosticPrinter : public mlir::SourceMgrDiagnosticHandler {
public:
  /// `tool` is the name of the program. Lines are read from `sources`, or from
  /// the file that a location names.
  DiagnosticPrinter(std::string tool, llvm::SourceMgr &sources,
                    mlir::MLIRContext *context);

private:
  void print(mlir::Location location, mlir::DiagnosticSeverity severity,
             const llvm::Twine &message);
  bool isReadable(mlir::FileLineColLoc line);
  std::string getPlace(mlir::Location location) const;

  std::string tool;
};

} // namespace sylvite

#endif // SYLVITE_SUPPORT_DIAGNOSTICS_DIAGNOSTICPRINTER_H
