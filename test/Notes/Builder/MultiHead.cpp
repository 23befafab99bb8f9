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

  /// With weights of each head, and an attention of each, as it is defined.
  void buildAsDefined(bool memory, bool causal);

private:
  Value getSource(Value x, bool memory) {
    if (!memory)
      return x;
    return b.input("memory", {batch, keys, features}, b.f32());
  }

  AttentionOptions getOptions(bool causal) {
    AttentionOptions options;
    options.scale = 1 / std::sqrt(double(features / heads));
    if (causal)
      options.mask = Mask::causal();
    return options;
  }

  /// One head's query, key or value, as [batch, 1, sequence, head].
  Value projectHead(Value x, Dim sequence, StringRef operand, int64_t head);

  /// The layer behind the concatenated heads is the graph's output.
  void finish(Value o);

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
  Value x = b.input("x", {batch, seq, features}, b.f32());
  Value source = getSource(x, memory);
  Dim length = memory ? keys : seq;
  Value q = project(x, seq, 0), k = project(source, length, features),
        v = project(source, length, 2 * features);
  Value o = b.attention(q, k, v, getOptions(causal));
  finish(b.transpose(o, {0, 2, 1, 3}));
}

Value MultiHead::projectHead(Value x, Dim sequence, StringRef operand,
                             int64_t head) {
  int64_t size = features / heads;
  std::string name = (operand + Twine(head)).str();
  Value y = b.matmul(x, b.weight(name + "_w", {features, size}));
  y = b.add(y, b.weight(name + "_b", {size}));
  return b.reshape(y, {batch, Dim(1), sequence, Dim(size)});
}

void MultiHead::buildAsDefined(bool memory, bool causal) {
  Value x = b.input("x", {batch, seq, features}, b.f32());
  Value source = getSource(x, memory);
  Dim length = memory ? keys : seq;
  SmallVector<Value> all;
  for (int64_t head = 0; head < heads; ++head)
    all.push_back(b.reshape(b.attention(projectHead(x, seq, "q", head),
                                        projectHead(source, length, "k", head),
                                        projectHead(source, length, "v", head),
                                        getOptions(causal)),
                            {batch, seq, Dim(features / heads)}));
  finish(b.concat(all, /*axis=*/2));
}

void MultiHead::finish(Value o) {
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
    std::string defined = (name + "_defined").str();
    graphs.addOne("multi_head", defined,
                  [=](GraphBuilder &b, const Notes &notes) {
                    MultiHead(b, notes).buildAsDefined(memory, causal);
                  });
  };
  add("self", /*memory=*/false, /*causal=*/false);
  add("cross", /*memory=*/true, /*causal=*/false);
  add("masked", /*memory=*/false, /*causal=*/true);
}
