//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The modules of BERT, which RoBERTa has under the same names.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_BERTMODULES_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_BERTMODULES_H

#include "EncoderFamily.h"

namespace sylvite {

inline constexpr ModuleRule bertEmbeddings[] = {
    {ModuleRule::Embedding, "embeddings.word_embeddings", Extent::Vocabulary},
    {ModuleRule::Embedding, "embeddings.position_embeddings",
     Extent::Positions},
    {ModuleRule::Embedding, "embeddings.token_type_embeddings",
     Extent::TokenTypes},
    {ModuleRule::Norm, "embeddings.LayerNorm", Extent::Hidden}};

inline constexpr llvm::StringLiteral bertLayers = "encoder.layer";

inline constexpr ModuleRule bertLayerModules[] = {
    {ModuleRule::Linear, "attention.self.query", Extent::Hidden},
    {ModuleRule::Linear, "attention.self.key", Extent::Hidden},
    {ModuleRule::Linear, "attention.self.value", Extent::Hidden},
    {ModuleRule::Linear, "attention.output.dense", Extent::Hidden},
    {ModuleRule::Norm, "attention.output.LayerNorm", Extent::Hidden},
    {ModuleRule::Linear, "intermediate.dense", Extent::Intermediate},
    {ModuleRule::Linear, "output.dense", Extent::Hidden, Extent::Intermediate},
    {ModuleRule::Norm, "output.LayerNorm", Extent::Hidden}};

inline constexpr LayerPaths bertLayerPaths = {
    /*attention=*/"attention.self",
    /*query=*/"attention.self.query",
    /*key=*/"attention.self.key",
    /*value=*/"attention.self.value",
    /*attentionOutput=*/"attention.output.dense",
    /*attentionNorm=*/"attention.output.LayerNorm",
    /*up=*/"intermediate.dense",
    /*activation=*/"intermediate.intermediate_act_fn",
    /*down=*/"output.dense",
    /*outputNorm=*/"output.LayerNorm"};

/// Heads, and buffers that were saved along.
inline constexpr llvm::StringLiteral bertPassedOver[] = {
    "pooler.",
    "cls.",
    "lm_head.",
    "classifier.",
    "qa_outputs.",
    "embeddings.position_ids",
    "embeddings.token_type_ids"};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_BERTMODULES_H
