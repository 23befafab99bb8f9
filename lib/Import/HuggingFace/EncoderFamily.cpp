//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The families by name, and what their configurations share.
///
//===----------------------------------------------------------------------===//

#include "EncoderFamily.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;

/// Every family, in the order of the messages.
static std::array<const EncoderFamily *, 3> getFamilies() {
  return {&getBertFamily(), &getRobertaFamily(), &getDistilBertFamily()};
}

const EncoderFamily *sylvite::lookupEncoderFamily(llvm::StringRef modelType) {
  for (const EncoderFamily *family : getFamilies())
    if (llvm::is_contained(family->modelTypes, modelType))
      return family;
  return nullptr;
}

std::string sylvite::listModelTypes() {
  llvm::SmallVector<llvm::StringRef> names;
  for (const EncoderFamily *family : getFamilies())
    llvm::append_range(names, family->modelTypes);
  return llvm::join(names, ", ");
}

HiddenActivation sylvite::readActivation(ConfigReader &reader,
                                         llvm::StringRef key) {
  static constexpr std::pair<llvm::StringLiteral, HiddenActivation> known[] = {
      {"gelu", HiddenActivation::Gelu},
      {"gelu_new", HiddenActivation::GeluTanh},
      {"gelu_pytorch_tanh", HiddenActivation::GeluTanh},
      {"relu", HiddenActivation::Relu},
      {"silu", HiddenActivation::Silu}};
  std::string name = reader.readString(key, "gelu");
  for (auto [knownName, activation] : known)
    if (name == knownName)
      return activation;
  reader.error(key, "unknown activation " + quoted(name) + "; known are " +
                        llvm::join(llvm::make_first_range(known), ", "));
  return HiddenActivation::Gelu;
}

void sylvite::readBertConfig(ConfigReader &reader, EncoderConfig &config) {
  auto readExtent = [&](Extent extent, llvm::StringRef key,
                        std::optional<int64_t> defaultValue = {}) {
    config.set(extent, reader.readPositive(key, defaultValue), key);
  };
  readExtent(Extent::Vocabulary, "vocab_size");
  readExtent(Extent::Hidden, "hidden_size");
  readExtent(Extent::Intermediate, "intermediate_size");
  readExtent(Extent::Positions, "max_position_embeddings");
  readExtent(Extent::TokenTypes, "type_vocab_size", 2);
  config.numLayers = reader.readPositive("num_hidden_layers");
  config.numHeads = reader.readPositive("num_attention_heads");
  checkHeads(reader, config, "num_attention_heads");
  config.activation = readActivation(reader, "hidden_act");
  config.layerNormEps = reader.readNonNegative("layer_norm_eps", 1e-12);
  config.maxLength = config.get(Extent::Positions);

  std::string positions =
      reader.readString("position_embedding_type", "absolute");
  if (positions != "absolute")
    reader.error("position_embedding_type",
                 "position_embedding_type " + quoted(positions) +
                     " is not supported; only absolute is");
}

void sylvite::checkHeads(ConfigReader &reader, const EncoderConfig &config,
                         llvm::StringRef headsKey) {
  // A value that was bad has been replaced; what follows from it says nothing.
  int64_t hidden = config.get(Extent::Hidden);
  if (!reader.failed() && hidden % config.numHeads != 0)
    reader.error(headsKey, headsKey + " = " + llvm::Twine(config.numHeads) +
                               " does not divide " +
                               config.extents[unsigned(Extent::Hidden)].key +
                               " = " + llvm::Twine(hidden));
}

void sylvite::refuseUnsupported(ConfigReader &reader) {
  for (llvm::StringRef key : {"is_decoder", "add_cross_attention"})
    if (reader.readBool(key, false))
      reader.error(key, key + " is true, but only encoders can be imported");
  if (reader.getObject().isSet("quantization_config"))
    reader.error("quantization_config",
                 "quantised weights are not supported; use the model's "
                 "original weights");
}
