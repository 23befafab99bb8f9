//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The functions of the Transformer that generate tokens one by one: what the
/// decoder needs of a source, a step, and the loop of steps.
///
//===----------------------------------------------------------------------===//

#include "TransformerBuilder.h"

using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;
using graph::GraphBuilder;
using llvm::SmallVector;
using mlir::Value;

//===----------------------------------------------------------------------===//
// Caches
//===----------------------------------------------------------------------===//

SmallVector<Dim> TransformerBuilder::getCacheDims(Dim keys) const {
  return {config.layers, batch, config.heads, keys, config.getHeadFeatures()};
}

Value TransformerBuilder::getLayer(Value cache, int64_t layer) {
  Value slice = b.slice(cache, 0, layer, layer + 1);
  if (!slice)
    return {};
  SmallVector<Dim> dims = graph::getDims(slice);
  dims.erase(dims.begin());
  return b.reshape(slice, dims);
}

Value TransformerBuilder::store(Value cache, int64_t layer, Value position,
                                Value key) {
  SmallVector<Dim> dims = getCacheDims(1);
  dims.front() = 1;
  return b.update(cache, b.reshape(key, dims), position, /*axis=*/3,
                  {layer, 0, 0, 0, 0});
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

TransformerBuilder::Built
TransformerBuilder::buildCrossKv(mlir::ModuleOp module,
                                 const TransformerConfig &config) {
  TransformerBuilder t(module, "cross_kv", config);
  GraphBuilder &b = t.b;
  Value memory =
      b.input("memory", {t.batch, t.source, config.features}, b.f32());
  SmallVector<Dim> dims = t.getCacheDims(t.source);
  dims.front() = 1;
  SmallVector<Value> keys, values;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    auto scope =
        b.enter("decoder.layers." + llvm::Twine(layer) + ".multihead_attn");
    auto parts = t.project(memory, 1, 3);
    keys.push_back(b.reshape(parts[0], dims));
    values.push_back(b.reshape(parts[1], dims));
  }
  b.output("cross_keys", b.concat(keys, 0));
  b.output("cross_values", b.concat(values, 0));
  return b.finish();
}

TransformerBuilder::Built
TransformerBuilder::buildStep(mlir::ModuleOp module,
                              const TransformerConfig &config) {
  TransformerBuilder t(module, "step", config);
  GraphBuilder &b = t.b;
  Dim capacity = b.dim("capacity", config.maxLength);
  Value token = t.tokens("token", {t.batch});
  Value position =
      b.input("position", {}, b.i64(),
              {.range = std::pair<int64_t, int64_t>(0, config.maxLength)});
  Value lengths = t.sourceLengths();
  auto source = t.getCacheDims(t.source), target = t.getCacheDims(capacity);
  Value crossKeys = b.input("cross_keys", source, b.f32());
  Value crossValues = b.input("cross_values", source, b.f32());
  Value selfKeys = b.input("self_keys", target, b.f32());
  Value selfValues = b.input("self_values", target, b.f32());

  // The keys up to that of the token itself.
  Value seen = t.isWithin(b.broadcast(b.add(position, 1), {t.batch}), capacity);
  Value kept = t.isWithin(lengths, t.source);
  Value keys = selfKeys, values = selfValues;
  auto self = [&](Value y, int64_t layer) {
    auto scope = b.enter("self_attn");
    auto parts = t.project(y, 0, 3);
    keys = t.store(keys, layer, position, parts[1]);
    values = t.store(values, layer, position, parts[2]);
    return t.attend(parts[0],
                    {t.getLayer(keys, layer), t.getLayer(values, layer)}, seen);
  };
  auto cross = [&](Value y, int64_t layer) {
    auto scope = b.enter("multihead_attn");
    Value queries = t.project(y, 0, 1).front();
    return t.attend(
        queries, {t.getLayer(crossKeys, layer), t.getLayer(crossValues, layer)},
        kept);
  };
  Value x = t.decoder(t.embed(token, {}, position), self, cross);
  b.output("logits", t.logits(x));
  b.output("self_keys", keys, /*inPlace=*/selfKeys);
  b.output("self_values", values, /*inPlace=*/selfValues);
  return b.finish();
}

TransformerBuilder::Built TransformerBuilder::buildGenerate(
    mlir::ModuleOp module, const TransformerConfig &config,
    mlir::func::FuncOp encode, mlir::func::FuncOp crossKv,
    mlir::func::FuncOp step) {
  TransformerBuilder t(module, "generate", config);
  GraphBuilder &b = t.b;
  Dim capacity = b.dim("capacity", config.maxLength);
  Value ids = t.tokens("source_ids", {t.batch, t.source});
  Value sourceLengths = t.sourceLengths();
  Value begin = t.token("begin_token", 0);
  Value end = t.token("end_token", -1, /*defaultValue=*/-1);

  // As many values as there are results, also after a failure.
  auto call = [&](mlir::func::FuncOp callee, mlir::ValueRange operands) {
    SmallVector<Value> results = b.call(callee, operands);
    results.resize(callee.getNumResults());
    return results;
  };
  auto memory = call(encode, {ids, sourceLengths});
  auto cross = call(crossKv, memory);
  Value cache = b.broadcast(b.scalar(0, b.f32()), t.getCacheDims(capacity));
  Value none = b.broadcast(b.scalar(0, b.i64()), {t.batch});

  // Carried: the token to look at, the lengths so far, and the caches.
  auto body = [&](const GraphBuilder::ScanStep &s) -> GraphBuilder::ScanNext {
    Value token = s.carried[0], lengths = s.carried[1];
    auto results = call(step, {token, s.number, sourceLengths, cross[0],
                               cross[1], s.carried[2], s.carried[3]});
    Value next = b.argmax(results[0], -1);
    // A sequence that has not ended is as long as there were steps.
    Value longer = b.add(s.number, 1);
    Value stays =
        b.select(b.compare(ComparePredicate::Eq, next, end), lengths, longer);
    lengths = b.select(b.compare(ComparePredicate::Eq, lengths, s.number),
                       stays, lengths);
    Value longest = b.reduce(graph::ReduceKind::Max, lengths, 0, false);
    return {{next, lengths, results[1], results[2]},
            {next},
            b.compare(ComparePredicate::Lt, longest, longer)};
  };
  auto results = b.scan({b.broadcast(begin, {t.batch}), none, cache, cache}, {},
                        {.axis = 1, .steps = capacity}, body);
  results.resize(5);
  Value lengths = results[1];
  Value isToken = b.compare(ComparePredicate::Lt, b.iota({1, capacity}, 1),
                            b.reshape(lengths, {t.batch, 1}));
  b.output("tokens", b.select(isToken, results[4], end));
  b.output("lengths", lengths);
  return b.finish();
}
