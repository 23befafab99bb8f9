//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Random weights of the paper's Transformer.
///
/// Biases and the weights of norms are random too, around 0 and 1, so that one
/// that is read in the wrong place changes results.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"
#include "sylvite/Import/Transformer/ImportTransformer.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <random>

using namespace sylvite;
using llvm::StringRef;

/// Numbers that are written at a time.
static constexpr int64_t kChunk = 1 << 14;

namespace {
/// Numbers are spread evenly around a centre.
struct Spread {
  float centre, radius;
};
} // namespace

static Spread getSpread(const TransformerWeight &weight) {
  StringRef name = weight.name;
  if (weight.shape.size() == 1)
    return {name.contains("norm") && name.ends_with("weight") ? 1.0f : 0.0f,
            0.1f};
  double outputs = weight.shape[0], inputs = weight.shape[1];
  // The variance of rows of the table is 1 over their length: they are
  // multiplied by its root.
  if (name.starts_with("embedding."))
    return {0, float(std::sqrt(3 / inputs))};
  return {0, float(std::sqrt(6 / (inputs + outputs)))};
}

static void writeNumbers(int64_t count, Spread spread, std::mt19937_64 &random,
                         llvm::raw_ostream &os) {
  std::vector<float> chunk;
  for (; count; count -= chunk.size()) {
    chunk.resize(std::min(count, kChunk));
    for (float &number : chunk) {
      // From -1 to 1 in steps that f32 holds, whatever the standard library.
      float unit = float(int64_t(random() >> 40) - (1 << 23)) / (1 << 23);
      number = spread.centre + spread.radius * unit;
    }
    os.write(reinterpret_cast<const char *>(chunk.data()),
             chunk.size() * sizeof(float));
  }
}

llvm::Error sylvite::writeRandomTransformer(StringRef file,
                                            const TransformerConfig &config,
                                            uint64_t seed) {
  std::vector<TransformerWeight> weights = getTransformerWeights(config);
  std::vector<TensorSpec> tensors;
  for (const TransformerWeight &weight : weights)
    tensors.push_back(
        {weight.name, DType::F32, {weight.shape.begin(), weight.shape.end()}});
  std::string eps;
  llvm::raw_string_ostream(eps) << config.eps;
  std::pair<std::string, std::string> metadata[] = {
      {"vocab", std::to_string(config.vocabulary)},
      {"d_model", std::to_string(config.features)},
      {"heads", std::to_string(config.heads)},
      {"layers", std::to_string(config.layers)},
      {"feed_forward", std::to_string(config.hidden)},
      {"norm_first", config.normFirst ? "true" : "false"},
      {"eps", eps},
      {"activation", "relu"},
      {"max_length", std::to_string(config.maxLength)}};
  llvm::Expected<SafeTensorsLayout> layout =
      SafeTensorsLayout::create(std::move(tensors), metadata);
  if (!layout)
    return layout.takeError();
  std::mt19937_64 random(seed);
  return writeSafeTensorsFile(
      file, *layout, [&](size_t index, llvm::raw_ostream &os) {
        int64_t count = layout->getSize(index) / sizeof(float);
        writeNumbers(count, getSpread(weights[index]), random, os);
        return llvm::Error::success();
      });
}
