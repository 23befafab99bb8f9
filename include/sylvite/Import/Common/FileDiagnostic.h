//===- FileDiagnostic.h - Errors that name a place in a file ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Readers of model files know no MLIR context, yet what they find wrong must
/// reach the user as a located diagnostic. They return an llvm::Error that
/// holds the place apart from the message; whoever has a context turns it into
/// a diagnostic with `emitFileErrors`.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_COMMON_FILEDIAGNOSTIC_H
#define SYLVITE_IMPORT_COMMON_FILEDIAGNOSTIC_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace sylvite {

/// An error at a place in a file. Line and column count from one; both are zero
/// for a binary file, and where the whole file is meant.
class FileDiagnostic : public llvm::ErrorInfo<FileDiagnostic> {
public:
  static char ID;

  FileDiagnostic(std::string path, unsigned line, unsigned column,
                 std::string message)
      : path(std::move(path)), line(line), column(column),
        message(std::move(message)) {}

  /// Writes `path:line:column: message`, without the numbers where they are
  /// zero.
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;

  mlir::Location getLocation(mlir::MLIRContext *context) const;
  llvm::StringRef getPath() const { return path; }
  llvm::StringRef getMessage() const { return message; }

private:
  std::string path;
  unsigned line, column;
  std::string message;
};

/// An error about the file as a whole.
llvm::Error fileError(llvm::StringRef path, const llvm::Twine &message);

/// An error at byte `offset` of `text`, the contents of the text file `path`.
llvm::Error textError(llvm::StringRef path, llvm::StringRef text, size_t offset,
                      const llvm::Twine &message);

/// A name from a file in single quotes, fit for a message: control characters
/// escaped, cut after 200 bytes.
std::string quoted(llvm::StringRef name);

/// Emits each error as a diagnostic at its place, or at `fallback` where it has
/// none. Always fails, so that a caller can return it.
mlir::LogicalResult emitFileErrors(llvm::Error error, mlir::Location fallback);

} // namespace sylvite

#endif // SYLVITE_IMPORT_COMMON_FILEDIAGNOSTIC_H
