//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// BERT. Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional
/// Transformers for Language Understanding", 2018. MiniLM and many sentence
/// encoders are BERT models as well.
///
//===----------------------------------------------------------------------===//

#include "BertModules.h"
#include "EncoderBuilder.h"

using namespace sylvite;

static void readConfig(ConfigReader &reader, EncoderConfig &config) {
  readBertConfig(reader, config);
  config.padToken = reader.readToken("pad_token_id", 0);
}

static mlir::Value buildEmbeddings(EncoderBuilder &b,
                                   const EncoderInputs &inputs) {
  auto scope = b.enter("embeddings");
  mlir::Value x = b.embedding("word_embeddings", inputs.inputIds);
  x = b.add(x, b.embedding("token_type_embeddings", inputs.tokenTypeIds));
  x = b.add(x, b.embedding("position_embeddings", b.positions()));
  return b.layerNorm("LayerNorm", x);
}

const EncoderFamily &sylvite::getBertFamily() {
  static constexpr llvm::StringLiteral modelTypes[] = {"bert"};
  static constexpr llvm::StringLiteral prefixes[] = {"bert."};
  static const EncoderFamily family = {
      modelTypes,     prefixes,   bertPassedOver,
      bertEmbeddings, bertLayers, bertLayerModules,
      bertLayerPaths, readConfig, buildEmbeddings};
  return family;
}
