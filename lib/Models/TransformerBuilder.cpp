//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The blocks and layers of the Transformer in plain ops, and the functions
/// that take all tokens at once.
///
//===----------------------------------------------------------------------===//

#include "TransformerBuilder.h"
#include <cmath>
#include <limits>

using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;
using graph::GraphBuilder;
using mlir::Value;

TransformerBuilder::TransformerBuilder(mlir::ModuleOp module,
                                       llvm::StringRef name,
                                       const TransformerConfig &config)
    : b(module, name), config(config), batch(b.dim("batch")),
      source(b.dim("source", config.maxLength)) {}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Value TransformerBuilder::tokens(llvm::StringRef name,
                                 llvm::ArrayRef<Dim> dims) {
  return b.input(name, dims, b.i64(),
                 {.range = std::pair<int64_t, int64_t>(0, config.vocabulary)});
}

Value TransformerBuilder::sourceLengths() {
  return b.input(
      "source_lengths", {batch}, b.i64(),
      {.defaultValue = config.maxLength,
       .range = std::pair<int64_t, int64_t>(0, config.maxLength + 1)});
}

Value TransformerBuilder::token(llvm::StringRef name, int64_t lowest,
                                std::optional<int64_t> defaultValue) {
  return b.input(name, {}, b.i64(),
                 {.defaultValue = defaultValue,
                  .range = std::pair(lowest, config.vocabulary)});
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

Value TransformerBuilder::isWithin(Value lengths, Dim keys) {
  return b.compare(ComparePredicate::Lt, b.iota({1, 1, 1, keys}, 3),
                   b.reshape(lengths, {batch, 1, 1, 1}));
}

Value TransformerBuilder::isCausal(Dim sequence) {
  return b.compare(ComparePredicate::Le, b.iota({1, sequence}, 1),
                   b.iota({sequence, 1}, 0));
}

//===----------------------------------------------------------------------===//
// Modules with weights
//===----------------------------------------------------------------------===//

Value TransformerBuilder::parameter(llvm::StringRef name,
                                    llvm::ArrayRef<int64_t> shape) {
  return b.weight((b.getPath() + "." + name).str(), shape);
}

Value TransformerBuilder::linear(llvm::StringRef module, Value x,
                                 int64_t inputs, int64_t outputs) {
  auto scope = b.enter(module);
  Value product = b.matmul(x, parameter("weight", {outputs, inputs}),
                           /*transposeRhs=*/true);
  return b.add(product, parameter("bias", {outputs}));
}

Value TransformerBuilder::layerNorm(llvm::StringRef module, Value x) {
  auto scope = b.enter(module);
  return b.layerNorm(x, {.scale = parameter("weight", {config.features}),
                         .bias = parameter("bias", {config.features}),
                         .eps = config.eps});
}

Value TransformerBuilder::residual(llvm::StringRef norm, Value x,
                                   llvm::function_ref<Value(Value)> block) {
  if (config.normFirst)
    return b.add(x, block(layerNorm(norm, x)));
  return layerNorm(norm, b.add(x, block(x)));
}

Value TransformerBuilder::embed(Value tokens, llvm::ArrayRef<Dim> places,
                                Value position) {
  auto scope = b.enter("embedding");
  Value table = parameter("weight", {config.vocabulary, config.features});
  Value x =
      b.mul(b.embedding(table, tokens), std::sqrt(double(config.features)));
  llvm::SmallVector<Dim> dims(places);
  dims.push_back(config.features);
  return b.add(x, b.positionalEncoding(dims, b.f32(), {.positions = position}));
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

llvm::SmallVector<Value> TransformerBuilder::project(Value x, int64_t begin,
                                                     int64_t end) {
  int64_t features = config.features, packed = 3 * features;
  Value weight = parameter("in_proj_weight", {packed, features});
  Value bias = parameter("in_proj_bias", {packed});
  if (end - begin != 3) {
    weight = b.slice(weight, 0, begin * features, end * features);
    bias = b.slice(bias, 0, begin * features, end * features);
  }
  Value all = b.add(b.matmul(x, weight, /*transposeRhs=*/true), bias);
  llvm::SmallVector<Value> parts;
  for (int64_t i = 0; i < end - begin; ++i)
    parts.push_back(
        splitHeads(b.slice(all, -1, i * features, (i + 1) * features)));
  return parts;
}

Value TransformerBuilder::splitHeads(Value x) {
  if (!x)
    return {};
  int64_t heads = config.heads, features = config.getHeadFeatures();
  llvm::SmallVector<Dim> dims = graph::getDims(x);
  if (dims.size() == 2)
    return b.reshape(x, {batch, heads, 1, features});
  return b.transpose(b.reshape(x, {batch, dims[1], heads, features}),
                     {0, 2, 1, 3});
}

Value TransformerBuilder::mergeHeads(Value x) {
  if (!x)
    return {};
  Dim sequence = graph::getDims(x)[2];
  if (sequence == Dim(1))
    return b.reshape(x, {batch, config.features});
  return b.reshape(b.transpose(x, {0, 2, 1, 3}),
                   {batch, sequence, config.features});
}

Value TransformerBuilder::attend(Value queries, const KeysValues &from,
                                 Value mask) {
  Value scores = b.matmul(queries, from.keys, /*transposeRhs=*/true);
  scores = b.div(scores, std::sqrt(double(config.getHeadFeatures())));
  scores =
      b.select(mask, scores,
               b.scalar(-std::numeric_limits<double>::infinity(), b.f32()));
  Value context = mergeHeads(b.matmul(b.softmax(scores, -1), from.values));
  return linear("out_proj", context, config.features, config.features);
}

Value TransformerBuilder::selfAttention(Value x, Value mask) {
  auto scope = b.enter("self_attn");
  auto parts = project(x, 0, 3);
  return attend(parts[0], {parts[1], parts[2]}, mask);
}

Value TransformerBuilder::crossAttention(Value x, Value memory, Value mask) {
  auto scope = b.enter("multihead_attn");
  Value queries = project(x, 0, 1).front();
  auto parts = project(memory, 1, 3);
  return attend(queries, {parts[0], parts[1]}, mask);
}

Value TransformerBuilder::feedForward(Value x) {
  x = b.relu(linear("linear1", x, config.features, config.hidden));
  return linear("linear2", x, config.hidden, config.features);
}

//===----------------------------------------------------------------------===//
// Both sides
//===----------------------------------------------------------------------===//

Value TransformerBuilder::encoder(Value x, Value kept) {
  auto scope = b.enter("encoder");
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    auto scope = b.enter("layers." + llvm::Twine(layer));
    x = residual("norm1", x, [&](Value y) { return selfAttention(y, kept); });
    x = residual("norm2", x, [&](Value y) { return feedForward(y); });
  }
  return layerNorm("norm", x);
}

Value TransformerBuilder::decoder(Value x, Attention self, Attention cross) {
  auto scope = b.enter("decoder");
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    auto scope = b.enter("layers." + llvm::Twine(layer));
    x = residual("norm1", x, [&](Value y) { return self(y, layer); });
    x = residual("norm2", x, [&](Value y) { return cross(y, layer); });
    x = residual("norm3", x, [&](Value y) { return feedForward(y); });
  }
  return layerNorm("norm", x);
}

