//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// RoBERTa. Source: Liu et al., "RoBERTa: A Robustly Optimized BERT Pretraining
/// Approach", 2019. XLM-RoBERTa and CamemBERT are RoBERTa models in other
/// languages.
///
/// The modules are BERT's. Positions differ: they count the tokens that are no
/// padding, from the padding token's number + 1 on, and padding itself has that
/// number as its position.
///
//===----------------------------------------------------------------------===//

#include "BertModules.h"
#include "EncoderBuilder.h"

using namespace sylvite;

static void readConfig(ConfigReader &reader, EncoderConfig &config) {
  readBertConfig(reader, config);
  config.padToken = reader.readToken("pad_token_id", 1);
  config.maxLength = config.get(Extent::Positions) - config.padToken - 1;
  if (config.maxLength < 1)
    reader.error("max_position_embeddings",
                 "max_position_embeddings = " +
                     llvm::Twine(config.get(Extent::Positions)) +
                     " leaves no position behind pad_token_id = " +
                     llvm::Twine(config.padToken));
}

/// cumsum(ids != pad) * (ids != pad) + pad
static mlir::Value buildPositions(EncoderBuilder &b, mlir::Value ids) {
  int64_t pad = b.getConfig().padToken;
  mlir::Value isToken = b->compare(graph::ComparePredicate::Ne, ids, pad);
  mlir::Value ones = b->cast(isToken, b->i64());
  return b->add(b->mul(b->cumsum(ones, -1), ones), pad);
}

static mlir::Value buildEmbeddings(EncoderBuilder &b,
                                   const EncoderInputs &inputs) {
  auto scope = b.enter("embeddings");
  mlir::Value x = b.embedding("word_embeddings", inputs.inputIds);
  x = b.add(x, b.embedding("token_type_embeddings", inputs.tokenTypeIds));
  x = b.add(x, b.embedding("position_embeddings",
                           buildPositions(b, inputs.inputIds)));
  return b.layerNorm("LayerNorm", x);
}

const EncoderFamily &sylvite::getRobertaFamily() {
  static constexpr llvm::StringLiteral modelTypes[] = {"roberta", "xlm-roberta",
                                                       "camembert"};
  static constexpr llvm::StringLiteral prefixes[] = {"roberta."};
  static const EncoderFamily family = {
      modelTypes,     prefixes,   bertPassedOver,
      bertEmbeddings, bertLayers, bertLayerModules,
      bertLayerPaths, readConfig, buildEmbeddings};
  return family;
}
