//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Line, column and a short excerpt for an error in a file.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace sylvite;

char FileDiagnostic::ID = 0;

void FileDiagnostic::log(llvm::raw_ostream &os) const {
  os << path << ':';
  if (line)
    os << line << ':' << column << ':';
  os << ' ' << message;
}

std::error_code FileDiagnostic::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

mlir::Location FileDiagnostic::getLocation(mlir::MLIRContext *context) const {
  return mlir::FileLineColLoc::get(context, path, line, column);
}

llvm::Error sylvite::fileError(llvm::StringRef path,
                               const llvm::Twine &message) {
  return llvm::make_error<FileDiagnostic>(path.str(), 0, 0, message.str());
}

llvm::Error sylvite::textError(llvm::StringRef path, llvm::StringRef text,
                               size_t offset, const llvm::Twine &message) {
  llvm::StringRef before = text.take_front(offset);
  unsigned line = before.count('\n') + 1;
  // rfind() gives npos, which is -1, on the first line: the count is right.
  unsigned column = before.size() - before.rfind('\n');
  return llvm::make_error<FileDiagnostic>(path.str(), line, column,
                                          message.str());
}

std::string sylvite::quoted(llvm::StringRef name) {
  constexpr size_t longest = 200;
  std::string result = "'";
  llvm::raw_string_ostream os(result);
  llvm::printEscapedString(name.take_front(longest), os);
  if (name.size() > longest)
    os << "...";
  os << "'";
  return result;
}

mlir::LogicalResult sylvite::emitFileErrors(llvm::Error error,
                                            mlir::Location fallback) {
  llvm::handleAllErrors(
      std::move(error),
      [&](const FileDiagnostic &diagnostic) {
        mlir::emitError(diagnostic.getLocation(fallback.getContext()))
            << diagnostic.getMessage();
      },
      [&](const llvm::ErrorInfoBase &other) {
        mlir::emitError(fallback) << other.message();
      });
  return mlir::failure();
}
