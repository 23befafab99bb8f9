//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The values of a `config.json`, each checked as it is read.
///
/// A value that is missing or bad is reported at its line, a harmless one takes
/// its place, and reading goes on; `failed` tells at the end whether all were
/// good. Values with a default may be missing or null, as the library that
/// writes these files leaves out what equals its own defaults.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_CONFIGREADER_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_CONFIGREADER_H

#include "mlir/IR/MLIRContext.h"
#include "sylvite/Import/Common/Json.h"

namespace sylvite {

class ConfigReader {
public:
  ConfigReader(const JsonObject &object, mlir::MLIRContext *context)
      : object(object), context(context) {}

  const JsonObject &getObject() const { return object; }

  /// An extent or a count: from 1 to 2^31 - 1.
  int64_t readPositive(llvm::StringRef key,
                       std::optional<int64_t> defaultValue = {});

  /// A token's number: from 0 to 2^31 - 1.
  int64_t readToken(llvm::StringRef key, int64_t defaultValue);

  /// A number that is not negative.
  double readNonNegative(llvm::StringRef key, double defaultValue);

  std::string readString(llvm::StringRef key,
                         std::optional<llvm::StringRef> defaultValue = {});

  bool readBool(llvm::StringRef key, bool defaultValue);

  /// Reports an error at a key.
  void error(llvm::StringRef key, const llvm::Twine &message);

  bool failed() const { return hasFailed; }

private:
  /// Whether the key has a value, or needs one; `value` is read if so.
  template <typename T>
  bool read(llvm::StringRef key, bool hasDefault, T &value);
  void report(llvm::Error error);
  int64_t readFrom(llvm::StringRef key, std::optional<int64_t> defaultValue,
                   int64_t least);

  const JsonObject &object;
  mlir::MLIRContext *context;
  bool hasFailed = false;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_CONFIGREADER_H
