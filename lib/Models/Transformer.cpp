//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The Transformer's configurations, weights and functions.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Models/Transformer.h"
#include "TransformerBuilder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace sylvite;

//===----------------------------------------------------------------------===//
// Configurations
//===----------------------------------------------------------------------===//

namespace {
struct NamedTransformer {
  llvm::StringLiteral name;
  TransformerConfig config;
};
} // namespace

static const NamedTransformer kNamed[] = {
    {"base", {}}, {"base-pre-norm", {.normFirst = true}}};

std::optional<TransformerConfig>
sylvite::lookupTransformer(llvm::StringRef name) {
  for (const NamedTransformer &named : kNamed)
    if (named.name == name)
      return named.config;
  return std::nullopt;
}

std::string sylvite::listTransformers() {
  return llvm::join(
      llvm::map_range(kNamed, [](const auto &named) { return named.name; }),
      ", ");
}

std::optional<std::string>
sylvite::checkTransformer(const TransformerConfig &config) {
  // No sum or product of two of them overflows.
  constexpr int64_t limit = int64_t(1) << 31;
  for (auto [name, value] :
       {std::pair<const char *, int64_t>("vocabulary", config.vocabulary),
        {"number of layers", config.layers},
        {"number of features", config.features},
        {"number of heads", config.heads},
        {"width of the feed-forward blocks", config.hidden},
        {"longest length", config.maxLength}})
    if (value < 1 || value >= limit)
      return "the " + std::string(name) + " is " + std::to_string(value) +
             ", which is not from 1 to 2^31 - 1";
  if (config.features % config.heads)
    return std::to_string(config.heads) + " heads do not divide " +
           std::to_string(config.features) + " features";
  if (config.features % 2)
    return "positions need an even number of features, not " +
           std::to_string(config.features);
  if (!(config.eps >= 0 && config.eps < 1))
    return "the eps of the norms is not from 0 to 1";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {
/// Lists the tensors of modules.
struct WeightLister {
  const TransformerConfig &config;
  std::vector<TransformerWeight> weights;

  void linear(const llvm::Twine &module, int64_t outputs, int64_t inputs) {
    std::string name = module.str();
    weights.push_back({name + ".weight", {outputs, inputs}});
    weights.push_back({name + ".bias", {outputs}});
  }
  void norm(const llvm::Twine &module) {
    std::string name = module.str();
    weights.push_back({name + ".weight", {config.features}});
    weights.push_back({name + ".bias", {config.features}});
  }
  void attention(const llvm::Twine &module) {
    std::string name = module.str();
    int64_t packed = 3 * config.features;
    weights.push_back({name + ".in_proj_weight", {packed, config.features}});
    weights.push_back({name + ".in_proj_bias", {packed}});
    linear(name + ".out_proj", config.features, config.features);
  }
  void layers(llvm::StringRef side, bool isDecoder) {
    for (int64_t number = 0; number < config.layers; ++number) {
      std::string layer = (side + ".layers." + llvm::Twine(number)).str();
      attention(layer + ".self_attn");
      if (isDecoder)
        attention(layer + ".multihead_attn");
      linear(layer + ".linear1", config.hidden, config.features);
      linear(layer + ".linear2", config.features, config.hidden);
      for (int64_t norms = isDecoder ? 3 : 2, i = 1; i <= norms; ++i)
        norm(layer + ".norm" + llvm::Twine(i));
    }
    norm(side + ".norm");
  }
};
} // namespace

std::vector<TransformerWeight>
sylvite::getTransformerWeights(const TransformerConfig &config) {
  WeightLister lister{config, {}};
  lister.weights.push_back(
      {"embedding.weight", {config.vocabulary, config.features}});
  lister.layers("encoder", /*isDecoder=*/false);
  lister.layers("decoder", /*isDecoder=*/true);
  lister.linear("output", config.vocabulary, config.features);
  return std::move(lister.weights);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

llvm::LogicalResult
sylvite::buildTransformer(mlir::ModuleOp module,
                          const TransformerConfig &config,
                          llvm::ArrayRef<TransformerFunction> functions) {
  using Function = TransformerFunction;
  bool generates = llvm::is_contained(functions, Function::Generate);
  bool hasFailed = false;
  // Null unless somebody needs the function.
  auto build = [&](Function function, bool isCalled, auto builder) {
    bool isPublic = llvm::is_contained(functions, function);
    mlir::func::FuncOp op;
    if (hasFailed || !(isPublic || isCalled))
      return op;
    TransformerBuilder::Built built = builder(module, config);
    hasFailed = mlir::failed(built);
    if (hasFailed)
      return op;
    if (!isPublic)
      built->setPrivate();
    return *built;
  };
  using Builder = TransformerBuilder;
  auto encode = build(Function::Encode, generates, Builder::buildEncode);
  build(Function::Decode, false, Builder::buildDecode);
  auto crossKv = build(Function::CrossKv, generates, Builder::buildCrossKv);
  auto step = build(Function::Step, generates, Builder::buildStep);
  build(Function::Generate, false, [&](auto... arguments) {
    return Builder::buildGenerate(arguments..., encode, crossKv, step);
  });
  return mlir::failure(hasFailed);
}
