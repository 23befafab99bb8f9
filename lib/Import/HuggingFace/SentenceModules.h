//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a sentence-transformers folder says about itself.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_SENTENCEMODULES_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_SENTENCEMODULES_H

#include "sylvite/Import/Common/Json.h"
#include "sylvite/Import/HuggingFace/ImportHuggingFace.h"

namespace sylvite {

/// Where the encoder lies and what follows it.
struct SentenceModules {
  std::string encoderFolder;
  Pooling pooling = Pooling::None;
  bool normalize = false;
  /// The pooling's own configuration, where the folder has one.
  std::optional<JsonObject> poolingConfig;
};

/// Reads `modules.json`, if the folder has one, and lets the options decide
/// what they set (see `HuggingFaceOptions`).
llvm::Expected<SentenceModules>
readSentenceModules(llvm::StringRef folder, const HuggingFaceOptions &options);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_SENTENCEMODULES_H
