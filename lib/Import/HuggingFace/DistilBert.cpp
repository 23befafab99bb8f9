//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// DistilBERT. Source: Sanh et al., "DistilBERT, a distilled version of BERT",
/// 2019.
///
/// BERT without token types, and with names of its own.
///
//===----------------------------------------------------------------------===//

#include "EncoderBuilder.h"
#include "EncoderFamily.h"

using namespace sylvite;

static constexpr ModuleRule embeddingModules[] = {
    {ModuleRule::Embedding, "embeddings.word_embeddings", Extent::Vocabulary},
    {ModuleRule::Embedding, "embeddings.position_embeddings",
     Extent::Positions},
    {ModuleRule::Norm, "embeddings.LayerNorm", Extent::Hidden}};

static constexpr ModuleRule layerModules[] = {
    {ModuleRule::Linear, "attention.q_lin", Extent::Hidden},
    {ModuleRule::Linear, "attention.k_lin", Extent::Hidden},
    {ModuleRule::Linear, "attention.v_lin", Extent::Hidden},
    {ModuleRule::Linear, "attention.out_lin", Extent::Hidden},
    {ModuleRule::Norm, "sa_layer_norm", Extent::Hidden},
    {ModuleRule::Linear, "ffn.lin1", Extent::Intermediate},
    {ModuleRule::Linear, "ffn.lin2", Extent::Hidden, Extent::Intermediate},
    {ModuleRule::Norm, "output_layer_norm", Extent::Hidden}};

static constexpr LayerPaths layerPaths = {
    /*attention=*/"attention",
    /*query=*/"attention.q_lin",
    /*key=*/"attention.k_lin",
    /*value=*/"attention.v_lin",
    /*attentionOutput=*/"attention.out_lin",
    /*attentionNorm=*/"sa_layer_norm",
    /*up=*/"ffn.lin1",
    /*activation=*/"ffn.activation",
    /*down=*/"ffn.lin2",
    /*outputNorm=*/"output_layer_norm"};

static void readConfig(ConfigReader &reader, EncoderConfig &config) {
  auto readExtent = [&](Extent extent, llvm::StringRef key) {
    config.set(extent, reader.readPositive(key), key);
  };
  readExtent(Extent::Vocabulary, "vocab_size");
  readExtent(Extent::Hidden, "dim");
  readExtent(Extent::Intermediate, "hidden_dim");
  readExtent(Extent::Positions, "max_position_embeddings");
  config.numLayers = reader.readPositive("n_layers");
  config.numHeads = reader.readPositive("n_heads");
  checkHeads(reader, config, "n_heads");
  config.activation = readActivation(reader, "activation");
  // The model's definition fixes it.
  config.layerNormEps = 1e-12;
  config.padToken = reader.readToken("pad_token_id", 0);
  config.maxLength = config.get(Extent::Positions);
}

static mlir::Value buildEmbeddings(EncoderBuilder &b,
                                   const EncoderInputs &inputs) {
  auto scope = b.enter("embeddings");
  mlir::Value x = b.embedding("word_embeddings", inputs.inputIds);
  x = b.add(x, b.embedding("position_embeddings", b.positions()));
  return b.layerNorm("LayerNorm", x);
}

const EncoderFamily &sylvite::getDistilBertFamily() {
  static constexpr llvm::StringLiteral modelTypes[] = {"distilbert"};
  static constexpr llvm::StringLiteral prefixes[] = {"distilbert."};
  static constexpr llvm::StringLiteral passedOver[] = {
      "vocab_transform.",       "vocab_layer_norm.", "vocab_projector.",
      "pre_classifier.",        "classifier.",       "qa_outputs.",
      "embeddings.position_ids"};
  static const EncoderFamily family = {
      modelTypes,          prefixes,     passedOver, embeddingModules,
      "transformer.layer", layerModules, layerPaths, readConfig,
      buildEmbeddings};
  return family;
}
