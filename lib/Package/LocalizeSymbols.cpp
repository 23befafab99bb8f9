//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Symbols that only their object sees, by way of LLVM's objcopy library.
///
//===----------------------------------------------------------------------===//

#include "LocalizeSymbols.h"

#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/Binary.h"

using namespace sylvite;
using namespace llvm;

Error sylvite::localizeSymbols(MemoryBufferRef object,
                               ArrayRef<std::string> global, raw_ostream &os) {
  Expected<std::unique_ptr<object::Binary>> binary =
      object::createBinary(object);
  if (!binary)
    return binary.takeError();
  objcopy::ConfigManager config;
  config.Common.InputFilename = config.Common.OutputFilename =
      object.getBufferIdentifier();
  for (const std::string &name : global) {
    Expected<objcopy::NameOrPattern> pattern = objcopy::NameOrPattern::create(
        name, objcopy::MatchStyle::Literal, [](Error error) { return error; });
    if (!pattern)
      return pattern.takeError();
    if (Error error =
            config.Common.SymbolsToKeepGlobal.addMatcher(std::move(*pattern)))
      return error;
  }
  return objcopy::executeObjcopyOnBinary(config, **binary, os);
}
