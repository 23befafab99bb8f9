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
//===----------------------------------------------------------------------===//

#include "ConfigReader.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include <limits>

using namespace sylvite;

void ConfigReader::report(llvm::Error error) {
  hasFailed = true;
  (void)emitFileErrors(std::move(error), mlir::UnknownLoc::get(context));
}

void ConfigReader::error(llvm::StringRef key, const llvm::Twine &message) {
  report(object.error(key, message));
}

template <typename T>
bool ConfigReader::read(llvm::StringRef key, bool hasDefault, T &value) {
  if (hasDefault && !object.isSet(key))
    return false;
  if (llvm::Error e = object.get(key, value)) {
    report(std::move(e));
    return false;
  }
  return true;
}

int64_t ConfigReader::readFrom(llvm::StringRef key,
                               std::optional<int64_t> defaultValue,
                               int64_t least) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  int64_t value;
  if (!read(key, defaultValue.has_value(), value))
    return defaultValue.value_or(least);
  if (value >= least && value <= most)
    return value;
  error(key, key + " must be from " + llvm::Twine(least) + " to " +
                 llvm::Twine(most) + ", found " + llvm::Twine(value));
  return least;
}

int64_t ConfigReader::readPositive(llvm::StringRef key,
                                   std::optional<int64_t> defaultValue) {
  return readFrom(key, defaultValue, 1);
}

int64_t ConfigReader::readToken(llvm::StringRef key, int64_t defaultValue) {
  return readFrom(key, defaultValue, 0);
}

double ConfigReader::readNonNegative(llvm::StringRef key, double defaultValue) {
  double value;
  if (!read(key, /*hasDefault=*/true, value))
    return defaultValue;
  if (value < 0) {
    error(key, key + " must not be negative");
    return defaultValue;
  }
  return value;
}

std::string
ConfigReader::readString(llvm::StringRef key,
                         std::optional<llvm::StringRef> defaultValue) {
  std::string value;
  if (!read(key, defaultValue.has_value(), value))
    return defaultValue.value_or("").str();
  return value;
}

bool ConfigReader::readBool(llvm::StringRef key, bool defaultValue) {
  bool value;
  return read(key, /*hasDefault=*/true, value) ? value : defaultValue;
}