Value TransformerBuilder::logits(Value x) {
  return linear("output", x, config.features, config.vocabulary);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

TransformerBuilder::Built
TransformerBuilder::buildEncode(mlir::ModuleOp module,
                                const TransformerConfig &config) {
  TransformerBuilder t(module, "encode", config);
  GraphBuilder &b = t.b;
  Value ids = t.tokens("source_ids", {t.batch, t.source});
  Value lengths = t.sourceLengths();
  Value x = t.encoder(t.embed(ids, t.source), t.isWithin(lengths, t.source));
  // Rows of padding hold what nobody asked for.
  Value kept = b.reshape(t.isWithin(lengths, t.source), {t.batch, t.source, 1});
  b.output("memory", b.select(kept, x, b.scalar(0, b.f32())));
  return b.finish();
}

TransformerBuilder::Built
TransformerBuilder::buildDecode(mlir::ModuleOp module,
                                const TransformerConfig &config) {
  TransformerBuilder t(module, "decode", config);
  GraphBuilder &b = t.b;
  Dim target = b.dim("target", config.maxLength);
  Value ids = t.tokens("target_ids", {t.batch, target});
  Value memory =
      b.input("memory", {t.batch, t.source, config.features}, b.f32());
  Value kept = t.isWithin(t.sourceLengths(), t.source);
  Value x = t.embed(ids, target);
  Value seen = t.isCausal(target);
  x = t.decoder(
      x, [&](Value y, int64_t) { return t.selfAttention(y, seen); },
      [&](Value y, int64_t) { return t.crossAttention(y, memory, kept); });
  Value logits = t.logits(x);
  b.output("logits", logits);
  b.output("probabilities", b.softmax(logits, -1));
  return b.finish();
}
