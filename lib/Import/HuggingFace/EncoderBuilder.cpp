//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The layers of an encoder in plain ops, for all families.
///
//===----------------------------------------------------------------------===//

#include "EncoderBuilder.h"
#include <cmath>
#include <limits>

using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;
using graph::ReduceKind;
using mlir::Value;

EncoderBuilder::EncoderBuilder(graph::GraphBuilder &builder,
                               const EncoderFamily &family,
                               const EncoderConfig &config,
                               const Checkpoint &checkpoint)
    : builder(builder), family(family), config(config), checkpoint(checkpoint),
      batch(builder.dim("batch")),
      sequence(builder.dim("seq", config.maxLength)) {}

//===----------------------------------------------------------------------===//
// Modules with weights
//===----------------------------------------------------------------------===//

Value EncoderBuilder::parameter(llvm::StringRef name) {
  const TensorInfo &tensor =
      checkpoint.get((builder.getPath() + "." + name).str());
  return builder.weight(tensor.name, tensor.shape);
}

Value EncoderBuilder::embedding(llvm::StringRef module, Value indices) {
  auto scope = enter(module);
  return builder.embedding(parameter("weight"), indices);
}

Value EncoderBuilder::linear(llvm::StringRef module, Value x) {
  auto scope = enter(module);
  Value product = builder.matmul(x, parameter("weight"), /*transposeRhs=*/true);
  return builder.add(product, parameter("bias"));
}

