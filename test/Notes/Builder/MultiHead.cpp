//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A block of multi-head attention with its weights: self, cross, causal.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"

#include <cmath>

using namespace mlir;
using namespace sylvite::graph;

namespace {
/// Builds one block.
struct MultiHead {
  MultiHead(GraphBuilder &b, const Notes &notes)
      : b(b), notes(notes), heads(int64_t(notes.number("heads"))),
        features(notes.extent("x", -1)), batch(b.dim("batch")),
        seq(b.dim("seq")), keys(b.dim("keys")) {}

  void build(bool memory, bool causal);

private:
  /// The part of the packed weights from `begin` on, applied and cut to heads.
  Value project(Value x, Dim sequence, int64_t begin);

  GraphBuilder &b;
  const Notes &notes;
  int64_t heads, features;
  Dim batch, seq, keys;
};
} // namespace

Value MultiHead::project(Value x, Dim sequence, int64_t begin) {
  Value weight = b.weight("in_proj_weight", notes.shape("w.in_proj_weight"));
  Value bias = b.weight("in_proj_bias", notes.shape("w.in_proj_bias"));
  Value y = b.matmul(x, b.slice(weight, 0, begin, begin + features),
                     /*transposeRhs=*/true);
  y = b.add(y, b.slice(bias, 0, begin, begin + features));
  y = b.reshape(y, {batch, sequence, heads, features / heads});
  return b.transpose(y, {0, 2, 1, 3});
}

void MultiHead::build(bool memory, bool causal) {
  Value x = b.input("x", {batch, seq, features}, b.f32()), source = x;
  if (memory)
    source = b.input("memory", {batch, keys, features}, b.f32());
  Dim length = memory ? keys : seq;
  Value q = project(x, seq, 0), k = project(source, length, features),
        v = project(source, length, 2 * features);
  AttentionOptions options = {.scale = 1 / std::sqrt(double(features / heads))};
  if (causal)
    options.mask = Mask::causal();
  Value o = b.transpose(b.attention(q, k, v, options), {0, 2, 1, 3});
  o = b.reshape(o, {batch, seq, features});
  o = b.matmul(o, b.weight("out_proj_weight", {features, features}),
               /*transposeRhs=*/true);
  b.output("o", b.add(o, b.weight("out_proj_bias", {features})));
}

void addMultiHeadGraphs(Graphs &graphs) {
  auto add = [&](StringRef name, bool memory, bool causal) {
    graphs.addOne("multi_head", name, [=](GraphBuilder &b, const Notes &notes) {
      MultiHead(b, notes).build(memory, causal);
    });
  };
  add("self", /*memory=*/false, /*causal=*/false);
  add("cross", /*memory=*/true, /*causal=*/false);
  add("masked", /*memory=*/false, /*causal=*/true);
}