Value EncoderBuilder::layerNorm(llvm::StringRef module, Value x) {
  auto scope = enter(module);
  Value mean = builder.reduce(ReduceKind::Mean, x, -1, /*keepDims=*/true);
  Value centred = builder.sub(x, mean);
  Value variance = builder.reduce(
      ReduceKind::Mean, builder.mul(centred, centred), -1, /*keepDims=*/true);
  Value scale = builder.rsqrt(builder.add(variance, config.layerNormEps));
  Value normal = builder.mul(centred, scale);
  return builder.add(builder.mul(normal, parameter("weight")),
                     parameter("bias"));
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

EncoderInputs EncoderBuilder::inputs(bool byLengths) {
  auto input = [&](llvm::StringRef name,
                   const graph::GraphBuilder::InputOptions &options) {
    return builder.input(name, {batch, sequence}, builder.i64(), options);
  };
  EncoderInputs inputs;
  inputs.inputIds =
      input("input_ids", {.range = std::pair<int64_t, int64_t>(
                              0, config.get(Extent::Vocabulary))});
  if (byLengths)
    inputs.lengths = builder.input("lengths", {batch}, builder.i64());
  else
    inputs.attentionMask = input("attention_mask", {.defaultValue = 1});
  if (int64_t types = config.get(Extent::TokenTypes))
    inputs.tokenTypeIds = input(
        "token_type_ids",
        {.defaultValue = 0, .range = std::pair<int64_t, int64_t>(0, types)});
  return inputs;
}

Value EncoderBuilder::positions() { return builder.iota(sequence, 0); }

Value EncoderBuilder::isKept(const EncoderInputs &inputs) {
  if (!inputs.lengths)
    return builder.compare(ComparePredicate::Ne, inputs.attentionMask, 0);
  return builder.compare(ComparePredicate::Lt, positions(),
                         builder.reshape(inputs.lengths, {batch, 1}));
}

Value EncoderBuilder::attentionBias(const EncoderInputs &inputs) {
  auto scope = enter("attention_mask");
  Value kept = builder.reshape(isKept(inputs), {batch, 1, 1, sequence});
  return builder.select(
      kept, builder.scalar(0, builder.f32()),
      builder.scalar(-std::numeric_limits<double>::infinity(), builder.f32()));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// [batch, sequence, hidden] to [batch, heads, sequence, features].
Value EncoderBuilder::splitHeads(Value x) {
  int64_t heads = config.numHeads;
  int64_t features = config.get(Extent::Hidden) / heads;
  return builder.transpose(
      builder.reshape(x, {batch, sequence, heads, features}), {0, 2, 1, 3});
}

/// softmax(q k^T / sqrt(features) + bias) v, by heads.
Value EncoderBuilder::selfAttention(Value x, Value bias) {
  const LayerPaths &paths = family.layer;
  Value query = linear(paths.query, x);
  Value key = linear(paths.key, x);
  Value value = linear(paths.value, x);

  auto scope = enter(paths.attention);
  query = splitHeads(query);
  key = splitHeads(key);
  value = splitHeads(value);
  int64_t features = config.get(Extent::Hidden) / config.numHeads;
  Value scores = builder.matmul(query, key, /*transposeRhs=*/true);
  scores = builder.mul(scores, 1.0 / std::sqrt(double(features)));
  Value weights = builder.softmax(builder.add(scores, bias), -1);
  Value context = builder.matmul(weights, value);
  return builder.reshape(builder.transpose(context, {0, 2, 1, 3}),
                         {batch, sequence, config.get(Extent::Hidden)});
}

Value EncoderBuilder::activation(Value x) {
  auto scope = enter(family.layer.activation);
  switch (config.activation) {
  case HiddenActivation::Gelu: {
    // x 0.5 (1 + erf(x / sqrt 2))
    Value erf = builder.erf(builder.div(x, std::sqrt(2.0)));
    return builder.mul(builder.mul(x, 0.5), builder.add(erf, 1.0));
  }
  case HiddenActivation::GeluTanh: {
    // x 0.5 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
    Value cubic = builder.mul(builder.pow(x, 3.0), 0.044715);
    Value inner = builder.mul(builder.add(x, cubic), std::sqrt(2.0 / M_PI));
    return builder.mul(builder.mul(x, 0.5),
                       builder.add(builder.tanh(inner), 1.0));
  }
  case HiddenActivation::Relu:
    return builder.relu(x);
  case HiddenActivation::Silu:
    return builder.silu(x);
  }
  llvm_unreachable("all activations are listed");
}

Value EncoderBuilder::feedForward(Value x) {
  Value up = activation(linear(family.layer.up, x));
  return linear(family.layer.down, up);
}

Value EncoderBuilder::layer(int64_t number, Value x, Value bias) {
  const LayerPaths &paths = family.layer;
  auto scope = enter(family.layersPath + "." + llvm::Twine(number));
  // The sum belongs to the module that normalises it.
  auto addAndNorm = [&](llvm::StringRef norm, Value output, Value residual) {
    Value sum;
    {
      auto scope = enter(norm);
      sum = builder.add(output, residual);
    }
    return layerNorm(norm, sum);
  };
  Value attention = linear(paths.attentionOutput, selfAttention(x, bias));
  x = addAndNorm(paths.attentionNorm, attention, x);
  return addAndNorm(paths.outputNorm, feedForward(x), x);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// sum(x kept) / max(sum(kept), 1e-9)
Value EncoderBuilder::maskedMean(Value x, Value kept) {
  Value weights = builder.cast(kept, builder.f32());
  Value sum = builder.reduce(ReduceKind::Sum, builder.mul(x, weights), 1,
                             /*keepDims=*/false);
  Value count = builder.reduce(ReduceKind::Sum, weights, 1, /*keepDims=*/false);
  return builder.div(sum, builder.maximum(count, 1e-9));
}

/// The maximum of what is kept. Without any it would be -infinity, and what is
/// computed from it not a number: zero takes its place.
Value EncoderBuilder::maskedMax(Value x, Value kept) {
  Value lowest =
      builder.scalar(-std::numeric_limits<double>::infinity(), builder.f32());
  Value maximum = builder.reduce(
      ReduceKind::Max, builder.select(kept, x, lowest), 1, /*keepDims=*/false);
  Value count =
      builder.reduce(ReduceKind::Sum, builder.cast(kept, builder.f32()), 1,
                     /*keepDims=*/false);
  return builder.select(builder.compare(ComparePredicate::Gt, count, 0),
                        maximum, builder.scalar(0, builder.f32()));
}

Value EncoderBuilder::zeroPadding(Value x, const EncoderInputs &inputs) {
  auto scope = enter("padding");
  Value kept = builder.reshape(isKept(inputs), {batch, sequence, 1});
  return builder.select(kept, x, builder.scalar(0, builder.f32()));
}

Value EncoderBuilder::pool(Pooling pooling, Value x,
                           const EncoderInputs &inputs) {
  auto scope = enter("pooling");
  if (pooling == Pooling::Cls)
    return builder.reshape(builder.slice(x, 1, 0, 1),
                           {batch, config.get(Extent::Hidden)});
  Value kept = builder.reshape(isKept(inputs), {batch, sequence, 1});
  return pooling == Pooling::Mean ? maskedMean(x, kept) : maskedMax(x, kept);
}

Value EncoderBuilder::normalize(Value x) {
  auto scope = enter("normalize");
  Value squares =
      builder.reduce(ReduceKind::Sum, builder.mul(x, x), -1, /*keepDims=*/true);
  return builder.div(x, builder.maximum(builder.sqrt(squares), 1e-12));
}
